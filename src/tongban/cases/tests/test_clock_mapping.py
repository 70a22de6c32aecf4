"""Due dates follow from the events alone: the law's days, the published vectors, and nothing stored that differs."""

from datetime import UTC, date, datetime

import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from tongban.base import calendar, moment
from tongban.cases import clock, commands
from tongban.cases.commands.upkeep import dues_from_events
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.catalogue.models import Limit as ItemLimit
from tongban.kernel.tests.calendars import CALENDAR

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NINE_SHANGHAI = 1  # o'clock UTC


def at(day: date, hour_utc: int = NINE_SHANGHAI) -> datetime:
    return datetime(day.year, day.month, day.day, hour_utc, tzinfo=UTC)


# Start day, working days, due day: domain 12.3, checked against the State Council's notices.
VECTORS = [
    (date(2018, 4, 25), 5, date(2018, 5, 3)),
    (date(2018, 9, 28), 5, date(2018, 10, 10)),
    (date(2018, 12, 28), 1, date(2018, 12, 29)),
    (date(2018, 6, 15), 20, date(2018, 7, 16)),
    (date(2024, 9, 30), 1, date(2024, 10, 8)),
    (date(2026, 2, 13), 5, date(2026, 2, 27)),
]


@pytest.mark.parametrize(("start", "days", "due"), VECTORS)
def test_limits_are_working_days_without_holidays_and_the_first_day_is_not_counted(start, days, due):
    found = clock.step_due(ItemLimit(amount=days, unit="working_days"), at(start), CALENDAR)
    assert found is not None
    assert found.date == due


@pytest.mark.parametrize(("start", "due"), [(start, due) for start, days, due in VECTORS if days == 5])
def test_acceptance_is_decided_within_five_working_days_of_receipt(start, due):
    assert clock.acceptance_due(at(start), CALENDAR).date == due


def test_the_day_is_the_day_in_zhuzhou():
    late_evening = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)  # 23:59 in Zhuzhou
    assert clock.acceptance_due(late_evening, CALENDAR).date == date(2026, 12, 1)
    after_midnight = datetime(2026, 11, 24, 16, 1, tzinfo=UTC)
    assert clock.acceptance_due(after_midnight, CALENDAR).date == date(2026, 12, 2)


class Told:
    """An event as the clock sees it."""

    def __init__(self, kind: str, when: datetime) -> None:
        self.kind, self.at = kind, when
        self.payload: dict[str, object] = {}


@given(st.dates(date(2018, 1, 1), date(2025, 12, 1)), st.integers(0, 30), st.integers(0, 30))
def test_a_correction_stops_the_five_days_and_complete_materials_begin_them_anew(start, until_notice, until_answer):
    notice = at(CALENDAR.add(start, until_notice).date if until_notice else start, 2)
    answer = at(CALENDAR.add(moment.local_date(notice), until_answer).date if until_answer else notice.date(), 3)
    told = [Told("CaseSubmitted", at(start)), Told("CorrectionRequested", notice)]
    stopped = clock.acceptance_clock(told, CALENDAR, at(date(2026, 6, 1)))
    assert stopped.stopped
    assert stopped.used == CALENDAR.count(start, moment.local_date(notice))
    fresh = clock.acceptance_clock([*told, Told("CorrectionSubmitted", answer)], CALENDAR, answer)
    assert not fresh.stopped
    assert fresh.due == clock.acceptance_due(answer, CALENDAR).date


def test_every_unit_of_a_limit_is_known_to_the_clock():
    for unit in ItemLimit.model_fields["unit"].annotation.__args__:
        amount = 0 if unit == "at_once" else 2
        assert clock.limit_of(ItemLimit(amount=amount, unit=unit))


def check(case: Case) -> None:
    case.refresh_from_db()
    rebuilt = dues_from_events(case)
    assert {name: getattr(case, name) for name in rebuilt} == rebuilt
    assert list(commands.rebuild_clocks()) == []


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("slug", [story.FOOD, "road-excavation", "hr-service-licence"])
def test_what_is_stored_is_what_the_events_give_at_every_stage(freeze, slug):
    applicant = story.applicant_of(slug)
    with freeze(AT):
        walk = story.walk(slug)
    check(walk.case)
    with freeze(at(date(2026, 11, 25))):
        walk.receive()
        check(walk.case)
        walk.notify(next(one.key for one in walk.case.materials.filter(source="file")))
        check(walk.case)
    with freeze(at(date(2026, 12, 2))):
        key = walk.case.correction.defects[0]["key"]
        walk.answer(applicant, {key: [story.upload(applicant)]}, {})
        check(walk.case)
    for day, act in ((3, walk.accept), (4, walk.to_decision), (7, walk.decide), (8, walk.issue)):
        with freeze(at(date(2026, 12, day))):
            walk.pay()
            act()
            check(walk.case)


@pytest.mark.usefixtures("city")
def test_a_tampered_due_date_is_found_and_repaired(freeze):
    with freeze(AT):
        walk = story.walk().receive().accept()
        other = story.walk().receive()
    Case.objects.filter(pk=walk.case.pk).update(promised_due_on=date(2027, 3, 1), statutory_due_on=None)
    found = {(one.case_no, one.column): (one.stored, one.rebuilt) for one in commands.rebuild_clocks()}
    assert found == {
        (walk.no, "promised_due_on"): (date(2027, 3, 1), date(2026, 12, 1)),
        (walk.no, "statutory_due_on"): (None, date(2026, 12, 8)),
    }
    walk.case.refresh_from_db()
    assert walk.case.promised_due_on == date(2027, 3, 1)
    assert len(list(commands.rebuild_clocks(repair=True))) == 2
    check(walk.case)
    check(other.case)


@pytest.mark.usefixtures("city")
def test_a_year_without_notice_is_provisional_until_the_notice_comes(freeze):
    last = max(day.year for day in constants.holidays if day.month == 10)
    start = date(last, 12, 24)
    with freeze(at(start)):
        walk = story.walk().receive()
        walk.case.refresh_from_db()
        assert walk.case.due_provisional
        walk.accept()
        assert walk.case.due_provisional
        assert clock.acceptance_due(at(start), calendar.work_calendar()).provisional
        check(walk.case)
        before = walk.case.statutory_due_on
        off = [date(last + 1, 1, day) for day in range(1, 6)]
        calendar.add_notice(year=last + 1, notice="示例放假通知", url="", days=dict.fromkeys(off, False))
        walk.case.refresh_from_db()
        found = {one.column: one.rebuilt for one in commands.rebuild_clocks(repair=True)}
        assert found["due_provisional"] is False
        check(walk.case)
        assert walk.case.statutory_due_on != before
