"""Which state of a record is newer."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue import dataver
from tongban.kernel.problems import Invalid

CHINA = timezone(timedelta(hours=8))


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_numbers_are_ordered_as_numbers(one, other):
    assert (dataver.read(one) < dataver.read(other)) == (one < other)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)), st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1))
)
def test_times_are_ordered_as_times_whatever_their_zone(one, other):
    one, other = one.replace(tzinfo=CHINA), other.replace(tzinfo=UTC)
    assert (dataver.read(one.isoformat()) < dataver.read(other.isoformat())) == (one < other)


@pytest.mark.parametrize(
    "text", ["2026-11-24 09:30:00", "20261124093000", "2026-11-24T09:30:00", "2026-11-24T01:30:00Z"]
)
def test_one_moment_is_one_state_however_it_is_written(text):
    assert dataver.read(text) == dataver.read("2026-11-24T09:30:00+08:00")


def test_a_number_may_come_as_text_and_a_day_is_its_first_second():
    assert dataver.read(" 7 ") == dataver.read(7)
    assert dataver.read("20261124") == dataver.read("2026-11-24T00:00:00+08:00")
    assert dataver.read("7").form == "number"
    assert dataver.read("20261124").form == "time"


@pytest.mark.parametrize("raw", [
    -1, 2**63, "", "-1", "x", "9" * 30, "٣", "2026-13-01", "1969-12-31T00:00:00Z", "0001-01-01T00:00:00+08:00", "99999999",
])  # fmt: skip
def test_what_is_neither_a_number_nor_a_time_is_refused(raw):
    with pytest.raises(Invalid) as refused:
        dataver.read(raw)
    assert refused.value.code == "dataver_invalid"
