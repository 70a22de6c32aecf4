"""domain.md 12.2, 12.3."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.tests.calendars import CALENDAR
from tongban.kernel.workdays import SPAN_DAYS_MAX, WORKDAYS_MAX, WorkCalendar

calendars = st.builds(
    WorkCalendar,
    st.dictionaries(st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.booleans(), max_size=40),
    st.sets(st.integers(2019, 2026)),
)
days = st.dates(date(2019, 6, 1), date(2024, 12, 31))
amounts = st.integers(0, 120)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2018, 4, 25), 5, date(2018, 5, 3)),
        (date(2018, 9, 28), 5, date(2018, 10, 10)),
        (date(2018, 12, 28), 1, date(2018, 12, 29)),
        (date(2018, 6, 15), 20, date(2018, 7, 16)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
    ],
)
def test_the_vectors_of_the_law_hold(start, n, due):
    assert CALENDAR.add(start, n).date == due
    assert not CALENDAR.add(start, n).provisional
    assert CALENDAR.count(start, due) == n


@pytest.mark.parametrize(("year", "n"), [(2018, 250), (2019, 250), (2020, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_years_have_their_known_number_of_working_days(year, n):
    assert CALENDAR.count(date(year - 1, 12, 31), date(year, 12, 31)) == n


def test_a_year_without_a_notice_goes_by_weekdays_and_is_provisional():
    found = CALENDAR.add(date(2026, 12, 20), 20)
    assert found.date == date(2027, 1, 15)
    assert found.provisional
    assert CALENDAR.add(date(2040, 1, 2), 1).provisional


def test_the_end_of_december_waits_for_the_notice_of_the_next_year():
    assert not CALENDAR.add(date(2026, 11, 24), 20).provisional
    assert CALENDAR.add(date(2026, 12, 25), 2).provisional
    assert not CALENDAR.add(date(2025, 12, 25), 2).provisional


@given(calendars, days, amounts)
def test_adding_and_counting_are_inverse(calendar, start, n):
    assert calendar.count(start, calendar.add(start, n).date) == n


@given(calendars, days, amounts)
def test_a_longer_limit_ends_later_and_on_a_working_day(calendar, start, n):
    shorter, longer = calendar.add(start, n), calendar.add(start, n + 1)
    assert shorter.date < longer.date
    assert calendar.is_workday(longer.date)
    assert longer.provisional or not shorter.provisional or shorter.date.year < longer.date.year


@given(calendars, days, amounts)
def test_a_later_start_never_ends_earlier(calendar, start, n):
    assert calendar.add(start, n).date <= calendar.add(start + timedelta(days=1), n).date


@given(calendars, days, st.integers(0, 200), st.integers(0, 200))
def test_counts_add_up(calendar, start, first, second):
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert calendar.count(start, end) == calendar.count(start, middle) + calendar.count(middle, end)


def test_everything_is_bounded():
    for n in (-1, WORKDAYS_MAX + 1):
        with pytest.raises(ValueError, match="工作日数"):
            CALENDAR.add(date(2026, 1, 1), n)
    with pytest.raises(ValueError, match="跨度"):
        CALENDAR.count(date(1900, 1, 1), date(1900, 1, 1) + timedelta(days=SPAN_DAYS_MAX + 1))
    assert CALENDAR.count(date(2026, 1, 5), date(2026, 1, 4)) == 0
    never = WorkCalendar({date(2026, 1, 1) + timedelta(days=i): False for i in range(40_000)}, [2026])
    with pytest.raises(ValueError, match="no working day"):
        never.add(date(2026, 1, 1), 1)
