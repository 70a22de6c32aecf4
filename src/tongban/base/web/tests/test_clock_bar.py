"""The clock bar draws the days of the one clock and adds nothing of its own."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tongban.base.web import parts


class Weekdays:
    def is_workday(self, day, /):
        return day.weekday() < 5


def bar(**changes):
    facts: dict[str, Any] = {
        "calendar": Weekdays(),
        "first_day": date(2026, 11, 18),
        "today": date(2026, 11, 24),
        "promised_due": date(2026, 11, 26),
        "statutory_due": date(2026, 12, 3),
        "paused": frozenset({date(2026, 11, 20), date(2026, 11, 23)}),
    }
    return parts.clock_bar(**(facts | changes))


def kinds(drawn):
    return " ".join(day.kind for day in drawn.days)


def test_the_reference_case_is_drawn_as_on_the_reference_screen():
    drawn = bar()
    assert kinds(drawn) == "used used pause off pause today left left beyond off beyond beyond beyond beyond"
    assert [day.number for day in drawn.days if day.number] == list(range(1, 11))
    assert (drawn.used, drawn.paused, drawn.left, drawn.late) == (2, 2, 3, 0)
    assert [(day.on, day.flag) for day in drawn.days if day.flag] == [
        (date(2026, 11, 26), "承诺期限"),
        (date(2026, 12, 3), "法定期限"),
    ]


def test_a_day_after_the_promise_is_late():
    drawn = bar(today=date(2026, 11, 27))
    assert (drawn.late, drawn.left) == (1, 0)


def test_a_day_after_both_limits_still_shows():
    drawn = bar(today=date(2026, 12, 8))
    assert drawn.days[-1].on == date(2026, 12, 8)
    assert drawn.days[-1].kind == "late"


def test_after_the_decision_nothing_runs():
    drawn = bar(stopped_on=date(2026, 11, 25), today=date(2027, 3, 1))
    assert drawn.stopped
    assert (drawn.left, drawn.late) == (0, 0)
    assert drawn.days[-1].on == date(2026, 12, 3)


def test_one_date_for_both_limits_says_the_promise():
    drawn = bar(statutory_due=date(2026, 11, 26))
    assert [day.flag for day in drawn.days if day.flag] == ["承诺期限"]


def test_dates_that_stay_on_a_small_bar_never_touch():
    for today in (date(2026, 11, 18) + timedelta(days=n) for n in range(20)):
        kept = [index for index, day in enumerate(bar(today=today).days) if day.keep]
        assert all(b - a >= parts.DATES_APART_MIN for a, b in pairwise(kept))


@given(
    first=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    promise=st.integers(0, 60),
    more=st.integers(0, 40),
    at=st.integers(-5, 120),
    paused=st.sets(st.integers(0, 60), max_size=10),
)
def test_every_working_day_has_exactly_one_cell(first, promise, more, at, paused):
    due = first + timedelta(days=promise)
    drawn = bar(
        first_day=first,
        promised_due=due,
        statutory_due=due + timedelta(days=more),
        today=first + timedelta(days=at),
        paused=frozenset(first + timedelta(days=n) for n in paused),
    )
    cells = [day.on for day in drawn.days if day.kind != "off"]
    assert cells == sorted(set(cells))
    assert all(day.weekday() < 5 for day in cells)
    numbers = [day.number for day in drawn.days if day.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert drawn.used + drawn.left + drawn.paused + sum(d.kind == "beyond" for d in drawn.days) == len(cells)
