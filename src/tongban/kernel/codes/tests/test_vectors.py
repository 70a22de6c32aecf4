"""Codes that are known to be right or wrong from outside: standards' own examples and real public documents."""

from datetime import date

import pytest

from tongban.kernel.codes import (
    CodeError,
    case_no,
    catalog_code,
    check,
    licence_id,
    org_code,
    resident_id,
    task_code,
    uscc,
)

HOUSING = "11370800MB285591843370117002011"
LOCAL = "12441500196720244T3442199806003"
CASE = LOCAL + "20220623" + "0068"


@pytest.mark.parametrize(
    "code",
    [
        "11100000000013338W",
        "11430000006122244L",
        "12441500196720244T",
        "11370800MB28559184",
        "115113010833722043",
        "91320105780688132K",
        "91350100M000100Y43",
    ],
)
def test_real_credit_codes_are_valid_and_so_is_the_organisation_code_inside(code):
    read = uscc.parse(code)
    assert read.code == code
    assert read.org_code_fits
    assert org_code.parse(read.org_code).code == code[8:17]
    assert uscc.make(code[:2], code[2:8], code[8:17]) == code


def test_a_credit_code_tells_registrar_kind_division_and_organisation():
    read = uscc.parse("12441500196720244T")
    assert (read.registrar, read.kind, read.division, read.org_code, read.check) == (
        "机构编制",
        "事业单位",
        "441500",
        "196720244",
        "T",
    )


def test_an_unlisted_registrar_with_a_fitting_check_is_accepted():
    read = uscc.parse(uscc.make("G1", "430200", "006122244"))
    assert (read.registrar, read.kind) == ("未列明", "未列明")


def test_a_tax_pseudo_code_is_refused_with_its_own_reason_and_let_through_for_imports():
    code = "TE5116020105116050"
    with pytest.raises(CodeError) as caught:
        uscc.parse(code)
    assert caught.value.code == "uscc.pseudo"
    assert (caught.value.position, caught.value.found, caught.value.expected) == (18, "0", "7")
    assert "伪代码" in caught.value.message
    assert uscc.is_pseudo(code)
    assert uscc.parse(code, allow_pseudo=True) == uscc.Uscc(code, pseudo=True)
    assert check("uscc", code).parts == {"pseudo": "true"}


def test_a_valid_or_a_shapeless_credit_code_is_not_pseudo():
    assert not uscc.is_pseudo("11100000000013338W")
    assert not uscc.is_pseudo("TE51160201051160")
    assert not uscc.parse("11100000000013338W", allow_pseudo=True).pseudo


@pytest.mark.parametrize(
    ("number", "born", "gender"),
    [("11010519491231002X", date(1949, 12, 31), "female"), ("440524188001010014", date(1880, 1, 1), "male")],
)
def test_the_examples_of_the_standard_for_identity_numbers_are_valid_at_any_age(number, born, gender):
    read = resident_id.parse(number, today=date(2026, 11, 24))
    assert (read.birth_date, read.gender, read.number) == (born, gender, number)


def test_organisation_code_of_the_provincial_body_reads_with_and_without_hyphen():
    assert org_code.parse("00612224-4") == org_code.parse("006122244")
    assert org_code.parse("006122244").written == "00612224-4"


def test_the_real_implementation_codes_come_apart_as_published():
    housing = task_code.parse(HOUSING)
    assert housing.form == "implementation"
    assert housing.uscc == uscc.parse("11370800MB28559184")
    assert housing.use_level == "3"
    base = housing.base
    assert (base.region, base.task_type, base.department, base.main_item, base.sub_item) == (
        "37",
        "01",
        "17",
        "002",
        "011",
    )
    local = task_code.parse(LOCAL).base
    assert (local.region, local.task_type, local.department, local.main_item, local.sub_item) == (
        "44",
        "21",
        "99",
        "806",
        "003",
    )


def test_the_real_case_number_comes_apart_and_is_made_again():
    read = case_no.parse(CASE)
    assert (read.task.code, read.day, read.serial) == (LOCAL, date(2022, 6, 23), "0068")
    assert len(CASE) == 43
    assert case_no.make(LOCAL, date(2022, 6, 23), 68) == CASE


def test_a_base_code_may_end_in_a_letter_and_is_then_the_parent():
    parent = catalog_code.parse("37011700200Y")
    assert parent.is_parent
    assert parent.parent is None
    assert catalog_code.parse("370117002011").parent == "37011700200Y"
    assert catalog_code.parse("370117002000").parent is None
    assert task_code.parse("11370800MB28559184337011700200Y").base == parent


@pytest.mark.parametrize(
    ("identifier", "version"),
    [
        ("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U", "001"),
        ("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S", "002"),
        ("1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F", "001"),
        ("1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9", "001"),
    ],
)
def test_real_licence_identifiers_are_valid(identifier, version):
    read = licence_id.parse(identifier)
    assert read.code == identifier
    assert read.version == version


def test_the_vendors_sample_licence_identifier_fails_with_the_right_character():
    sample = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M"
    with pytest.raises(CodeError) as caught:
        licence_id.parse(sample)
    assert caught.value.code == "licence-id.check-char"
    assert (caught.value.position, caught.value.found, caught.value.expected) == (len(sample), "M", "D")
