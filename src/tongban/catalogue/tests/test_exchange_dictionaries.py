"""Dictionaries: a code means one thing in one numbering, and the way back leads to it."""

from __future__ import annotations

import pytest

from tongban.catalogue.exchange.dictionaries import C0109, DICTIONARIES, GBT39046, LOCAL_A, LOCAL_B, CodeUnknownError
from tongban.catalogue.exchange.elements import CellError, Column, limit, several
from tongban.kernel.codes import code_lists

TABLES = [(dictionary, name) for dictionary in DICTIONARIES.values() for name in dictionary.tables]
IDS = [f"{dictionary.name}-{name}" for dictionary, name in TABLES]
LIMIT = limit(Column(name="promise_day", words="承诺"), Column(name="promise_type", words="单位"), "promised")
STATUTORY = limit(
    Column(name="anticipate_day", words="法定"), Column(name="anticipate_type", words="单位"), "statutory"
)


@pytest.mark.parametrize(("dictionary", "name"), TABLES, ids=IDS)
def test_a_value_is_written_in_a_code_that_means_it(dictionary, name):
    table = dictionary[name]
    for value in table.values.values():
        assert table.read(table.write(value)) == value


@pytest.mark.parametrize(("dictionary", "name"), TABLES, ids=IDS)
def test_a_code_comes_back_where_no_other_code_means_the_same(dictionary, name):
    table = dictionary[name]
    for code, value in table.values.items():
        if list(table.values.values()).count(value) == 1:
            assert table.write(table.read(code)) == code


@pytest.mark.parametrize(("dictionary", "name"), TABLES, ids=IDS)
def test_a_code_may_stand_in_words_and_in_full_width(dictionary, name):
    table = dictionary[name]
    for code, value in table.values.items():
        wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in code)
        assert table.read(f" {wide}\u3000") == value
        if list(table.words.values()).count(table.words[code]) == 1:
            assert table.read(table.words[code]) == value


@pytest.mark.parametrize(
    ("dictionary", "name", "code", "value"),
    [
        (GBT39046, "task_type", "08", "08"),
        (LOCAL_B, "task_type", "06", "08"),
        (LOCAL_B, "task_type", "08", "09"),
        (DICTIONARIES["letters"], "task_type", "xk", "01"),
        (GBT39046, "use_level", "6", "6"),
        (GBT39046, "server_type", "5", "agency"),
        (C0109, "server_type", "6", "agency"),
        (C0109, "server_type", "5", "other"),
        (GBT39046, "project_type", "1", "instant"),
        (LOCAL_A, "project_type", "1", "promised"),
        (GBT39046, "result_type", "2", "approval"),
        (C0109, "result_type", "20", "approval"),
        (C0109, "handle_area", "3", "2"),
        (GBT39046, "task_type", "1", "01"),
        (GBT39046, "user_topic_type", "5", "005"),
    ],
)
def test_the_same_digit_means_another_thing_in_another_numbering(dictionary, name, code, value):
    assert dictionary[name].read(code) == value


@pytest.mark.parametrize(
    ("dictionary", "name", "code"),
    [
        (GBT39046, "task_type", "02"),
        (GBT39046, "task_type", "77"),
        (LOCAL_B, "task_type", "09"),
        (LOCAL_A, "task_type", "03"),
        (LOCAL_A, "use_level", "6"),
        (LOCAL_B, "project_type", "3"),
        (GBT39046, "server_type", "9"),
        (GBT39046, "project_type", ""),
    ],
)
def test_what_has_no_place_here_is_refused_with_what_has(dictionary, name, code):
    with pytest.raises(CodeUnknownError) as caught:
        dictionary[name].read(code)
    assert caught.value.hint.startswith("可以写：")


def test_several_values_are_joined_with_a_caret_and_read_with_any_mark():
    element = several(Column(name="handle_type", words="办理形式"), "forms")
    assert element.write({"forms": ["window", "web", "express"]}, GBT39046) == {"handle_type": "1^2^4"}
    for text in ("1^2^4", "1、2、4", "窗口，电脑端网上；快递", "1^2^4^4"):
        assert element.stated({"handle_type": text}, GBT39046) == {"forms": ["window", "web", "express"]}
    assert element.stated({"handle_type": "1^2"}, C0109) == {"forms": ["window", "web", "mobile"]}
    assert element.write({"forms": ["mobile", "express"]}, C0109) == {"handle_type": "2^3"}


@pytest.mark.parametrize(
    ("amount", "unit", "value"),
    [
        ("10", "1", {"amount": 10, "unit": "working_days"}),
        ("１０", "工作日", {"amount": 10, "unit": "working_days"}),
        ("3", "2", {"amount": 3, "unit": "calendar_days"}),
        ("4", "3", {"amount": 4, "unit": "hours"}),
        ("6", "月", {"amount": 6, "unit": "months"}),
        ("0", "1", {"amount": 0, "unit": "at_once"}),
        ("当场办结", "", {"amount": 0, "unit": "at_once"}),
    ],
)
def test_a_limit_is_read_exactly(amount, unit, value):
    assert LIMIT.stated({"promise_day": amount, "promise_type": unit}, GBT39046) == {"promised": value}


@pytest.mark.parametrize(
    ("amount", "unit", "hint"),
    [("30", "4", "小时"), ("30", "分钟", "小时"), ("三天", "1", "数字"), ("3", "", "可以写")],
)
def test_minutes_and_words_are_no_limits(amount, unit, hint):
    with pytest.raises(CellError) as caught:
        LIMIT.stated({"promise_day": amount, "promise_type": unit}, GBT39046)
    assert hint in caught.value.hint


def test_a_statutory_limit_is_told_in_days():
    written = STATUTORY.write({"statutory": {"amount": 2, "unit": "months"}}, GBT39046)
    assert written == {"anticipate_day": "60", "anticipate_type": "Z"}
    assert STATUTORY.write({"statutory": {"amount": 2, "unit": "months"}}, C0109)["anticipate_type"] == "5"
    assert STATUTORY.stated({"anticipate_day": "20", "anticipate_type": "G"}, GBT39046) == {
        "statutory": {"amount": 20, "unit": "working_days"}
    }


def test_the_platform_has_a_table_for_every_list_of_the_standard():
    assert set(GBT39046["server_type"].words) == set(code_lists.TARGETS)
    assert len({id(one.tables) for one in DICTIONARIES.values()}) == len(DICTIONARIES)
