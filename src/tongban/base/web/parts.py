"""The records that the bigger components draw: steps of a time line, days of a clock bar, tabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from django.utils.translation import gettext as _

EntryKind = Literal["done", "pause", "wait", "run", "late", "next"]
DayKind = Literal["used", "pause", "today", "left", "beyond", "late", "off"]

#: kind of an entry -> the icon in its dot
ENTRY_ICONS: dict[str, str] = {
    "done": "check",
    "pause": "pause",
    "wait": "pen",
    "run": "play",
    "late": "stop",
    "next": "",
}

#: Longest bar that is drawn day by day; a longer one is told in words (a bar of 90 cells says nothing).
DAYS_DRAWN_MAX = 45


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened, or will, on a time line."""

    kind: EntryKind
    title: str
    #: who did it, as it may be shown to the reader
    who: str = ""
    at: datetime | date | None = None
    #: words in place of a time ("最晚 11月26日")
    when: str = ""
    text: str = ""
    #: (words, address) of documents and acts that belong to it
    links: Sequence[tuple[str, str]] = ()
    #: (kind, word) of a state badge beside the title
    state: tuple[str, str] | None = None

    @property
    def icon(self) -> str:
        return ENTRY_ICONS[self.kind]


@dataclass(frozen=True, kw_only=True)
class Tab:
    label: str
    href: str
    current: bool = False
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Day:
    """One cell of the clock bar; `number` counts the working days that run, None while the clock stands still."""

    on: date
    kind: DayKind
    number: int | None = None
    #: words of the flag above the cell ("承诺期限"), if the limit ends here
    flag: str = ""
    #: whether the date below is kept where there is little room
    keep: bool = False


class Calendar(Protocol):
    """What the bar needs of a working-day calendar."""

    def is_workday(self, day: date, /) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class ClockBar:
    days: Sequence[Day]
    used: int
    paused: int
    left: int
    #: whether the decision has been made: nothing is left and nothing runs
    stopped: bool = False

    @property
    def drawable(self) -> bool:
        return 0 < len(self.days) <= DAYS_DRAWN_MAX

    @property
    def late(self) -> int:
        return sum(day.kind == "late" for day in self.days)

    @property
    def has_off(self) -> bool:
        return any(day.kind == "off" for day in self.days)

    @property
    def has_beyond(self) -> bool:
        return any(day.kind == "beyond" for day in self.days)


def _walk(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _day_kind(day: date, today: date, promised: date, stopped_on: date | None) -> DayKind:
    """Say what a running working day is: past, today, still to come, after the promise, or late."""
    edge = stopped_on or today
    if day < edge or (stopped_on is not None and day == edge):
        return "used" if day <= promised else "late"
    if stopped_on is not None or day > promised:
        return "late" if stopped_on is None and day <= today else "beyond"
    return "today" if day == today else "left"


#: Dates under a small bar need the room of this many cells.
DATES_APART_MIN = 2


def _keep_dates(days: list[Day], wanted: Sequence[date | None]) -> list[Day]:
    """Mark the dates that stay where room is short: the wanted ones in order of weight, none too near another."""
    places = {day.on: index for index, day in enumerate(days) if day.kind != "off"}
    kept: list[int] = []
    for day in wanted:
        place = places.get(day) if day else None
        if place is not None and all(abs(place - other) >= DATES_APART_MIN for other in kept):
            kept.append(place)
    return [replace(day, keep=index in kept) for index, day in enumerate(days)]


def clock_bar(
    *,
    calendar: Calendar,
    first_day: date,
    today: date,
    promised_due: date,
    statutory_due: date | None = None,
    paused: AbstractSet[date] = frozenset(),
    stopped_on: date | None = None,
) -> ClockBar:
    """Lay out the days between the first counted day and the last limit.

    The due dates come from the one clock of the law; nothing is computed here but the drawing.

    Args:
        calendar: says which days are working days.
        first_day: the first day that counts (the working day after acceptance).
        today: the day of the reader, in Asia/Shanghai.
        promised_due: the last day of the promised limit, pauses already included.
        statutory_due: the last day of the statutory limit, pauses already included; None where there is none.
        paused: days on which the clock stood still by a written notice.
        stopped_on: the day of the decision, after which nothing runs any more.
    """
    last = max(promised_due, statutory_due or promised_due, stopped_on or today)
    flags = {statutory_due: _("法定期限"), promised_due: _("承诺期限")}
    days: list[Day] = []
    number = 0
    off_pending: date | None = None
    for day in _walk(first_day, last):
        if not calendar.is_workday(day):
            off_pending = off_pending or day
            continue
        if off_pending and days:
            days.append(Day(on=off_pending, kind="off"))
        off_pending = None
        if day in paused:
            days.append(Day(on=day, kind="pause", flag=flags.get(day, "")))
            continue
        number += 1
        kind = _day_kind(day, today, promised_due, stopped_on)
        days.append(Day(on=day, kind=kind, number=number, flag=flags.get(day, "")))
    days = _keep_dates(days, (promised_due, first_day, statutory_due, stopped_on or today))
    return ClockBar(
        days=tuple(days),
        used=sum(day.kind in {"used", "late"} for day in days),
        paused=sum(day.kind == "pause" for day in days),
        left=sum(day.kind in {"today", "left"} for day in days),
        stopped=stopped_on is not None,
    )
