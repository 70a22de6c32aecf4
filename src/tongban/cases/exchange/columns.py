"""Columns and tables of an exchange: type, length, whether a value is due, dictionary; and the check of a row. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

#: What a column holds: text; a whole number; a code of a dictionary; a moment; a day; yuan with two decimals.
Kind = Literal["text", "number", "code", "moment", "day", "amount"]
#: Where a column's name comes from: the national tables, a province's tables, or this platform, which had to find a
#: name for something that a standard names in Chinese only.
Origin = Literal["national", "province", "platform"]
Value = str | int | None
Values = Mapping[str, Value]

_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "moment": re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d"),
    "day": re.compile(r"(19|20|99)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    "amount": re.compile(r"(0|[1-9]\d{0,15})\.\d\d"),
}
#: What is wrong with a value, as the desk says it.
REASONS: Final[Mapping[str, str]] = {
    "missing": "必填，没有值",
    "too_long": "超过规定长度",
    "not_in_dictionary": "不在代码表内",
    "wrong_shape": "格式不符合规定",
    "not_a_column": "不是这张表的字段",
    "control_character": "含有不能交换的控制字符",
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One value that does not fit: the column and a key of `REASONS`. It never holds the value itself."""

    column: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name, its meaning in the words of the standard, and what fits into it.

    `length`: characters at most (digits for a number). `source`: what of the case it is made from, for the reference.
    """

    name: str
    words: str
    kind: Kind
    length: int
    required: bool
    source: str
    origin: Origin = "national"
    codes: Mapping[str, str] | None = None

    def fault(self, value: Value) -> str | None:
        """What is wrong with a value: a key of `REASONS`, None where it fits. Empty text counts as no value."""
        text = "" if value is None else str(value)
        if not text:
            return "missing" if self.required else None
        if len(text) > self.length:
            return "too_long"
        if _CONTROL.search(text):
            return "control_character"
        return None if self._fits(value, text) else self._misfit

    @property
    def _misfit(self) -> str:
        return "not_in_dictionary" if self.kind == "code" else "wrong_shape"

    def _fits(self, value: Value, text: str) -> bool:
        if self.kind == "number":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if not isinstance(value, str):
            return False
        if self.kind == "code" and self.codes is not None:
            return text in self.codes
        shape = _SHAPES.get(self.kind)
        return shape is None or shape.fullmatch(text) is not None


Rule = Callable[[Values], tuple[Fault, ...]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its name, what a row of it is, its columns in order, and rules over several columns."""

    name: str
    title: str
    standard: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(one.name for one in self.columns)

    def faults(self, values: Values) -> tuple[Fault, ...]:
        """Everything that is wrong with a row; empty where it fits."""
        unknown = [Fault(column=name, reason="not_a_column") for name in values if name not in self.names]
        found = [(one.name, one.fault(values.get(one.name))) for one in self.columns]
        wrong = [Fault(column=name, reason=reason) for name, reason in found if reason is not None]
        return (*unknown, *wrong, *(fault for rule in self.rules for fault in rule(values)))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row to be reported: its table, what makes it that row within its case, and its values without the envelope.

    The envelope (`tables.ENVELOPE`) is put around it when it is kept in a batch.
    """

    table: str
    key: str
    values: Values


def fitting(parts: list[str], length: int, *, separator: str = "；") -> str:
    """As many of the parts as fit into a length, said to be so where some are left out: "甲；乙等5项"."""
    whole = separator.join(parts)
    if len(whole) <= length:
        return whole
    tail = f"等{len(parts)}项"
    kept = ""
    for one in parts:
        longer = f"{kept}{separator}{one}" if kept else one
        if len(longer) + len(tail) > length:
            break
        kept = longer
    return f"{kept or parts[0][: length - len(tail)]}{tail}"
