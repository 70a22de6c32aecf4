"""The generic clock: domain.md 12.2 (1), (6), (8), (9)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.clock import SHANGHAI, Colour, Limit, Limits, Mark, clock
from tongban.kernel.tests.calendars import CALENDAR

BOTH = Limits(promised=Limit(5, "工作日"), statutory=Limit(20, "工作日"))


def at(month, day, hour=10, year=2024):
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def read(limits, now, *marks):
    return clock([Mark(kind, moment) for kind, moment in marks], CALENDAR, limits, now)


def test_the_day_of_acceptance_is_not_counted():
    found = read(BOTH, at(6, 3, 23), ("start", at(6, 3)))
    assert (found.due, found.used, found.left) == (date(2024, 6, 11), 0, 5)
    assert found.statutory.due == date(2024, 7, 2)
    assert found.colour == Colour.GREEN
    assert not found.provisional


def test_late_evening_in_utc_is_the_next_day_in_shanghai():
    found = read(BOTH, at(6, 5), ("start", datetime(2024, 6, 3, 16, 30, tzinfo=UTC)))
    assert found.used == 1  # 4 June in Shanghai is the day of acceptance


@pytest.mark.parametrize(
    ("now", "colour", "left"),
    [
        (at(6, 6), Colour.GREEN, 2),
        (at(6, 7), Colour.AMBER, 1),
        (datetime(2024, 6, 11, 23, 59, tzinfo=SHANGHAI), Colour.AMBER, 0),
        (at(6, 12, 0), Colour.YELLOW, -1),
        (at(7, 2, 23), Colour.YELLOW, -15),
        (at(7, 3, 0), Colour.RED, -16),
    ],
)
def test_the_promise_controls_yellow_and_the_law_red(now, colour, left):
    found = read(BOTH, now, ("start", at(6, 3)))
    assert (found.colour, found.left) == (colour, left)


def test_a_suspension_moves_the_due_date_by_its_working_days():
    found = read(BOTH, at(6, 14), ("start", at(6, 3)), ("suspend", at(6, 4)), ("resume", at(6, 6)))
    assert found.due == date(2024, 6, 13)  # Wednesday and Thursday were lost
    assert found.colour == Colour.YELLOW
    assert found.used == 6


def test_overlapping_suspensions_count_once():
    apart = read(BOTH, at(6, 7), ("start", at(6, 3)), ("suspend", at(6, 4)), ("resume", at(6, 6)))
    overlapping = read(
        BOTH, at(6, 7), ("start", at(6, 3)), ("suspend", at(6, 4)), ("suspend", at(6, 5)), ("resume", at(6, 5, 12)), ("resume", at(6, 6)),
    )  # fmt: skip
    assert overlapping.due == apart.due


def test_while_suspended_the_clock_is_grey_and_nothing_is_used_up():
    found = read(BOTH, at(8, 1), ("start", at(6, 3)), ("suspend", at(6, 4)))
    assert found.suspended
    assert (found.colour, found.used, found.left) == (Colour.GREY, 1, 4)
    assert found.due == date(2024, 8, 7)


def test_a_suspension_that_opens_and_closes_on_one_day_costs_nothing():
    found = read(BOTH, at(6, 7), ("start", at(6, 3)), ("suspend", at(6, 4, 9)), ("resume", at(6, 4, 17)))
    assert found.due == date(2024, 6, 11)


def test_a_stopped_clock_stays_as_it_was():
    found = read(BOTH, at(12, 1), ("start", at(6, 3)), ("stop", at(6, 5)), ("suspend", at(6, 6)))
    assert found.stopped
    assert (found.used, found.left, found.colour, found.suspended) == (2, 3, Colour.GREEN, False)
    late = read(BOTH, at(12, 1), ("start", at(6, 3)), ("stop", at(6, 12)))
    assert late.colour == Colour.YELLOW


def test_a_fresh_receipt_begins_anew():
    found = read(BOTH, at(6, 21), ("start", at(6, 3)), ("stop", at(6, 5)), ("start", at(6, 20)))
    assert (found.used, found.due) == (1, date(2024, 6, 27))


def test_a_clock_that_has_not_begun_shows_nothing():
    found = read(BOTH, at(6, 3), ("suspend", at(6, 1)), ("start", at(6, 4)))
    assert (found.due, found.colour) == (None, Colour.GREY)


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        (Limit(7, "自然日"), at(6, 3), date(2024, 6, 11)),  # the 10th is the Dragon Boat holiday
        (Limit(3, "自然日"), at(6, 3), date(2024, 6, 6)),
        (Limit(1, "月"), at(1, 31), date(2024, 2, 29)),
        (Limit(1, "月"), at(5, 15), date(2024, 6, 17)),  # a Saturday moves to Monday
        (Limit(12, "月"), at(2, 29), date(2025, 2, 28)),
        (Limit(48, "小时"), at(6, 7, 10), date(2024, 6, 9)),
        (Limit(0, "即办"), at(6, 3), date(2024, 6, 3)),
        (Limit(0, "即办"), at(6, 8), date(2024, 6, 11)),
    ],
)
def test_every_unit_ends_where_the_law_says(limit, start, due):
    found = read(limit, start, ("start", start))
    assert found.due == due
    assert found.colour in {Colour.GREEN, Colour.AMBER}


def test_hours_run_through_nights_but_not_through_suspensions():
    found = read(
        Limit(24, "小时"), at(6, 4, 12), ("start", at(6, 3, 10)), ("suspend", at(6, 3, 12)), ("resume", at(6, 3, 18))
    )
    assert found.statutory.due_at == at(6, 4, 16)
    assert (found.used, found.left) == (20, 4)


def test_months_and_days_are_prolonged_by_suspensions():
    paused = (("start", at(5, 6)), ("suspend", at(5, 8)), ("resume", at(5, 10)))
    assert read(Limit(1, "月"), at(5, 20), *paused).due == date(2024, 6, 11)
    assert read(Limit(10, "自然日"), at(5, 20), *paused).due == date(2024, 5, 20)


@pytest.mark.parametrize(("amount", "unit"), [(0, "工作日"), (-1, "自然日"), (1, "即办"), (1, "年"), (10_000, "月")])
def test_limits_that_are_none_are_refused(amount, unit):
    with pytest.raises(ValueError, match="期限"):
        Limit(amount, unit)


def test_naive_moments_are_refused():
    with pytest.raises(ValueError, match="aware"):
        read(BOTH, datetime(2024, 6, 3), ("start", at(6, 3)))


hours = st.integers(0, 24 * 60)


@given(hours, st.lists(st.tuples(hours, hours), max_size=6), hours)
def test_the_clock_agrees_with_counting_day_by_day(begin, pauses, end):
    """An independent reading: walk the days, skip those inside any suspension, count the working ones."""
    origin = at(4, 1, 0)
    start, now = origin + timedelta(hours=begin), origin + timedelta(hours=begin + end)
    marks = [Mark("start", start)]
    spans = []
    for first, length in pauses:
        opened, closed = start + timedelta(hours=first), start + timedelta(hours=first + length)
        marks += [Mark("suspend", opened), Mark("resume", closed)]
        if opened <= now:
            spans.append((opened, min(closed, now)))
    found = clock(marks, CALENDAR, Limit(20, "工作日"), now)
    merged: list[tuple[datetime, datetime]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    lost = {
        first.date() + timedelta(days=index)
        for first, last in merged
        for index in range(1, (last.date() - first.date()).days + 1)
    }
    used, day, due, counted = 0, start.date(), None, 0
    while due is None or day < now.date():
        day += timedelta(days=1)
        counts = CALENDAR.is_workday(day) and day not in lost
        counted += counts
        used += counts and day <= now.date()
        if counted == 20 and due is None:
            due = day
    assert (found.used, found.due) == (used, due)
    assert found.left == 20 - used
    assert found.colour is Colour.RED or found.left >= 0
