"""The rows of a grid, written without a template: what comes from people is text, whatever it looks like."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.safestring import mark_safe

from tongban.desk.registries import COLUMNS, Line
from tongban.desk.templatetags.grid import lines

_EVIL = '"><script>alert(1)</script>'
_ROW = Line(
    key="114302", href="/desk/cases/114302/", due="late", due_words="超 2 天", due_on=date(2026, 11, 2), title="新生儿落户",
    subject="龘*", state_tone="run", state_label="审核中", task="审核", source="网上", who="", number="0001",
    begun_on=date(2026, 1, 9),
)  # fmt: skip


def _with(name: str, value: Any) -> Line:
    return replace(_ROW, **{name: value})


def test_a_row_has_a_cell_for_each_chosen_column_and_a_mark_where_lines_can_be_marked():
    whole = lines([_ROW], COLUMNS, True)
    assert whole.count("<td") == 6 + len(COLUMNS)
    assert lines([_ROW], (), False).count("<td") == 5
    for words in ("超 2 天", "新生儿落户", "龘*", "审核中", "11-02", "01-09", "选中 龘* 新生儿落户", "—"):
        assert words in whole


def test_nothing_of_a_row_becomes_markup():
    for name in ("key", "href", "due_words", "title", "subject", "state_label", "task", "source", "who", "number"):
        drawn = lines([_with(name, _EVIL)], COLUMNS, True)
        assert "<script" not in drawn
        assert "&quot;&gt;&lt;script&gt;" in drawn


def test_what_claims_to_be_markup_is_text_in_a_row_too():
    for name in ("key", "href", "title", "subject", "task", "source", "who", "number"):
        assert "<script" not in lines([_with(name, mark_safe(_EVIL))], COLUMNS, True)
