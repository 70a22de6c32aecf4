"""What is made can be read, and reading gives back the parts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.codes import (
    CodeError,
    case_no,
    catalog_code,
    division,
    licence_id,
    org_code,
    resident_id,
    task_code,
    uscc,
)
from tongban.kernel.codes.tests import strategies

TASK = "11370800MB285591843370117002011"


@given(strategies.addresses(), st.dates(date(1800, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_an_identity_number_gives_back_its_parts(address, born, serial):
    read = resident_id.parse(resident_id.make(address, born, serial))
    assert (read.address, read.birth_date, int(read.serial)) == (address, born, serial)
    assert read.gender == ("male" if serial % 2 else "female")
    assert read.number == read.written


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_an_old_number_of_fifteen_digits_becomes_the_number_of_the_same_person(born, serial):
    new = resident_id.make("430221", born, serial)
    old = new[:6] + new[8:17]
    assert len(old) == 15
    assert resident_id.upgrade(old) == new
    assert resident_id.upgrade(new) == new
    assert resident_id.parse(old).written == old


@pytest.mark.parametrize(
    ("address", "holder"),
    [
        ("430221", "mainland"),
        ("810000", "hong-kong"),
        ("820000", "macao"),
        ("830000", "taiwan"),
        ("911840", "foreign"),
    ],
)
def test_the_first_digits_tell_whose_number_it_is(address, holder):
    assert resident_id.parse(resident_id.make(address, date(1990, 1, 1), 1)).holder == holder


@given(strategies.resident_ids())
def test_a_masked_identity_number_shows_neither_place_nor_birth(number):
    masked = resident_id.mask(number)
    assert masked == number[:3] + "*" * 13 + number[-2:]


@given(st.text(max_size=30))
def test_masking_never_raises_and_hides_at_least_half(text):
    masked = resident_id.mask(text)
    assert masked.count("*") * 2 >= len(masked)


@given(strategies.org_codes(uscc.ALPHABET), strategies.digits(6))
def test_a_credit_code_gives_back_its_parts(organisation, place):
    read = uscc.parse(uscc.make("12", place, organisation))
    assert (read.kind, read.division, read.org_code, read.org_code_fits) == ("事业单位", place, organisation, True)


@given(strategies.org_codes())
def test_an_organisation_code_gives_back_its_body(code):
    read = org_code.parse(code)
    assert org_code.make(read.body) == code
    assert org_code.parse(read.written) == read


@given(strategies.catalog_codes())
def test_a_base_code_of_2018_is_the_sum_of_its_parts(code):
    read = catalog_code.parse(code)
    assert read.generation == "2018"
    assert f"{read.region}{read.task_type}{read.department}{read.main_item}{read.sub_item}" == code


@given(strategies.old_catalog_codes(), st.integers(0, 3))
def test_a_base_code_of_2016_may_be_shorter_than_ten(code, missing):
    if missing and code.endswith("Y"):
        missing = 3
    short = code[: len(code) - missing]
    read = catalog_code.parse(short)
    assert read.generation == "2016"
    assert read.region is None
    assert read.department is None
    assert read.task_type + read.main_item + read.sub_item == short


@given(strategies.usccs(), st.sampled_from("1234567"), strategies.catalog_codes(), st.integers(0, 99))
def test_item_codes_give_back_their_parts(credit_code, level, base, item):
    whole = task_code.make(credit_code, level, base)
    read = task_code.parse(whole)
    assert (read.uscc, read.use_level, read.base.code) == (uscc.parse(credit_code), level, base)
    assert read.handling_item is None
    handled = task_code.parse(task_code.make_handling_item(whole, item))
    assert (handled.form, handled.implementation, handled.handling_item) == ("handling-item", whole, f"{item:02}")


@given(strategies.digits(6), strategies.org_codes(), strategies.old_catalog_codes())
def test_item_codes_of_2016_give_back_their_parts(place, organisation, base):
    read = task_code.parse(task_code.make_2016(place, organisation, base))
    assert (read.form, len(read.code)) == ("implementation-2016", 24)
    assert (read.division, read.org_code, read.base.code) == (place, organisation, base)
    assert read.uscc is None
    assert read.use_level is None


@given(strategies.any_task_codes(), strategies.case_days(), st.integers(1, 99_999))
def test_a_case_number_gives_back_item_day_and_serial_in_every_form(item, day, serial):
    number = case_no.make(item, day, serial)
    read = case_no.parse(number)
    assert (read.task.code, read.day, int(read.serial)) == (item, day, serial)
    assert len(read.serial) >= 4
    assert len(number) <= case_no.LENGTH_MAX


def test_a_case_number_never_outgrows_its_column():
    full = case_no.make(TASK, date(2026, 1, 1), 99_999_999_999)
    assert len(full) == 50
    with pytest.raises(CodeError, match="50 位"):
        case_no.make(TASK, date(2026, 1, 1), 100_000_000_000)


@given(strategies.usccs(), strategies.usccs(), strategies.digits(3), st.integers(1, 999))
def test_a_licence_identifier_gives_back_its_parts(definer, issuer, number, version):
    read = licence_id.parse(licence_id.make(definer + number, issuer, "株洲".encode().hex(), version))
    assert (read.definer, read.type_serial, read.issuer) == (definer, number, issuer)
    assert int(read.version) == version


@given(strategies.divisions())
def test_a_division_has_a_chain_of_parents_up_to_its_province(code):
    levels = []
    current: str | None = code
    while current is not None:
        place = division.parse(current)
        levels.append(place.level)
        assert division.parse(place.short).code12 == current
        assert place.contains(division.parse(code))
        current = place.parent12
    assert levels[-1] == "province"
    assert len(set(levels)) == len(levels)


@pytest.mark.parametrize(
    "make",
    [
        lambda: resident_id.make("43022", date(1990, 1, 1), 1),
        lambda: resident_id.make("430221", date(1990, 1, 1), 1000),
        lambda: resident_id.make("430221", date(880, 1, 1), 1),
        lambda: uscc.make("1I", "430200", "006122244"),
        lambda: uscc.make("11", "430200", "006122245"),
        lambda: uscc.make("11", "430200", org_code.make("OOOOOOOO")),
        lambda: org_code.make("1234567"),
        lambda: catalog_code.make("43", "01", "17", 1000),
        lambda: catalog_code.make_2016("X", 1),
        lambda: task_code.make("11370800MB28559184", "8", "370117002011"),
        lambda: task_code.make("11370800MB28559184", "3", "0100001000"),
        lambda: task_code.make_handling_item(TASK + "01", 1),
        lambda: task_code.make_handling_item(TASK, 100),
        lambda: task_code.make_2016("430200", "006122244", "370117002011"),
        lambda: case_no.make(TASK, date(2026, 1, 1), 0),
        lambda: case_no.make(TASK, date(2015, 12, 31), 1),
        lambda: licence_id.make("11100000000013338W011", "340100", "1"),
        lambda: licence_id.make("11100000000013338X011", "11430000006122244L", "1"),
        lambda: licence_id.make("11100000000013338W011", "11430000006122244L", "湘1"),
        lambda: licence_id.make("11100000000013338W011", "11430000006122244L", "1", 1000),
        lambda: division.make("430212", 600),
    ],
)
def test_nothing_invalid_is_made(make):
    with pytest.raises(CodeError):
        make()
