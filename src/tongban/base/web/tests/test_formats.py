"""How dates, money, limits and codes are written."""

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.base.web import formats
from tongban.kernel.clock import Limit


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2018, 4, 25), "2018年4月25日"),
        (datetime(2018, 4, 24, 16, 0, tzinfo=UTC), "2018年4月25日"),
        (datetime(2018, 4, 25, 23, 59, tzinfo=timezone(timedelta(hours=8))), "2018年4月25日"),
        (None, ""),
        ("2018-04-25", ""),
    ],
)
def test_dates_are_written_in_shanghai(value, words):
    assert formats.cn_date(value) == words


def test_a_time_has_no_leading_zero_on_the_hour():
    moment = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)
    assert formats.cn_datetime(moment) == "2026年11月24日 9:05"
    assert formats.cn_time(moment) == "9:05"
    assert formats.cn_datetime(date(2026, 11, 24)) == "2026年11月24日"
    assert formats.cn_weekday(moment) == "周二"
    assert formats.cn_day(moment) == "11月24日"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (5, "5 个工作日"),
        (0, "当场办结"),
        (None, ""),
        ("", ""),
        ({"amount": 20, "unit": "working_days"}, "20 个工作日"),
        (Limit(20, "工作日"), "20 个工作日"),
        (Limit(60, "自然日"), "60 日"),
        (Limit(6, "月"), "6 个月"),
        (Limit(0, "即办"), "当场办结"),
        (SimpleNamespace(amount=60, unit="days"), "60 日"),
        (SimpleNamespace(amount=2, unit=SimpleNamespace(value="hours")), "2 小时"),
        (SimpleNamespace(amount=6, unit="months"), "6 个月"),
        (SimpleNamespace(amount=5, unit="years"), "5 年"),
    ],
)
def test_limits_are_written_in_the_words_of_the_law(value, words):
    assert formats.limit(value) == words


def test_an_unknown_unit_is_an_error_and_not_a_guess():
    with pytest.raises(ValueError, match="unknown unit"):
        formats.limit({"amount": 1, "unit": "fortnight"})


@pytest.mark.parametrize(("fen", "words"), [(1500, "¥ 15.00"), (0, "¥ 0.00"), (None, ""), ("1500", ""), (True, "")])
def test_money_is_written_from_whole_fen(fen, words):
    assert formats.yuan(fen) == words


@pytest.mark.parametrize(("size", "words"), [(12, "12 B"), (2048, "2 KB"), (4613734, "4.4 MB"), (None, "")])
def test_sizes_of_files(size, words):
    assert formats.bytes_size(size) == words


def test_a_case_number_is_cut_where_its_meaning_changes():
    code = "11430212MB1F07267M" + "4000131016000" + "20261112" + "0068"
    assert formats.code_parts(code) == ("11430212MB1F07267M", "4000131016000", "20261112", "0068")


@given(st.text(max_size=60))
def test_cutting_a_code_never_loses_a_character(code):
    assert "".join(formats.code_parts(code)) == code
