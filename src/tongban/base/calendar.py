"""The working-day calendar of this installation: the national notices and the city's own closures."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from django.db import transaction

from tongban.base import moment, reference
from tongban.base.models import CalendarDay, CalendarYear
from tongban.kernel.problems import Invalid
from tongban.kernel.workdays import WorkCalendar

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "add_notice",
    "coverage_warning",
    "override_day",
    "package_calendar",
    "remove_override",
    "seed_calendar",
    "work_calendar",
]

#: How many days before the calendar runs out people are told.
WARNING_DAYS = 60


@lru_cache(maxsize=1)
def package_calendar() -> WorkCalendar:
    """Give the national calendar of the `chinesecalendar` package; needs no database."""
    return WorkCalendar(_package_days(), _package_years())


def work_calendar(division_code: str | None = None) -> WorkCalendar:
    """Give the calendar that holds in a division: the national one, with the closures of it and those above it.

    Kept in memory as reference data. An empty table falls back to the package's calendar.
    """
    return reference.cached("calendar", division_code, lambda: _load(division_code))


def seed_calendar() -> int:
    """Write every year that the package knows into the tables; say how many rows were new. Safe to repeat.

    The notice of a year may name days of the December before, so days are kept by date, not by year. Days that
    were edited here since are left alone.
    """
    known = set(CalendarYear.objects.values_list("year", flat=True))
    years = [year for year in _package_years() if year not in known]
    if not years:
        return 0
    wanted = [
        CalendarDay(date=day, is_workday=works, source=CalendarDay.Source.NATIONAL, basis=_notice(_notice_year(day)))
        for day, works in _package_days().items()
        if _notice_year(day) in years
    ]
    with transaction.atomic():
        CalendarYear.objects.bulk_create(
            [CalendarYear(year=year, notice=_notice(year)) for year in years], ignore_conflicts=True
        )
        CalendarDay.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=500)
        reference.forget()
    return len(wanted) + len(years)


def add_notice(*, year: int, notice: str, url: str, days: Mapping[date, bool]) -> CalendarYear:
    """Enter the State Council's notice of a year: its name, address, and the days that differ from their weekday.

    Raises:
        Invalid: the notice has no name, or names days outside the year and the December before.
    """
    first = date(year - 1, 12, 1)
    if not notice.strip() or any(not first <= day <= date(year, 12, 31) for day in days):
        raise Invalid("请填写放假通知的名称，且日期应在该年度或上年 12 月之内。", code="calendar_bad_notice")
    with transaction.atomic():
        row, _ = CalendarYear.objects.update_or_create(year=year, defaults={"notice": notice.strip(), "url": url})
        CalendarDay.objects.filter(division_code=None, date__range=(date(year, 1, 1), date(year, 12, 31))).delete()
        for day, works in days.items():
            CalendarDay.objects.update_or_create(
                date=day,
                division_code=None,
                defaults={"is_workday": works, "source": CalendarDay.Source.NATIONAL, "basis": notice.strip()},
            )
        reference.forget()
    return row


def override_day(*, day: date, is_workday: bool, division_code: str, basis: str) -> CalendarDay:
    """Close (or open) a division on a day by a local notice, named in `basis` (domain: emergency closures).

    Raises:
        Invalid: no legal basis, or the division code has not 12 digits.
    """
    if not basis.strip():
        raise Invalid(
            "请填写地方调整工作日的依据(通告名称、文号)。", code="calendar_no_basis", fields={"basis": "必填"}
        )
    if len(division_code) != 12 or not division_code.isdigit():
        raise Invalid(
            "行政区划代码应为 12 位数字。", code="calendar_bad_division", fields={"division_code": "应为 12 位数字"}
        )
    with transaction.atomic():
        row, _ = CalendarDay.objects.update_or_create(
            date=day,
            division_code=division_code,
            defaults={"is_workday": is_workday, "source": CalendarDay.Source.LOCAL, "basis": basis.strip()},
        )
        reference.forget()
    return row


def remove_override(*, day: date, division_code: str) -> None:
    """Take a local closure back; nothing happens if there is none."""
    with transaction.atomic():
        CalendarDay.objects.filter(date=day, division_code=division_code).delete()
        reference.forget()


def coverage_warning(today: date | None = None) -> str | None:
    """Say in words that the calendar runs out, from 60 days before it does; None while all is well."""
    today = today or moment.today()
    last = max(work_calendar().covered_years, default=None)
    if last is None:
        return "工作日历尚未设置：所有期限均为暂定，请录入国务院办公厅放假通知。"
    end = date(last, 12, 31)
    if today < end - timedelta(days=WARNING_DAYS):
        return None
    if today > end:
        return f"工作日历已于 {end} 到期：此后的期限均为暂定，请立即录入 {last + 1} 年放假通知。"
    return f"工作日历将于 {end} 到期(还有 {(end - today).days} 天):请录入 {last + 1} 年国务院办公厅放假通知。"


def divisions_above(division_code: str) -> list[str]:
    """Give the codes whose closures hold in a division, the widest first: province, city, county, town, itself."""
    cuts = (2, 4, 6, 9, 12)
    return list(dict.fromkeys(division_code[:cut].ljust(12, "0") for cut in cuts))


def _load(division_code: str | None) -> WorkCalendar:
    years = list(CalendarYear.objects.values_list("year", flat=True))
    if not years:
        return package_calendar()
    days: dict[date, bool] = {}
    levels: Iterable[str | None] = [None, *(divisions_above(division_code) if division_code else [])]
    for level in levels:
        days.update(CalendarDay.objects.filter(division_code=level).values_list("date", "is_workday"))
    return WorkCalendar(days, years)


@lru_cache(maxsize=1)
def _package_days() -> Mapping[date, bool]:
    worked = dict.fromkeys(chinese_calendar.constants.workdays, True)
    off = dict.fromkeys(chinese_calendar.constants.holidays, False)
    return {**off, **worked}


@lru_cache(maxsize=1)
def _package_years() -> list[int]:
    # By the days of October: a day of December or January may stand in the notice of the neighbouring year.
    return sorted({day.year for day in chinese_calendar.constants.holidays if day.month == 10})


def _notice_year(day: date) -> int:
    late = day.month == 12 and day.day >= 26
    return day.year + 1 if late else day.year


def _notice(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知"
