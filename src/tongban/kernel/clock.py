"""The legal clock of anything that has a limit: marks on a time line in, due dates and colours out.

One rule for every span: the day on which it begins is not counted, the day on which it ends is (民法典 art. 201,
行政许可法 art. 82). So the day of acceptance is not counted, the day on which a suspension begins still is, and the
day on which its result arrives is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from tongban.kernel.workdays import WORKDAYS_MAX, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARKS_MAX = 10_000

_AMOUNTS_MAX = {"工作日": WORKDAYS_MAX, "自然日": 3_660, "小时": 87_840, "月": 120, "即办": 0}

MarkKind = Literal["start", "stop", "suspend", "resume"]
Unit = Literal["工作日", "自然日", "小时", "月", "即办"]


class Colour(StrEnum):
    """What a clock shows: in time, nearly due (预警), past the promise, past the law, suspended or not begun."""

    GREEN = "green"
    AMBER = "amber"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that starts, stops, suspends or resumes a clock, at an aware moment."""

    kind: MarkKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """So much time: an amount (0 for 即办) of a unit.

    Raises:
        ValueError: an unknown unit, or an amount that it does not allow.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in _AMOUNTS_MAX:
            raise ValueError(f"期限单位不正确:{self.unit}")
        smallest = 0 if self.unit == "即办" else 1
        if not smallest <= self.amount <= _AMOUNTS_MAX[self.unit]:
            raise ValueError(f"期限数值不正确:{self.amount} {self.unit}")


@dataclass(frozen=True, slots=True)
class Limits:
    """The two limits of one clock: what the body promised (past it: yellow) and what the law allows (past it: red)."""

    promised: Limit | None = None
    statutory: Limit | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One limit, read: its last day and moment, units used and left (negative when late)."""

    due: date
    due_at: datetime
    used: int
    left: int
    late: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows at a moment.

    `due`, `used`, `left` are those of the promise, or of the law where nothing was promised (None without either, or
    before the start). While suspended, `due` supposes that the result arrives now. `provisional`: a year on the way is
    not covered by a holiday notice.
    """

    due: date | None
    used: int
    left: int
    suspended: bool
    colour: Colour
    provisional: bool
    promised: Reading | None = None
    statutory: Reading | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One run of a clock: where it begins, the moment it is read, and the suspensions between, united."""

    start: datetime
    upto: datetime
    pauses: tuple[tuple[datetime, datetime], ...]
    paused: bool
    stopped: bool


def clock(marks: Sequence[Mark], calendar: WorkCalendar, limits: Limits | Limit, now: datetime) -> Clock:
    """Read a clock at a moment. A later start begins anew (a fresh receipt); marks after a stop count no more.

    Overlapping suspensions count once; a resume without a suspension, or a mark after `now`, is passed over.

    Raises:
        ValueError: a naive moment or more than 10,000 marks.
    """
    both = limits if isinstance(limits, Limits) else Limits(statutory=limits)
    line = _line(marks, now)
    if line is None:
        return Clock(None, 0, 0, suspended=False, colour=Colour.GREY, provisional=False)
    promised = None if both.promised is None else _read(line, calendar, both.promised)
    statutory = None if both.statutory is None else _read(line, calendar, both.statutory)
    shown = promised or statutory
    return Clock(
        due=shown.due if shown else None,
        used=shown.used if shown else 0,
        left=shown.left if shown else 0,
        suspended=line.paused,
        colour=_colour(line, both, promised, statutory),
        provisional=any(reading.provisional for reading in (promised, statutory) if reading),
        promised=promised,
        statutory=statutory,
        stopped=line.stopped,
    )


def _line(marks: Sequence[Mark], now: datetime) -> _Line | None:
    if len(marks) > MARKS_MAX:
        raise ValueError("时间点过多")
    if any(at.tzinfo is None for at in (now, *(mark.at for mark in marks))):
        raise ValueError("a moment on a clock must be aware")
    run = _last_run(sorted((mark for mark in marks if mark.at <= now), key=lambda mark: mark.at))
    if not run:
        return None
    stop = next((mark.at for mark in run if mark.kind == "stop"), None)
    upto = stop or now
    pauses, opened = _pauses([mark for mark in run if mark.at <= upto])
    if opened is not None:
        pauses.append((opened, upto))
    paused = opened is not None and stop is None
    return _Line(run[0].at, upto, tuple(pauses), paused=paused, stopped=stop is not None)


