"""Formats of a form's texts: identity number, credit code, telephone, date; each with its exact sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from django.utils.translation import gettext

from tongban.kernel.codes import resident_id, uscc
from tongban.kernel.codes.errors import CodeError

_MOBILE: Final = re.compile(r"^1[3-9]\d{9}$")
_PHONE: Final = re.compile(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?)$")
_DATE: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_DIVISION: Final = re.compile(r"^\d{4}(\d\d|Z\d)\d{6}$")


def resident_id_fault(value: str) -> str | None:
    """What is wrong with an 18-character identity number, or None."""
    if len(value) == 15:
        return gettext("请填写 18 位的公民身份号码，15 位的旧号码已经停用")
    return _code_fault(resident_id.parse, value)


def uscc_fault(value: str) -> str | None:
    """What is wrong with a unified social credit code, or None."""
    return _code_fault(uscc.parse, value)


def mobile_fault(value: str) -> str | None:
    """What is wrong with a mobile number, or None."""
    if not value.isdecimal() or not value.isascii():
        return gettext("手机号只能是数字")
    if len(value) != 11:
        missing = 11 - len(value)
        told = gettext("少 %(n)s 位，手机号是 11 位数字") if missing > 0 else gettext("多 %(n)s 位，手机号是 11 位数字")
        return told % {"n": abs(missing)}
    return None if _MOBILE.match(value) else gettext("手机号以 13 至 19 开头，请检查前两位")


def phone_fault(value: str) -> str | None:
    """What is wrong with a mobile or land-line number, or None."""
    if _PHONE.match(value):
        return None
    if value.startswith("1") and value.isascii() and value.isdecimal():
        return mobile_fault(value)
    return gettext("请填写 11 位手机号，或者带区号的座机号，例如 0731-28680860")


def date_fault(value: str) -> str | None:
    """What is wrong with a date, or None."""
    if not _DATE.match(value):
        return gettext("日期请写成 2026-01-31 的样子")
    try:
        date.fromisoformat(value)
    except ValueError:
        return gettext("没有这一天，请检查月份和日子")
    return None


def division_fault(value: str) -> str | None:
    """What is wrong with a division code, or None; whether the division exists is for the directory to say."""
    return None if _DIVISION.match(value) else gettext("请选择县市区或者乡镇（街道）")


_FAULTS: Final[dict[str, Callable[[str], str | None]]] = {
    "resident-id": resident_id_fault,
    "uscc": uscc_fault,
    "mobile": mobile_fault,
    "phone": phone_fault,
    "date": date_fault,
    "division": division_fault,
}


def _passes(fault: Callable[[str], str | None]) -> Callable[[str], bool]:
    return lambda value: fault(value) is None


#: For the validator: format name to whether a text is of it.
FORMATS: Final[dict[str, Callable[[str], bool]]] = {name: _passes(fault) for name, fault in _FAULTS.items()}


def format_message(name: str, title: str, value: object) -> str:
    """The sentence for a value that is not of the format."""
    fault = _FAULTS.get(name)
    told = fault(value) if fault and isinstance(value, str) else None
    if told is None:
        return gettext("%(title)s的格式不对，请检查") % {"title": title}
    return (
        told
        if name in ("mobile", "phone", "date", "division")
        else gettext("%(title)s不对：%(told)s") % {"title": title, "told": told}
    )


def _code_fault(parse: Callable[[str], object], value: str) -> str | None:
    try:
        parse(value)
    except CodeError as error:
        return error.message
    return None
