"""The only clock of the program: aware UTC inside, Shanghai for dates that people and the law mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: list[datetime] = []


def now() -> datetime:
    """Give the present moment, aware, in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


def today() -> date:
    """Give today's date in Shanghai."""
    return local_date(now())


def local_date(at: datetime) -> date:
    """Give the Shanghai date of an aware moment."""
    return at.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """Give the moment at which a Shanghai day begins."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Give the moment at which a Shanghai day ends (the start of the next)."""
    return start_of(day + timedelta(days=1))


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Stop the clock of the whole process, all threads, at an aware moment (tests and the rehearsal).

    Raises:
        ValueError: the moment is naive.
    """
    if at.tzinfo is None:
        raise ValueError("a frozen moment must be aware")
    _frozen.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()