def _last_run(marks: list[Mark]) -> list[Mark]:
    starts = [index for index, mark in enumerate(marks) if mark.kind == "start"]
    return marks[starts[-1] :] if starts else []


def _pauses(marks: list[Mark]) -> tuple[list[tuple[datetime, datetime]], datetime | None]:
    """Unite suspensions that overlap; gives the closed ones and the beginning of one that is still open."""
    pauses: list[tuple[datetime, datetime]] = []
    opened: datetime | None = None
    depth = 0
    for mark in marks:
        if mark.kind == "suspend":
            opened, depth = opened or mark.at, depth + 1
        elif mark.kind == "resume" and opened is not None:
            depth -= 1
            if depth == 0:
                pauses.append((opened, mark.at))
                opened = None
    return pauses, opened


def _read(line: _Line, calendar: WorkCalendar, limit: Limit) -> Reading:
    if limit.unit == "小时":
        return _read_hours(line, limit.amount)
    start, upto = _day(line.start), _day(line.upto)
    paused = [(_day(first), _day(last)) for first, last in line.pauses]
    due = _due_day(start, limit, calendar, paused)
    if limit.unit == "工作日":
        used = _count(start, upto, paused, calendar)
        left = limit.amount - used
    elif limit.unit == "即办":
        used, left = 0, calendar.count(upto, due) if upto <= due else -calendar.count(due, upto)
    else:
        used = _count(start, upto, paused, None)
        left = (due - upto).days
    end = _midnight_after(due)
    return Reading(due, end, used, left, line.upto >= end, not calendar.is_settled_span(min(start, due), due))


def _read_hours(line: _Line, amount: int) -> Reading:
    paused = sum(((last - first) for first, last in line.pauses), timedelta())
    end = line.start + timedelta(hours=amount) + paused
    used = (line.upto - line.start - paused) // timedelta(hours=1)
    return Reading(_day(end), end, used, amount - used, line.upto > end, provisional=False)


def _due_day(start: date, limit: Limit, calendar: WorkCalendar, paused: list[tuple[date, date]]) -> date:
    if limit.unit == "工作日":
        return _walk(start, limit.amount, paused, calendar)
    if limit.unit == "自然日":
        return calendar.next_workday(_walk(start, limit.amount, paused, None))
    if limit.unit == "月":
        return calendar.next_workday(_walk(_add_months(start, limit.amount), 0, paused, None, began=start))
    return calendar.next_workday(start)


def _walk(
    start: date, amount: int, paused: list[tuple[date, date]], calendar: WorkCalendar | None, began: date | None = None
) -> date:
    """Go on from `start` by `amount` days that count, passing over suspended ones (those since `began` too)."""
    day, left = start, amount
    if began is not None:
        left += _paused_days(began, start, paused)
    while left > 0:
        day += timedelta(days=1)
        if _is_paused(day, paused):
            continue
        if calendar is None or calendar.is_workday(day):
            left -= 1
    return day


def _count(after: date, upto: date, paused: list[tuple[date, date]], calendar: WorkCalendar | None) -> int:
    """Count the days that count, after `after` up to and with `upto`."""
    whole = calendar.count(after, upto) if calendar else max((upto - after).days, 0)
    lost = 0
    for first, last in _united(paused):
        lost += calendar.count(first, min(last, upto)) if calendar else max((min(last, upto) - first).days, 0)
    return whole - lost


def _paused_days(after: date, upto: date, paused: list[tuple[date, date]]) -> int:
    return sum(max((min(last, upto) - max(first, after)).days, 0) for first, last in _united(paused))


def _united(paused: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Drop suspensions that end on the day they begin; the others never overlap, because they are united by moment."""
    return [(first, last) for first, last in paused if last > first]


def _is_paused(day: date, paused: list[tuple[date, date]]) -> bool:
    return any(first < day <= last for first, last in paused)


def _add_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
    return date(year, month + 1, min(start.day, last.day))


def _colour(line: _Line, limits: Limits, promised: Reading | None, statutory: Reading | None) -> Colour:
    if statutory and statutory.late:
        return Colour.RED
    if promised and promised.late:
        return Colour.YELLOW
    if line.paused:
        return Colour.GREY
    shown, limit = (promised, limits.promised) if promised else (statutory, limits.statutory)
    if shown is None or limit is None or line.stopped or limit.unit == "即办":
        return Colour.GREEN
    # 预警: remaining ≤ max(1 unit, a fifth of the limit).
    return Colour.AMBER if shown.left <= 1 or shown.left * 5 <= limit.amount else Colour.GREEN


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
