from datetime import date, timedelta

import pytest

from tongban.base import calendar
from tongban.base.models import CalendarDay, CalendarYear
from tongban.kernel.problems import Invalid

pytestmark = pytest.mark.django_db

ZHUZHOU, TIANYUAN, LILING = "430200000000", "430211000000", "430281000000"


def test_the_seeded_tables_agree_with_the_package_on_every_day():
    """The conftest has seeded the template."""
    ours, theirs = calendar.work_calendar(), calendar.package_calendar()
    assert ours.covered_years == theirs.covered_years >= {2018, 2024, 2026}
    day = date(2004, 1, 1)
    while day < date(2027, 1, 1):
        assert ours.is_workday(day) == theirs.is_workday(day)
        day += timedelta(days=1)


def test_seeding_again_changes_nothing_and_keeps_what_was_edited():
    CalendarDay.objects.filter(date=date(2026, 2, 14)).update(is_workday=False)
    before = list(CalendarDay.objects.order_by("pk").values())
    assert calendar.seed_calendar() == 0
    assert list(CalendarDay.objects.order_by("pk").values()) == before
    assert not CalendarDay.objects.get(date=date(2026, 2, 14)).is_workday


def test_an_empty_table_falls_back_to_the_package():
    CalendarYear.objects.all().delete()
    assert calendar.work_calendar() is calendar.package_calendar()


def test_a_local_closure_holds_in_its_division_and_below_and_beats_the_nation():
    day = date(2026, 11, 25)
    row = calendar.override_day(day=day, is_workday=False, division_code=ZHUZHOU, basis="株政告〔2026〕9号(示例)")
    assert row.source == "local"
    calendar.override_day(day=day, is_workday=True, division_code=TIANYUAN, basis="天政告〔2026〕1号(示例)")
    works = {
        code: calendar.work_calendar(code).is_workday(day) for code in (None, ZHUZHOU, LILING, TIANYUAN, "430100000000")
    }
    assert works == {None: True, ZHUZHOU: False, LILING: False, TIANYUAN: True, "430100000000": True}
    assert calendar.work_calendar(LILING).add(date(2026, 11, 24), 1).date == date(2026, 11, 26)
    assert calendar.work_calendar("430211001005").is_workday(day)
    calendar.remove_override(day=day, division_code=ZHUZHOU)
    assert calendar.work_calendar(LILING).is_workday(day)


def test_a_closure_without_a_legal_basis_is_refused():
    before = CalendarDay.objects.count()
    for division, basis in ((ZHUZHOU, " "), ("4302", "株政告")):
        with pytest.raises(Invalid):
            calendar.override_day(day=date(2026, 11, 25), is_workday=False, division_code=division, basis=basis)
    assert CalendarDay.objects.count() == before


def test_a_new_notice_covers_its_year_and_may_change_the_december_before():
    assert calendar.work_calendar().add(date(2026, 12, 28), 5).provisional
    calendar.add_notice(
        year=2027,
        notice="国务院办公厅关于2027年部分节假日安排的通知(示例)",
        url="https://www.gov.cn/",
        days={date(2026, 12, 31): False, date(2027, 1, 1): False, date(2027, 1, 2): True},
    )
    found = calendar.work_calendar().add(date(2026, 12, 30), 1)
    assert found.date == date(2027, 1, 2)
    assert not found.provisional
    assert CalendarYear.objects.get(year=2027).url
    with pytest.raises(Invalid):
        calendar.add_notice(year=2028, notice="x", url="", days={date(2027, 11, 30): True})
    assert not CalendarYear.objects.filter(year=2028).exists()


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), "还有 60 天"),
        (date(2026, 12, 31), "还有 0 天"),
        (date(2027, 1, 1), "已于"),
    ],
)
def test_people_are_told_sixty_days_before_the_calendar_runs_out(today, says):
    warning = calendar.coverage_warning(today)
    assert (warning is None) == (says is None)
    assert says is None or says in str(warning)


def test_reading_the_calendar_again_costs_one_small_query(django_assert_num_queries):
    calendar.work_calendar(ZHUZHOU)
    with django_assert_num_queries(1):
        calendar.work_calendar(ZHUZHOU)
