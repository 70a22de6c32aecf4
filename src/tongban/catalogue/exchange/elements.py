"""Elements of an item and the columns that hold them, both ways. Pure.

An element reads its columns into plain JSON values by path, and writes those values into its columns. What a column
cannot hold exactly is found by reading back what was written: see `records.left_over`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tongban.catalogue.exchange import cells
from tongban.catalogue.exchange.dictionaries import SEPARATOR, CodeUnknownError, Dictionary
from tongban.kernel.codes import code_lists
from tongban.kernel.codes.reading import normalise

#: Texts of a row by the name of their column; a column that the file does not have is not in it.
Cells = Mapping[str, str]
#: Plain JSON values by dotted path.
Values = dict[str, Any]
#: Where a name comes from: the national tables, or this platform, for what a standard names in Chinese only or not.
Origin = Literal["national", "platform"]

_LISTED: Final = re.compile(r"[\^、，,；;|\n]")


class CellError(ValueError):
    """A cell that cannot be read: its column, what is wrong, and what to do."""

    def __init__(self, column: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.column = column
        self.hint = hint


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its name in the national tables, its words in Chinese, whether a value is due."""

    name: str
    words: str
    due: bool = False
    origin: Origin = "national"
    #: Name of the dictionary's table whose codes it holds.
    table: str | None = None
    #: Other words over this column in files that people make.
    also: tuple[str, ...] = ()


