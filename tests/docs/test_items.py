"""The reference of items in files is the description of their columns and dictionaries."""

import pytest

from tongban.catalogue.exchange import fields
from tongban.catalogue.exchange.dictionaries import DICTIONARIES, GBT39046
from tongban.catalogue.exchange.elements import Column
from tongban.cli.places import ROOT

PAGE = ROOT / "docs" / "reference" / "items.md"
ORIGINS = {"national": "n", "platform": "o"}
#: The themes stand in `catalogue/topics.py`; a page of them helps nobody.
NAMED_ONLY = ("user_topic_type", "corp_topic_type")


def column_line(column: Column, element: str) -> str:
    """A column's line of the page."""
    due, table = "due" if column.due else "", f"`{column.table}`" if column.table else ""
    return f"| `{column.name}` | {column.words} | {due} | {ORIGINS[column.origin]} | {element} | {table} |"


def sheet_lines(sheet: fields.Sheet) -> list[str]:
    """The lines of one sheet."""
    elements = {
        column.name: "、".join(f"`{path}`" for path in one.paths) for one in sheet.elements for column in one.columns
    }
    return [column_line(column, elements.get(column.name, "")) for column in sheet.columns]


def table_line(name: str) -> str:
    """One list: its codes in the default dictionary, and in those that differ."""
    plain = GBT39046[name]

    def codes(one):
        return "，".join(f"{code} {words}" + ("" if code in one.values else "×") for code, words in one.words.items())

    others = [(d.name, d[name]) for d in DICTIONARIES.values() if d[name] is not plain]
    told = "".join(f"; **{name_of}**: {codes(one)}" for name_of, one in others)
    return f"| `{name}` | {plain.name} | {codes(plain)}{told} |"


@pytest.mark.parametrize("sheet", fields.SHEETS, ids=lambda sheet: sheet.name)
def test_every_column_of_a_sheet_stands_on_the_page_in_order(sheet):
    part = PAGE.read_text(encoding="utf-8").partition(f"### {sheet.title} `{sheet.name}`")[2].partition("\n#")[0]
    assert [line for line in part.splitlines() if line.startswith("| `")] == sheet_lines(sheet)


def test_every_dictionary_and_list_stands_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    part = page.partition("## Dictionaries")[2]
    assert [line for line in part.splitlines() if line.startswith("| `")] == [
        *(f"| `{one.name}` | {one.title} |" for one in DICTIONARIES.values()),
        *(table_line(name) for name in GBT39046.tables if name not in NAMED_ONLY),
    ]
