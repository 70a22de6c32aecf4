"""How dates, money, limits and codes are written for people, in the language of the page.

Behind the template filters. Legal documents have their own writing, which is Chinese whatever the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

SHANGHAI = ZoneInfo("Asia/Shanghai")

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
#: English months are not words of the catalogue: 5 as "May" would stand beside 5月 in every list of words.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

#: Length of a code -> the lengths of its parts (body, item, date, serial): implementation, handling item, case number.
CODE_PARTS: dict[int, tuple[int, ...]] = {
    31: (18, 13),
    33: (18, 13, 2),
    43: (18, 13, 8, 4),
}

_WORKING_DAY = frozenset({"working_day", "working_days", "workday", "workdays", "W", "工作日"})
_DAY = frozenset({"day", "days", "calendar_day", "calendar_days", "natural_day", "D", "自然日"})
_HOUR = frozenset({"hour", "hours", "H", "小时"})
_MONTH = frozenset({"month", "months", "M", "月"})
_YEAR = frozenset({"year", "years", "Y", "年"})


def shanghai(value: datetime) -> datetime:
    """Return an aware time as the clock on a Zhuzhou wall; a naive one is taken to be that already."""
    return value.astimezone(SHANGHAI) if value.tzinfo else value


def _as_date(value: date | datetime) -> date:
    return shanghai(value).date() if isinstance(value, datetime) else value


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def cn_date(value: object) -> str:
    """Write a date as 2018年4月25日, in English 25 April 2018; nothing for a missing date."""
    if not isinstance(value, date):
        return ""
    day = _as_date(value)
    return f"{cn_day(day)} {day.year}" if _is_english() else f"{day.year}年{day.month}月{day.day}日"


def cn_day(value: object) -> str:
    """Write a date of the running year as 4月25日, in English 25 April; nothing for a missing date."""
    if not isinstance(value, date):
        return ""
    day = _as_date(value)
    return f"{day.day} {_MONTHS[day.month - 1]}" if _is_english() else f"{day.month}月{day.day}日"


def short_day(value: object) -> str:
    """Write a date where there is little room as 4/25, in English 25/4; nothing for a missing date."""
    if not isinstance(value, date):
        return ""
    day = _as_date(value)
    return f"{day.day}/{day.month}" if _is_english() else f"{day.month}/{day.day}"


def cn_weekday(value: object) -> str:
    """Write the day of the week as 周三, in English Wednesday; nothing for a missing date."""
    return str(WEEKDAYS[_as_date(value).weekday()]) if isinstance(value, date) else ""


def cn_time(value: object) -> str:
    """Write a time of day as 9:05 in Asia/Shanghai; nothing for a missing time."""
    if not isinstance(value, datetime):
        return ""
    moment = shanghai(value)
    return f"{moment.hour}:{moment.minute:02d}"


def cn_datetime(value: object) -> str:
    """Write a time as 2018年4月25日 9:05 in Asia/Shanghai, in English 25 April 2018, 9:05.

    A bare date has no hour; nothing for a missing one.
    """
    if not isinstance(value, datetime):
        return cn_date(value)
    return f"{cn_date(value)}{', ' if _is_english() else ' '}{cn_time(value)}"


def yuan(fen: object) -> str:
    """Write an amount of integer fen as ¥ 15.00; nothing for anything that is not an amount."""
    from tongban.kernel.money import yuan as kernel_yuan

    return kernel_yuan(fen) if isinstance(fen, int) and not isinstance(fen, bool) else ""


def _unit_words(amount: int, unit: str) -> str:
    if unit in _WORKING_DAY:
        return ngettext("%(n)s 个工作日", "%(n)s 个工作日", amount) % {"n": amount}
    if unit in _DAY:
        return ngettext("%(n)s 日", "%(n)s 日", amount) % {"n": amount}
    if unit in _HOUR:
        return ngettext("%(n)s 小时", "%(n)s 小时", amount) % {"n": amount}
    if unit in _MONTH:
        return ngettext("%(n)s 个月", "%(n)s 个月", amount) % {"n": amount}
    if unit in _YEAR:
        return ngettext("%(n)s 年", "%(n)s 年", amount) % {"n": amount}
    raise ValueError(f"unknown unit of a limit: {unit!r}")


def limit(value: Any) -> str:
    """Write a limit as 5 个工作日, in English 5 working days.

    Takes an object or mapping with `amount` and `unit`, or a bare count of working days. Zero is 当场办结; no limit is
    nothing.

    Raises:
        ValueError: the unit is unknown.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, int):
        amount, unit = value, "working_day"
    elif isinstance(value, dict):
        amount, unit = int(value["amount"]), str(value["unit"])
    else:
        amount, unit = int(value.amount), str(getattr(value.unit, "value", value.unit))
    return _("当场办结") if amount == 0 else _unit_words(amount, unit)


def code_parts(code: str) -> Sequence[str]:
    """Cut a code into the parts that mean something; a code of unknown length stays whole."""
    lengths = CODE_PARTS.get(len(code))
    if lengths is None:
        return (code,)
    parts, start = [], 0
    for length in lengths:
        parts.append(code[start : start + length])
        start += length
    return tuple(parts)


def bytes_size(size: object) -> str:
    """Write a count of bytes as 4.4 MB (1 MB = 1024 KB); nothing for a missing size."""
    if not isinstance(size, int):
        return ""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"
