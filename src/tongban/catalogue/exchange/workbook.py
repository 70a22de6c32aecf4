"""XLSX files read as sheets of texts: merged cells filled in, formulas by the value they were saved with. Pure.

A workbook has been screened before (`files.queries.screen_workbook`): it unpacks into bounds and holds no macros.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from tongban.catalogue.exchange import cells
from tongban.catalogue.exchange.findings import Finding
from tongban.catalogue.exchange.grids import Grid

ROWS_MAX: Final = 500_000
COLUMNS_MAX: Final = 500
#: Findings of one sheet about its formulas.
_TROUBLES_MAX: Final = 100
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: A formula; a value that is an error.
_MARKS: Final = (b"<f", b't="e"')


class UnreadableError(ValueError):
    """A file that cannot be read as what it is said to be; the sentence says what to do."""


def grids(data: bytes) -> list[Grid]:
    """The sheets of a workbook that people see, in order.

    Raises:
        UnreadableError: damaged, or larger than the bounds.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            troubles = _troubles(data)
            names = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
            return [_grid(book.get_sheet_by_name(name), troubles.get(name, [])) for name in names]
    except (CalamineError, zipfile.BadZipFile, ET.ParseError, KeyError) as error:
        raise UnreadableError("表格打不开，可能已损坏。请用表格软件打开，另存为 .xlsx 后再导入。") from error


def _grid(sheet: CalamineSheet, troubles: list[tuple[str, bool]]) -> Grid:
    height, width = sheet.end or (0, 0)
    if height >= ROWS_MAX or width >= COLUMNS_MAX:
        raise UnreadableError(
            f"工作表“{sheet.name}”超过 {ROWS_MAX} 行或者 {COLUMNS_MAX} 列。请删去空行空列，或者分成几个文件。"
        )
    known: dict[str, str] = {}
    # The reader begins with row 1, but with the first column that has something.
    left = [""] * (sheet.start[1] if sheet.start else 0)
    # Most texts come again and again: each is kept once.
    rows = [left + [known.setdefault(text, text) for text in map(cells.text, row)] for row in sheet.iter_rows()]
    _fill(sheet, rows)
    return Grid(sheet.name, rows, tuple(_told(sheet.name, *one) for one in troubles[:_TROUBLES_MAX]))


def _fill(sheet: CalamineSheet, rows: list[list[str]]) -> None:
    """Write the text of each merged range into all its cells."""
    for (top, start), (bottom, end) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or start >= len(rows[top]):
            continue
        text = rows[top][start]
        for row in rows[top : bottom + 1]:
            for place in range(start, min(end + 1, len(row))):
                row[place] = text


def _told(sheet: str, where: str, is_empty: bool) -> Finding:
    row = int(re.sub(r"\D", "", where) or 0)
    if is_empty:
        message = f"单元格 {where} 是公式，文件里没有存它的结果"
        return Finding(
            sheet=sheet, row=row, message=message, hint="用表格软件打开，保存一次再导入；或者复制后“粘贴为值”"
        )
    return Finding(sheet=sheet, row=row, message=f"单元格 {where} 是公式的错误值", hint="改正公式，或者直接填写内容")


def _troubles(data: bytes) -> dict[str, list[tuple[str, bool]]]:
    """By the name of the sheet: cells whose formula was saved without its value (True), or failed (False)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, list[tuple[str, bool]]] = {}
        for name, part in _parts(archive):
            if part in archive.namelist() and _may_have(archive, part):
                found[name] = list(_cells(archive, part))
        return found


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - screened: no document type
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for sheet in ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):  # noqa: S314 - as above
        target = targets.get(sheet.get(_RELATION), "")
        yield sheet.get("name", ""), target[1:] if target.startswith("/") else f"xl/{target}"


def _may_have(archive: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(1 << 20):
            if any(mark in tail + chunk for mark in _MARKS):
                return True
            tail = chunk[-8:]
    return False


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, bool]]:
    with archive.open(part) as file:
        for _event, cell in ET.iterparse(file):  # noqa: S314 - as above
            if cell.tag == f"{_MAIN}row":
                cell.clear()
            if cell.tag != f"{_MAIN}c":
                continue
            value, where = cell.find(f"{_MAIN}v"), cell.get("r", "")
            if cell.get("t") == "e":
                yield where, False
            # A formula may give an empty text, and says so.
            elif cell.find(f"{_MAIN}f") is not None and (value is None or (not value.text and cell.get("t") != "str")):
                yield where, True
