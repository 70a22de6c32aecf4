"""Which state of a record a message tells (`dataver`): a number or a time, by which older messages are known. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

from tongban.kernel.problems import Invalid

_CHINA: Final = timezone(timedelta(hours=8))
_FORMS: Final = ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%d", "%Y%m%d")
_MAX: Final = 2**63 - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SENTENCE: Final = "数据版本（dataver）写成不小于 0 的整数，或者时间，例如 3、2026-11-24T09:30:00+08:00。"


@dataclass(frozen=True, order=True, slots=True)
class DataVersion:
    """A state of a record. Numbers and times of one record are not compared with each other: see `form`."""

    value: int
    form: Literal["number", "time"]


def read(raw: int | str) -> DataVersion:
    """A number, or a time in microseconds since 1970; a time without a zone is Beijing's.

    Numbers may come as text; 14 digits are a time (20261124093000), 8 digits a day.

    Raises:
        Invalid: neither (`dataver_invalid`).
    """
    if isinstance(raw, int):
        return _number(raw)
    text = raw.strip()
    if text.isascii() and text.isdigit() and len(text) not in (8, 14):
        return _number(int(text[:20]))
    at = _time(text)
    since = at.astimezone(UTC) - _EPOCH
    if since < timedelta(0):
        raise Invalid(_SENTENCE, fields={"dataver": _SENTENCE}, code="dataver_invalid")
    return DataVersion(since // timedelta(microseconds=1), "time")


def _number(value: int) -> DataVersion:
    if not 0 <= value <= _MAX:
        raise Invalid(_SENTENCE, fields={"dataver": _SENTENCE}, code="dataver_invalid")
    return DataVersion(value, "number")


def _time(text: str) -> datetime:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=_CHINA)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=_CHINA)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(_SENTENCE, fields={"dataver": _SENTENCE}, code="dataver_invalid") from error
