"""Sheets as people leave them, read as tables: the head, the columns that are known, the rows. Pure.

The head need not be the first row, may come again further down, and may be in the words or the names of the standard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from tongban.catalogue.exchange import fields
from tongban.catalogue.exchange.elements import Column
from tongban.catalogue.exchange.fields import Sheet
from tongban.catalogue.exchange.findings import Finding

#: Rows among which the head is looked for.
HEAD_WITHIN: Final = 20
#: Known columns that make a row a head.
_KNOWN_MIN: Final = 2
#: Characters of words over a column.
_HEAD_MAX: Final = 40
_EMPHASIS: Final = re.compile(r"[*\s:]|\((?:必填|选填|非必填)\)")


@dataclass(frozen=True)
class Grid:
    """One sheet: its title, and the texts of its rows from row 1; what could not be read while it was opened."""

    title: str
    rows: Sequence[Sequence[str]]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class TableRow:
    """One row below the head: its number, the texts of known columns by name, those of other columns by their head.

    A column that the file has is in it, with an empty text where the row says nothing.
    """

    number: int
    known: Mapping[str, str]
    unknown: Mapping[str, str]


@dataclass
class Table:
    """A sheet with its head found: which table it is and its rows; `sheet` is None for the sheet of other elements."""

    title: str
    sheet: Sheet | None
    columns: Mapping[str, Column]
    rows: list[TableRow]
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Head:
    index: int
    sheet: Sheet | None
    #: By place in the row.
    known: Mapping[int, Column]
    unknown: Mapping[int, str]


def tables(grids: Sequence[Grid]) -> tuple[list[Table], list[Finding]]:
    """The tables among the sheets, and what is wrong with sheets that are none."""
    found: list[Table] = []
    wrong: list[Finding] = []
    for grid in grids:
        wrong.extend(grid.findings)
        if not any(any(row) for row in grid.rows):
            continue
        head = _head(grid)
        if head is None:
            message = "没有认出表头，这张表没有读"
            hint = f"前 {HEAD_WITHIN} 行里要有一行是列名，例如“实施编码”“事项名称”或者 task_code、task_name"
            wrong.append(Finding(sheet=grid.title, message=message, hint=hint, severity="warning"))
            continue
        found.append(_table(grid, head))
    return found, wrong


@cache
def _names(sheet: Sheet | None) -> Mapping[str, Column]:
    columns = sheet.columns if sheet else fields.OTHER
    return {plain(word): one for one in columns for word in (one.name, one.words, *one.also)}


@lru_cache(maxsize=8192)
def plain(head: str) -> str:
    """The words over a column as they are compared: half-width, without stars, blanks and "（必填）"."""
    return _EMPHASIS.sub("", unicodedata.normalize("NFKC", head)).casefold()


def _head(grid: Grid) -> _Head | None:
    best: tuple[int, int, int] = (_KNOWN_MIN - 1, 0, 0)
    found: _Head | None = None
    for index, row in enumerate(grid.rows[:HEAD_WITHIN]):
        heads = [plain(cell) for cell in row]
        for sheet in (*fields.SHEETS, None):
            names = _names(sheet)
            count = sum(1 for one in set(heads) if one in names)
            title = sheet.title if sheet else fields.OTHER_TITLE
            # Of heads alike the one whose sheet bears the title, then the first.
            worth = (count, int(title in grid.title or (sheet is not None and sheet.name == grid.title)), -index)
            if count >= _KNOWN_MIN and worth > best and plain(fields.TASK_CODE.words) in _keys(heads, names):
                best, found = worth, _taken(index, sheet, row, heads)
    return found


def _keys(heads: Sequence[str], names: Mapping[str, Column]) -> set[str]:
    """The words of the known columns: a table without codes and names of items is none."""
    known = {plain(names[one].words) for one in heads if one in names}
    if plain("事项名称") in known or plain("基本编码") in known:
        known.add(plain(fields.TASK_CODE.words))
    return known


def _taken(index: int, sheet: Sheet | None, row: Sequence[str], heads: Sequence[str]) -> _Head:
    names = _names(sheet)
    known = {place: names[one] for place, one in enumerate(heads) if one in names}
    unknown: dict[int, str] = {}
    for place, cell in enumerate(row):
        if cell and place not in known:
            # Two columns under the same words are two columns.
            unknown[place] = cell if cell not in unknown.values() else f"{cell}（第{place + 1}列）"
    return _Head(index, sheet, known, unknown)


def _table(grid: Grid, head: _Head) -> Table:
    title = grid.title
    made = Table(title, head.sheet, {one.name: one for one in head.known.values()}, [])
    made.findings.extend(_twice(title, head))
    unnamed: set[int] = set()
    names = _names(head.sheet)
    for number, row in enumerate(grid.rows[head.index + 1 :], head.index + 2):
        if not any(row) or _is_head(row, names, head):
            continue
        known = {column.name: row[place] if place < len(row) else "" for place, column in head.known.items()}
        unknown = {name: row[place] if place < len(row) else "" for place, name in head.unknown.items()}
        for place, cell in enumerate(row):
            if cell and place not in head.known and place not in head.unknown:
                unnamed.add(place)
                unknown[f"第{place + 1}列"] = cell
        made.rows.append(TableRow(number, known, unknown))
    made.findings.extend(_told(title, head.index + 1, [*head.unknown.values(), *_unnamed(unnamed)]))
    return made


def _unnamed(places: set[int]) -> Iterator[str]:
    return (f"第{place + 1}列" for place in sorted(places))


def _is_head(row: Sequence[str], names: Mapping[str, Column], head: _Head) -> bool:
    """Whether this is the head again, in words or in names."""
    again = sum(
        1
        for place, column in head.known.items()
        if place < len(row) and len(row[place]) <= _HEAD_MAX and names.get(plain(row[place])) is column
    )
    return again > 1 and again * 2 > sum(1 for cell in row if cell)


def _twice(title: str, head: _Head) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for place, column in head.known.items():
        if column.name in seen:
            message = f"“{column.words}”有两列：第 {seen[column.name] + 1} 列和第 {place + 1} 列"
            yield Finding(sheet=title, row=head.index + 1, field=column.words, message=message, hint="删去一列")
        seen.setdefault(column.name, place)


def _told(title: str, row: int, names: Sequence[str]) -> Iterator[Finding]:
    for name in names:
        if plain(name) not in IGNORED:
            yield Finding(
                sheet=title,
                row=row,
                field=name,
                message="不认识这一列，内容原样保留在事项的“其他字段”里",
                hint="列名写错的请改正；确实没有对应要素的不用处理",
                severity="warning",
            )


#: What belongs to the transfer, not to the item.
IGNORED: Final = frozenset(
    {"row_guid", "data_source", "cd_operation", "cd_time", "cd_batch", "task_version", "dataver"}
)