Read = Callable[[Cells, Dictionary], Values]
Write = Callable[[Mapping[str, Any], Dictionary], dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Element:
    """Values at one or more paths and the columns for them.

    `read` is called where a column has a text; otherwise the values are `empty`, or not stated where that has no entry.
    """

    paths: tuple[str, ...]
    columns: tuple[Column, ...]
    read: Read
    write: Write
    empty: Mapping[str, Any] = field(default_factory=dict)

    def words(self, path: str) -> str:
        """The words over the column of one of its paths; the columns of several paths are its last."""
        place = len(self.columns) - len(self.paths) + self.paths.index(path) if len(self.paths) > 1 else 0
        return self.columns[max(place, 0)].words

    def stated(self, row: Cells, dictionary: Dictionary) -> Values:
        """The values that a row states.

        Raises:
            CellError: a cell cannot be read.
        """
        if not any(one.name in row for one in self.columns):
            return {}
        if not any(row.get(one.name) for one in self.columns):
            return dict(self.empty)
        return self.read(row, dictionary)


#: Gives the value at a path of a row's values; None where there is none.
def at(values: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None where the path leads nowhere."""
    here: Any = values
    for step in path.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(step)
    return here


def single(
    column: Column,
    path: str,
    read: Callable[[str, Dictionary], Any],
    write: Callable[[Any, Dictionary], str],
    **empty: Any,
) -> Element:
    """One value in one column; `read` raises ValueError, with a `hint` if it has one. `empty=…`: what no text says."""

    def reading(row: Cells, dictionary: Dictionary) -> Values:
        try:
            return {path: read(row[column.name], dictionary)}
        except ValueError as error:
            hint = getattr(error, "hint", "请核对后改正")
            raise CellError(column.name, str(error), hint) from error

    def writing(values: Mapping[str, Any], dictionary: Dictionary) -> dict[str, str]:
        value = at(values, path)
        return {column.name: "" if value is None else cells.written(write(value, dictionary))}

    stated = {path: empty["empty"]} if "empty" in empty else {}
    return Element(paths=(path,), columns=(column,), read=reading, write=writing, empty=stated)


class MisreadError(ValueError):
    """A cell's text that does not fit its column, with what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def text(column: Column, path: str, **empty: Any) -> Element:
    """A text as it stands."""
    return single(column, path, lambda it, _: it, lambda it, _: str(it), **empty)


def code_text(column: Column, path: str, **empty: Any) -> Element:
    """A code: full-width figures and small letters do not matter."""
    return single(column, path, lambda it, _: _whole_code(it), lambda it, _: str(it), **empty)


def _whole_code(it: str) -> str:
    plain = normalise(it)
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", plain):
        raise MisreadError(f"“{it}”是表格软件缩写的数字，编码已经不完整", "把整列的格式改为“文本”，再重新填写编码")
    return plain


def whole(column: Column, path: str, **empty: Any) -> Element:
    """A whole number from 0."""

    def read(it: str, _: Dictionary) -> int:
        try:
            return cells.whole(it)
        except ValueError:
            raise MisreadError(f"“{it}”不是整数", "只填数字，单位填在它自己的一列") from None

    return single(column, path, read, lambda it, _: str(it), **empty)


def flag(column: Column, path: str, **empty: Any) -> Element:
    """Yes or no."""
    return single(
        column,
        path,
        lambda it, dictionary: dictionary["yes_no"].read(it) == "yes",
        lambda it, dictionary: dictionary["yes_no"].write("yes" if it else "no") or "",
        **empty,
    )


def coded(column: Column, path: str, **empty: Any) -> Element:
    """One code of the column's table; the value "" of a table says that there is none."""
    return single(
        column,
        path,
        lambda it, dictionary: dictionary[_table(column)].read(it) or None,
        lambda it, dictionary: dictionary[_table(column)].write(it) or "",
        **empty,
    )


#: A code that stands for several values here.
_SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {"online": ("web", "mobile")}
_ONE_OF: Final = {value: whole for whole, values in _SEVERAL.items() for value in values}


def several(column: Column, path: str, prefix: str = "", **empty: Any) -> Element:
    """Several codes of the column's table, joined with "^"; each value with a prefix here."""

    def read(it: str, dictionary: Dictionary) -> list[str]:
        table = dictionary[_table(column)]
        found = [table.read(one) for one in _parts(it)]
        return [prefix + each for one in dict.fromkeys(found) for each in _SEVERAL.get(one, (one,))]

    def write(values: Sequence[str], dictionary: Dictionary) -> str:
        table = dictionary[_table(column)]
        own = [one.removeprefix(prefix) for one in values if one.startswith(prefix)]
        codes = [table.write(one) or table.write(_ONE_OF.get(one, "")) for one in own]
        return SEPARATOR.join(dict.fromkeys(code for code in codes if code))

    return single(column, path, read, write, **empty)


def listed(column: Column, path: str, **empty: Any) -> Element:
    """Several short texts, joined with "^"; other marks between them are read too."""
    return single(column, path, lambda it, _: _parts(it), lambda it, _: SEPARATOR.join(it), **empty)


def lines(column: Column, path: str, **empty: Any) -> Element:
    """Several paragraphs, each on a line of its own."""
    return single(column, path, lambda it, _: _paragraphs(it), lambda it, _: "\n".join(it), **empty)


def data(column: Column, path: str, **empty: Any) -> Element:
    """A JSON value, for what has no other form."""

    def read(it: str, _: Dictionary) -> Any:
        try:
            return json.loads(it)
        except (ValueError, RecursionError):
            raise MisreadError("不是合法的 JSON", "从导出的文件里复制，或者留空") from None

    return single(column, path, read, lambda it, _: json_text(it), **empty)


def limit(amount: Column, unit: Column, path: str) -> Element:
    """A limit of time in two columns; 0, or words for "at once", is at once."""

    def read(row: Cells, dictionary: Dictionary) -> Values:
        stated, unit_text = row.get(amount.name, ""), row.get(unit.name, "")
        if stated in _AT_ONCE:
            return {path: {"amount": 0, "unit": "at_once"}}
        try:
            number = cells.whole(stated)
        except ValueError:
            hint = "只填数字；当场办结的填 0"
            raise CellError(amount.name, f"“{stated}”不是整数" if stated else "没有填时限", hint) from None
        if number == 0:
            return {path: {"amount": 0, "unit": "at_once"}}
        try:
            return {path: {"amount": number, "unit": dictionary[_table(unit)].read(unit_text)}}
        except CodeUnknownError as error:
            hint = f"分钟请换算成小时，不满一小时当场办结的填 0。{error.hint}" if "分钟" in str(error) else error.hint
            message = str(error) if unit_text else "没有填时限单位"
            raise CellError(unit.name, message, hint) from error

    def write(values: Mapping[str, Any], dictionary: Dictionary) -> dict[str, str]:
        value = at(values, path)
        table = dictionary[_table(unit)]
        if not value:
            return {amount.name: "", unit.name: ""}
        number, code = value["amount"], table.write(value["unit"])
        if code is None or value["unit"] == "at_once":
            number, code = _converted(number, value["unit"], table.write("hours") is None)
            code = code if code in table.words else table.write("working_days") or ""
        return {amount.name: str(number), unit.name: code}

    return Element(paths=(path,), columns=(amount, unit), read=read, write=write)


_AT_ONCE: Final = frozenset({"即办", "当场", "当场办结", "即时", "即时办结"})


def _converted(number: int, unit: str, in_days: bool) -> tuple[int, str]:
    """Where the list has no such unit: days. At once has the amount 0 in working days."""
    return code_lists.statutory_days(number, unit) if in_days else (number, "")


def json_text(value: Any) -> str:
    """A JSON value in one line, as its author would read it."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _table(column: Column) -> str:
    return column.table or column.name


def _parts(it: str) -> list[str]:
    return [part for one in _LISTED.split(it) if (part := cells.text(one))]


def _paragraphs(it: str) -> list[str]:
    return [part for one in it.split("\n") if (part := cells.text(one))]
