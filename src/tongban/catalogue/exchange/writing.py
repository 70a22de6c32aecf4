"""Files of items and of findings: XLSX, CSV in a ZIP, YAML. Texts are written as texts, never as formulas. Pure."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter

from tongban.catalogue.exchange import cells, findings, plain_yaml, sheets
from tongban.catalogue.exchange.dictionaries import Dictionary
from tongban.catalogue.exchange.findings import Finding
from tongban.catalogue.exchange.sheets import Item

#: A fixed day, so that the same items give the same bytes.
_STAMP: Final = (2020, 1, 1, 0, 0, 0)
_WIDE: Final = 24


def xlsx(items: Iterable[Item], dictionary: Dictionary, target: IO[bytes]) -> None:
    """A workbook: a sheet for each table, the words of the columns in row 1 and their names in row 2.

    The items are gone through twice, first for the columns that exchange files brought.
    """
    book = _book(target)
    bold, plain = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    heads = sheets.heads(one.definition.get("extras") or {} for one in items)
    pages: dict[str, tuple[Any, dict[str, int]]] = {}
    for title, columns in heads.items():
        page = book.add_worksheet(title)
        page.set_column(0, len(columns) - 1, _WIDE, plain)
        for place, column in enumerate(columns):
            page.write_string(0, place, column.words, bold)
        for place, column in enumerate(columns):
            page.write_string(1, place, column.name, bold)
        page.freeze_panes(2, 1)
        pages[title] = (page, {column.name: place for place, column in enumerate(columns)})
    lines = dict.fromkeys(pages, 1)
    for item in items:
        for title, row in sheets.rows(item, dictionary):
            page, places = pages[title]
            lines[title] += 1
            for name, place in places.items():
                if text := row.get(name):
                    page.write_string(lines[title], place, text, plain)
    book.close()


def _book(target: IO[bytes]) -> Any:
    return xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )


def packed_csv(items: Iterable[Item], dictionary: Dictionary, target: IO[bytes]) -> None:
    """A ZIP with a CSV file for each table: UTF-8 with a mark, names of the columns in the first row."""
    heads = sheets.heads(one.definition.get("extras") or {} for one in items)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        paths = {title: Path(folder, str(number)) for number, title in enumerate(heads)}
        with ExitStack() as opened:
            writers = {
                title: csv.writer(opened.enter_context(path.open("w", encoding="utf-8", newline="")))
                for title, path in paths.items()
            }
            for title, columns in heads.items():
                writers[title].writerow([cells.guarded(column.name) for column in columns])
            for item in items:
                for title, row in sheets.rows(item, dictionary):
                    writers[title].writerow([cells.guarded(row.get(column.name, "")) for column in heads[title]])
        for title, path in paths.items():
            with path.open("rb") as done, archive.open(zipfile.ZipInfo(f"{title}.csv", _STAMP), "w") as part:
                part.write(b"\xef\xbb\xbf")
                while chunk := done.read(1 << 20):
                    part.write(chunk)


def yaml_file(items: Iterable[Item], _dictionary: Dictionary, target: IO[bytes]) -> None:
    """The definitions as they are."""
    for piece in plain_yaml.write(items):
        target.write(piece)


#: By the name of the format.
WRITERS: Final[Mapping[str, Callable[[Iterable[Item], Dictionary, IO[bytes]], None]]] = {
    "xlsx": xlsx,
    "csv": packed_csv,
    "yaml": yaml_file,
}
#: The extension of a file in each format.
EXTENSIONS: Final[Mapping[str, str]] = {"xlsx": "xlsx", "csv": "zip", "yaml": "yaml"}


def report_xlsx(found: Sequence[Finding], target: IO[bytes]) -> None:
    """The findings as a workbook with one sheet."""
    book = _book(target)
    bold = book.add_format({"bold": True})
    page = book.add_worksheet("检查报告")
    page.set_column(0, len(findings.HEAD) - 1, _WIDE)
    page.freeze_panes(1, 0)
    for line, row in enumerate([findings.HEAD, *(one.cells for one in found)]):
        for place, text in enumerate(row):
            page.write_string(line, place, cells.written(text), bold if line == 0 else None)
    book.close()


def report_csv(found: Sequence[Finding], target: IO[bytes]) -> None:
    """The findings as one CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(findings.HEAD)
    writer.writerows([[cells.guarded(cells.written(cell)) for cell in one.cells] for one in found])
    target.write(b"\xef\xbb\xbf" + text.getvalue().encode())
