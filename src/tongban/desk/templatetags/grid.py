"""`{% load grid %}`: the rows of a grid. A page has a hundred of them, so they are written without a template."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongban.base.templatetags.ui_content import due, state
from tongban.base.web.components import component
from tongban.desk.registries import Line, Menu

register = template.Library()


@register.simple_tag
def lines(rows: Sequence[Line], columns: Sequence[str], mark: object = False) -> SafeString:
    """Rows: the mark where lines can be marked, limit, item, applicant, state, the chosen columns, day.

    Whatever comes from a row is escaped here, also what claims to be HTML.
    """
    mark_words = _("选中 %(who)s %(what)s") if mark else ""
    return mark_safe("".join(_row(one, columns, mark_words) for one in rows))  # noqa: S308 - escaped below


def _row(row: Line, columns: Sequence[str], mark_words: str) -> str:
    title, subject = escape(row.title), escape(row.subject)
    cells = [
        _mark(row, mark_words) if mark_words else "",
        f'<td class="inbox__due">{due(row.due, row.due_words)}</td>',
        f'<td class="inbox__item" title="{title}"><a href="{escape(row.href)}">{title}</a>{_acting(row)}</td>',
        f'<td class="inbox__subject" title="{subject}">{subject}</td>',
        f'<td class="inbox__state">{state(row.state_tone, row.state_label, bare=True)}</td>',
        *(_CELLS[key](row) for key in columns),
        f'<td class="num end">{_day(row.due_on)}</td>',
    ]
    return f"<tr>{''.join(cells)}</tr>"


@component(register, "desk/parts/menu.html")
def menu(menu: Menu, *, end: bool = False) -> dict[str, Any]:
    """A filter with its choices; `end`: it opens to the left."""
    return {"menu": menu, "end": end}


def _mark(row: Line, words: str) -> str:
    words = words % {"who": row.subject, "what": row.title}
    return (
        f'<td class="inbox__mark"><input class="check--sm" type="checkbox" name="key" value="{escape(row.key)}" '
        f'form="marked" aria-label="{escape(words)}"></td>'
    )


def _acting(row: Line) -> str:
    if not row.acting_for:
        return ""
    words = _("代%s办理") % row.acting_for
    return f' <abbr class="acting" title="{escape(words)}">{_("代")}</abbr>'


def _day(day: date | None) -> str:
    return f"{day.month:02}-{day.day:02}" if day else "—"


_CELLS: Mapping[str, Callable[[Line], str]] = {
    "task": lambda row: f'<td class="who">{escape(row.task)}</td>',
    "source": lambda row: f'<td class="who inbox__more">{escape(row.source)}</td>',
    "who": lambda row: f'<td class="who">{escape(row.who or "—")}</td>',
    "begun": lambda row: f'<td class="num who">{_day(row.begun_on)}</td>',
    "number": lambda row: f'<td class="num who inbox__more" title="{escape(row.key)}">{escape(row.number)}</td>',
}
