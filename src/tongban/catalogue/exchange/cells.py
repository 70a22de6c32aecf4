"""What stands in a cell, as text: the same text whether a spreadsheet made a number, a date or a word of it. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from tongban.kernel.codes.reading import normalise

#: Characters in a cell of a spreadsheet at most are 32,767.
CELL_MAX: Final = 32_000
CUT: Final = "……（太长，全文见“其他要素”）"
#: Blanks that say nothing at the ends of a text: no-break, ideographic, without width, byte order mark.
_BLANK: Final = " \t\r\n\v\f\u00a0\u2007\u202f\u3000\u200b\u200c\u200d\u2060\ufeff"
#: What no file of a spreadsheet can hold.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: An escape of the file format in a text that means itself.
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINES: Final = re.compile(r"\r\n?|\u2028|\u2029|\x85")
#: Begins a formula where a spreadsheet opens a CSV file.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_DAY: Final = re.compile(r"((?:19|20|99)\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]\s*[\d:.]+)?")
_DAY_DIGITS: Final = re.compile(r"((?:19|20|99)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:\d{6})?")
#: Day 0 of the serial numbers in which spreadsheets count days; what is before 1954 or after 2119 is no serial.
_SERIAL_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)


def text(value: object) -> str:
    """The text of a cell's value: without outer blanks, whole numbers without a point, days as 2024-01-05."""
    if isinstance(value, str):
        return _LINES.sub("\n", value).strip(_BLANK)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        # Beyond its figures a number is no longer what was typed.
        if value.is_integer():
            return str(int(value)) if abs(value) < 2**53 else f"{value:E}"
        return repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def written(value: str) -> str:
    """The text as a cell can hold it: without control characters and outer blanks, cut where it is too long."""
    plain = text(_ESCAPE.sub("_ ", _FORBIDDEN.sub("", value)))
    return plain if len(plain) <= CELL_MAX else plain[: CELL_MAX - len(CUT)] + CUT


def pieces(value: str, size: int = CELL_MAX) -> list[str]:
    """A long text in pieces for cells, none of which begins or ends with what `text` takes away."""
    made: list[str] = []
    start = 0
    while start < len(value):
        end = min(start + size, len(value))
        while end < len(value) and (value[end - 1] in _BLANK or value[end] in _BLANK):
            end -= 1
        made.append(value[start:end])
        start = end
    return made


def guarded(value: str) -> str:
    """The text as a CSV file must hold it, so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith((*_FORMULA, "'")) else value


def unguarded(value: str) -> str:
    """The text of a cell of a CSV file."""
    return value[1:] if value[:1] == "'" and value[1:].startswith((*_FORMULA, "'")) else value


def whole(value: str) -> int:
    """A whole number from 0, full-width or not, "3.0" and "1,000" too.

    Raises:
        ValueError: anything else.
    """
    plain = normalise(value).replace(",", "")
    plain = plain.removesuffix(".0")
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise ValueError(value)
    return int(plain)


def day(value: str) -> date:
    """A day: 2024-1-5, 2024.1.5, 2024/01/05, 2024年1月5日, 20240105, or a spreadsheet's serial number.

    Raises:
        ValueError: anything else, and days that do not exist.
    """
    plain = normalise(value)
    match = _DAY.fullmatch(plain) or _DAY_DIGITS.fullmatch(plain)
    if match:
        year, month, number = map(int, match.groups())
        return date(year, month, number)
    if plain.isdigit() and int(plain) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(plain))
    raise ValueError(value)
