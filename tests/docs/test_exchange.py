"""The reference of the exchange tables is the description of the exchange tables."""

import re

import pytest

from tongban.cases.exchange.columns import Column
from tongban.cases.exchange.tables import ENVELOPE, TABLES
from tongban.cli.places import ROOT

PAGE = (ROOT / "docs" / "reference" / "exchange.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, flags=re.DOTALL | re.MULTILINE))
ORIGINS = {"national": "n", "province": "p", "platform": "o"}
TABLES_AND_ENVELOPE = {"In every table": ENVELOPE} | {name: table.columns for name, table in TABLES.items()}
#: Dictionaries longer than this are named, not listed.
LISTED_MAX = 10


def line(column: Column) -> str:
    """The column's line as the page has it."""
    kind = f"{column.kind}({column.length})" if column.kind in {"text", "code", "number"} else column.kind
    codes = ""
    if column.codes is not None:
        listed = "，".join(f"{code} {words}" for code, words in column.codes.items())
        codes = f"; {listed if len(column.codes) <= LISTED_MAX else 'GA/T 2000.156'}"
    due, origin = "due" if column.required else "", ORIGINS[column.origin]
    return f"| `{column.name}` | {column.words} | {kind} | {due} | {origin} | {column.source}{codes} |"


@pytest.mark.parametrize("section", TABLES_AND_ENVELOPE)
def test_every_column_of_a_table_stands_in_its_section_in_order(section):
    found = [one for one in SECTIONS[section].splitlines() if one.startswith("| `")]
    assert found == [line(column) for column in TABLES_AND_ENVELOPE[section]]


def test_no_section_describes_a_table_that_is_none():
    assert {name for name in SECTIONS if re.fullmatch(r"[a-z_]+", name)} == set(TABLES)
