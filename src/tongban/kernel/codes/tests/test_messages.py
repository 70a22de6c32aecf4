"""Errors name the wrong character, its place and what would be right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.codes import CodeError, case_no, catalog_code, licence_id, org_code, resident_id, task_code, uscc
from tongban.kernel.codes.reading import DIGITS, normalise
from tongban.kernel.codes.tests import strategies

LICENCE = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
TASK = "11370800MB285591843370117002011"


def failure(parse, value, **options):
    with pytest.raises(CodeError) as caught:
        parse(value, **options)
    assert str(caught.value) == caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("parse", "value", "code", "position", "found", "expected", "message"),
    [
        (uscc.parse, "11100000000013338X", "uscc.check-char", 18, "X", "W", "第 18 位校验码是 X，应为 W"),
        (uscc.parse, "11100000000O13338W", "uscc.character", 12, "O", "0", "第 12 位（主体标识码）是 O，应为 0"),
        (uscc.parse, "111000000000 13338W"[:18], "uscc.character", 13, "空格", None, None),
        (uscc.parse, "1110000000001333", "uscc.length", None, "16", "18 位", "应为 18 位，现有 16 位"),
        (uscc.parse, "  ", "uscc.empty", None, None, "18 位", "没有填写"),
        (resident_id.parse, "110105194912310025", "resident-id.check-char", 18, "5", "X", "第 18 位校验码是 5，应为 X"),
        (
            resident_id.parse,
            "11O10519491231002X",
            "resident-id.character",
            3,
            "O",
            "0",
            "第 3 位（地址码）是 O，应为 0",
        ),
        (resident_id.parse, "11010519491331002X", "resident-id.date", 11, "13", "01 至 12", None),
        (resident_id.parse, "11010519490229002X", "resident-id.date", 13, "29", "01 至 28（1949 年 2 月）", None),
        (resident_id.parse, "11010515001231002X", "resident-id.date", 7, "1500", "1800 至 9999", None),
        (resident_id.parse, "440524881301001", "resident-id.date", 9, "13", "01 至 12", None),
        (resident_id.parse, "440524880132001", "resident-id.date", 11, "32", "01 至 31（1988 年 1 月）", None),
        (resident_id.parse, "01010519491231002X", "resident-id.address", 1, "0", "1 至 9", None),
        (org_code.parse, "00612224-5", "org-code.check-char", 9, "5", "4", "第 9 位校验码是 5，应为 4"),
        (org_code.parse, "0061222*-4", "org-code.character", 8, "*", None, None),
        (task_code.parse, "11370800MB285591853370117002011", "task-code.check-char", 18, "5", "4", None),
        (task_code.parse, TASK[:18] + "8" + TASK[19:], "task-code.character", 19, "8", "1 至 7", None),
        (task_code.parse, TASK[:30] + "Z", "task-code.sub-item", 31, "Z", "数字或 00Y", None),
        (task_code.parse, TASK + "A1", "task-code.character", 32, "A", "数字", None),
        (catalog_code.parse, "37A117002011", "catalog-code.character", 3, "A", "数字", None),
        (catalog_code.parse, "37011700200", "catalog-code.length", None, "11", None, None),
        (case_no.parse, TASK + "202213230068", "case-no.date", 36, "13", "01 至 12", None),
        (case_no.parse, TASK + "192206230068", "case-no.date", 32, "1922", "2016 至 2099", None),
        (case_no.parse, TASK + "01202213230068", "case-no.date", 38, "13", "01 至 12", None),
        (case_no.parse, TASK + "2022062300A8", "case-no.character", 42, "A", "数字", None),
        (licence_id.parse, LICENCE[:-1] + "V", "licence-id.check-char", 73, "V", "U", "第 73 位校验码是 V，应为 U"),
        (licence_id.parse, "1.2.157", "licence-id.prefix", 7, "7", "6", None),
        (licence_id.parse, "1.2.1", "licence-id.prefix", 6, "空", "5", None),
        (licence_id.parse, LICENCE.rsplit(".", 1)[0], "licence-id.segments", None, "4", "5", None),
        (licence_id.parse, LICENCE.replace(".001.", ".0A1."), "licence-id.character", 70, "A", "数字", None),
        (licence_id.parse, LICENCE.replace(".001.", ".01."), "licence-id.length", None, "2", "3", None),
    ],
)
def test_an_error_points_at_the_character(parse, value, code, position, found, expected, message):
    error = failure(parse, value)
    assert (error.code, error.position, error.found) == (code, position, found)
    if expected is not None:
        assert error.expected == expected
    if message is not None:
        assert error.message == message


def test_a_birth_after_today_is_refused_only_where_today_is_given():
    number = resident_id.make("430221", date(2030, 1, 2), 1)
    assert resident_id.parse(number).birth_date == date(2030, 1, 2)
    assert resident_id.parse(number, today=date(2030, 1, 2)).birth_date == date(2030, 1, 2)
    error = failure(resident_id.parse, number, today=date(2030, 1, 1))
    assert (error.code, error.position, error.found) == ("resident-id.future", 7, "20300102")


def test_the_position_is_that_of_the_normalised_value():
    assert failure(uscc.parse, " \u3000\u202d11100000000013338X\u202c\n").position == 18


def test_normalising_folds_width_and_case_but_keeps_what_stands_inside():
    assert normalise(" \uff11\uff10\uff21\uff42\uff0e\u3000 ") == "10AB."
    assert normalise("1 2") == "1 2"
    # Only ASCII letters change case: nothing may become two letters or a letter of another script.
    assert normalise("\u00df\u017f\u0131") == "\u00df\u017f\u0131"


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(strategies.usccs(), st.integers(0, 17), st.sampled_from("IOSVZ* 统"))
def test_the_one_impossible_character_of_a_credit_code_is_told_its_right_one(code, index, wrong):
    marked = code[:index] + wrong + code[index + 1 :]
    if len(normalise(marked)) < 18:
        return
    error = failure(uscc.parse, marked)
    assert (error.code, error.position) == ("uscc.character", index + 1)
    allowed = DIGITS if 2 <= index < 8 else uscc.ALPHABET
    assert error.expected == code[index]
    assert code[index] in allowed


@given(strategies.resident_ids(), st.sampled_from("0123456789X"))
def test_a_wrong_check_character_of_an_identity_number_is_told_the_right_one(number, wrong):
    if wrong != number[17]:
        error = failure(resident_id.parse, number[:17] + wrong)
        assert (error.position, error.found, error.expected) == (18, wrong, number[17])
        assert error.message == f"第 18 位校验码是 {wrong}，应为 {number[17]}"


@given(strategies.org_codes(), st.sampled_from("0123456789X"))
def test_a_wrong_check_character_of_an_organisation_code_is_told_the_right_one(code, wrong):
    if wrong != code[8]:
        error = failure(org_code.parse, code[:8] + "-" + wrong)
        assert (error.position, error.found, error.expected) == (9, wrong, code[8])
