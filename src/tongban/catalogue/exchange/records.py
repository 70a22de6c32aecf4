"""Records out of the tables of a file. Pure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tongban.catalogue.exchange import cells, fields
from tongban.catalogue.exchange.dictionaries import Dictionary
from tongban.catalogue.exchange.elements import CellError, Element
from tongban.catalogue.exchange.fields import BASIC, TASK_CODE, Sheet
from tongban.catalogue.exchange.findings import Finding
from tongban.catalogue.exchange.grids import IGNORED, Grid, Table, TableRow, plain, tables
from tongban.catalogue.exchange.record import DEFINITION, EXTRAS, Place, Record
from tongban.kernel.codes.reading import normalise

#: Items of one file.
ITEMS_MAX: Final = 30_000
#: Path under which the sheet of other elements keeps values that have no row of their own.
REST: Final = "*"
_DAYS: Final = {"plan_effective_date": "计划生效日期", "plan_cancel_date": "计划取消日期"}
_DELETED: Final = frozenset({"D", "删除"})
_OPERATION: Final = "cd_operation"


@dataclass
class Reading:
    """What a file holds: its records in order, and what is wrong with it."""

    records: list[Record] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(grids: Sequence[Grid], dictionary: Dictionary) -> Reading:
    """The records that the sheets tell, by the codes of a dictionary."""
    found, wrong = tables(grids)
    reader = _Reader(dictionary)
    reader.findings.extend(wrong)
    for table in found:
        reader.findings.extend(table.findings)
    for table in found:
        if table.sheet is None:
            reader.others(table)
    reader.join()
    for table in found:
        if table.sheet is BASIC:
            reader.items(table)
    if not any(table.sheet is BASIC for table in found):
        reader.findings.append(Finding(message="文件里没有事项表", hint="要有一张表的列名含“实施编码”“事项名称”等"))
    for table in found:
        if table.sheet is not None and table.sheet is not BASIC:
            reader.list_rows(table, table.sheet)
    for record in reader.records:
        reader.rest(record)
    return Reading(reader.records, reader.findings)


class _Reader:
    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.records: list[Record] = []
        self.findings: list[Finding] = []
        self._by_code: dict[str, Record] = {}
        self._columns: dict[str, Mapping[str, str]] = {}
        self._pieces: dict[tuple[str, str], list[tuple[int, str, Place]]] = defaultdict(list)
        #: What the sheet of other elements says: by code, then by path.
        self._said: dict[str, dict[str, Any]] = defaultdict(dict)

    def others(self, table: Table) -> None:
        """Take the pieces of the sheet of other elements."""
        for row in table.rows:
            code, path = normalise(row.known.get(TASK_CODE.name, "")), row.known.get("element", "")
            piece = row.known.get("piece", "")
            number = int(piece) if piece.isascii() and piece.isdigit() else 0
            self._pieces[code, path].append((number, row.known.get("content", ""), Place(table.title, row.number)))

    def join(self) -> None:
        """Put the pieces together."""
        for (code, path), parts in self._pieces.items():
            parts.sort(key=lambda one: one[0])
            place = parts[0][2]
            try:
                value = json.loads("".join(text for _, text, _ in parts))
            except (ValueError, RecursionError):
                message, hint = "不是合法的 JSON", "各段按顺序接起来要是一个完整的 JSON；可以从导出的文件里复制"
                self.findings.append(Finding(sheet=place.sheet, row=place.row, field=path, message=message, hint=hint))
                continue
            if path != REST:
                self._said[code][path] = value
            elif isinstance(value, dict):
                self._said[code].update(value)

    def items(self, table: Table) -> None:
        """Take the rows of the sheet of items."""
        for row in table.rows:
            if len(self.records) >= ITEMS_MAX:
                message = f"一个文件最多 {ITEMS_MAX} 个事项"
                self._find(table, row, "", "", message, "分成几个文件导入")
                return
            self._item(table, row)

    def _item(self, table: Table, row: TableRow) -> None:
        record = Record(Place(table.title, row.number), words={"": self._words(table)})
        code = normalise(row.known.get(TASK_CODE.name, ""))
        said = self._said.get(code, {})
        for element in BASIC.elements:
            record.values.update(self._stated(table, row, element, said, ""))
        self._keep(record, BASIC.title, row, 0)
        if normalise(row.unknown.get(_OPERATION, "")) in _DELETED:
            record.values["state"] = "cancelled"
        if code in self._by_code:
            first = self._by_code[code].place
            message = f"实施编码与“{first.sheet}”第 {first.row} 行重复"
            self._find(table, row, TASK_CODE.words, code, message, "一个事项只写一行")
            return
        if code:
            self._by_code[code] = record
        self.records.append(record)

    def list_rows(self, table: Table, sheet: Sheet) -> None:
        """Take the rows of a list's sheet, each to its item, in the order of their numbers."""
        for record in self.records:
            record.lists.setdefault(sheet.path, [])
        rows: dict[str, list[tuple[int, TableRow]]] = defaultdict(list)
        for row in table.rows:
            rows[normalise(row.known.get(TASK_CODE.name, ""))].append((self._order(table, row), row))
        for code, own in rows.items():
            owner = self._by_code.get(code)
            if owner is None:
                message = "没有填实施编码" if not code else "事项表里没有这个实施编码"
                for _order, row in own:
                    self._find(table, row, TASK_CODE.words, code, message, "与事项表里的实施编码一致")
                continue
            for order, row in sorted(own, key=lambda one: one[0]):
                self._entry(owner, table, row, sheet, order)

    def _words(self, table: Table) -> Mapping[str, str]:
        """The words over the column that the table has for each path."""
        if table.title not in self._columns:
            elements = table.sheet.elements if table.sheet else ()
            self._columns[table.title] = {
                path.removeprefix(DEFINITION): column.words
                for element in elements
                for column in reversed(element.columns)
                if column.name in table.columns
                for path in element.paths
            }
        return self._columns[table.title]

    def _order(self, table: Table, row: TableRow) -> int:
        text = row.known.get(fields.ORDER.name, "")
        try:
            return cells.whole(text) if text else 0
        except ValueError:
            self._find(table, row, fields.ORDER.words, text, "不是整数", "填 1、2、3，或者整列留空")
            return 0

    def _entry(self, record: Record, table: Table, row: TableRow, sheet: Sheet, order: int) -> None:
        made = record.lists[sheet.path]
        # What was left over is kept by the number that the row was written with.
        written = f"{sheet.path}.{order - 1 if order else len(made)}."
        said, here = self._said.get(record.task_code, {}), f"{sheet.path}.{len(made)}."
        entry: dict[str, Any] = {}
        inner = here.removeprefix(DEFINITION)[:-1]
        record.places[inner], record.words[inner] = Place(table.title, row.number), self._words(table)
        for element in sheet.elements:
            entry.update(self._stated(table, row, element, said, written))
        made.append(entry)
        self._keep(record, sheet.title, row, len(made))

    def _stated(
        self, table: Table, row: TableRow, element: Element, said: Mapping[str, Any], prefix: str
    ) -> dict[str, Any]:
        """What an element's columns say; the exact value where they show just that one."""
        exact = {path: said[prefix + path] for path in element.paths if prefix + path in said}
        if len(exact) == len(element.paths) and self._shows(element, row, exact):
            return exact
        try:
            stated = element.stated(row.known, self.dictionary)
        except CellError as error:
            column = table.columns.get(error.column)
            name = column.words if column else error.column
            self._find(table, row, name, row.known.get(error.column, ""), str(error), error.hint)
            return {}
        for column in element.columns:
            if not stated and column.due and row.known.get(column.name) == "":
                self._find(table, row, column.words, "", "没有填", "必填")
        return stated

    def _shows(self, element: Element, row: TableRow, exact: Mapping[str, Any]) -> bool:
        nested: dict[str, Any] = {}
        for path, value in exact.items():
            nest(nested, path, value)
        shown = element.write(nested, self.dictionary)
        return all(row.known.get(name, cells.text(text)) == cells.text(text) for name, text in shown.items())

    def _keep(self, record: Record, title: str, row: TableRow, number: int) -> None:
        """Keep columns that are not known, by "sheet.column" and the number of the row; days in one form."""
        for name, text in row.unknown.items():
            if plain(name) in IGNORED:
                continue
            stated: str | None = text or None
            if text and (plain(name) in _DAYS or name in _DAYS.values()):
                try:
                    stated = cells.day(text).isoformat()
                except ValueError:
                    hint = "写成 2024-01-05、2024年1月5日 或者 20240105"
                    self.findings.append(
                        Finding(
                            sheet=record.place.sheet,
                            row=row.number,
                            field=name,
                            value=text,
                            message="不是日期",
                            hint=hint,
                        )
                    )
            column = f"{title}.{name}" + (f".{number}" if number else "")
            record.values.setdefault(EXTRAS, {})[column] = stated

    def rest(self, record: Record) -> None:
        """Put in what the sheet of other elements says beyond the columns."""
        for path, value in self._said.get(record.task_code, {}).items():
            if path == EXTRAS and isinstance(value, dict):
                record.values[EXTRAS] = {**value, **record.values.get(EXTRAS, {})}
            elif path.startswith((DEFINITION, "base.")) and path not in BASIC.by_path and not _in_list(path):
                record.values[path] = value

    def _find(self, table: Table, row: TableRow, name: str, value: str, message: str, hint: str) -> None:
        self.findings.append(
            Finding(sheet=table.title, row=row.number, field=name, value=value, message=message, hint=hint)
        )


def _in_list(path: str) -> bool:
    return any(sheet.path and path.startswith(f"{sheet.path}.") for sheet in fields.SHEETS)


def nest(target: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path of objects."""
    *outer, last = path.split(".")
    for step in outer:
        target = target.setdefault(step, {})
    target[last] = value
