"""Tables of the catalogue at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.catalogue import queries
from tongban.catalogue.definition import Limit
from tongban.catalogue.models import Implementation
from tongban.catalogue.policy import may_edit
from tongban.catalogue.queries.table import TableFilters
from tongban.catalogue.web.choosing import COLUMNS, Choosing
from tongban.catalogue.words import KINDS, LEVELS, limit_words, visits_words
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor, Role

#: Lines of a page: 36 px each.
_SIZE = 50
_TONES = {"active": "done", "suspended": "pause", "cancelled": "none"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One implementation as the table shows it."""

    task_code: str
    name: str
    #: Key of the column, its name, the words, and the tone of a state.
    cells: tuple[tuple[str, str, str, str], ...]
    #: Whether whoever looks may change it.
    mine: bool


@never_cache
@require_safe
@staff_required()
def items(request: HttpRequest) -> HttpResponse:
    """What the bodies in reach run, filtered and in chosen columns."""
    actor = require_actor(request)
    filters = TableFilters.read(request.GET.dict())
    choosing = Choosing(filters, request.GET.get("cols", ""))
    page = queries.implementation_table(actor, filters, cursor=request.GET.get("cursor"), size=_SIZE)
    whole = page.next is None and page.previous is None
    context = {
        "page": page,
        "rows": [_row(one, choosing.columns, actor) for one in page.items],
        "edits": Role.CATALOGUE_EDITOR in actor.roles(),
        "heads": [(key, COLUMNS[key]) for key in choosing.columns],
        "choosing": choosing,
        "count": _("共 %d 项") % len(page.items) if whole else _about(queries.table_estimate(actor, filters)),
    }
    return render(request, "catalogue/desk/items.html", context)


def _about(number: int) -> str:
    """A guess with two digits that mean something; a table that was never analysed gives none."""
    if number <= _SIZE:
        return _("%d 项以上") % _SIZE
    step = 10 ** max(len(str(number)) - 2, 0)
    return _("约 %s 项") % f"{round(number / step) * step:,}"


def _row(item: Implementation, columns: tuple[str, ...], actor: Actor) -> Row:
    cells = dict(_cells(item))
    return Row(
        task_code=item.task_code,
        name=item.base.name,
        mine=may_edit(actor, item),
        cells=tuple(
            (key, str(COLUMNS[key]), cells[key], _TONES[item.state] if key == "state" else "") for key in columns
        ),
    )


def _cells(item: Implementation) -> Iterator[tuple[str, str]]:
    told = item.summary
    yield "body", item.organisation.name
    yield "level", str(LEVELS.get(item.level, ""))
    yield "kind", str(KINDS.get(item.base.kind, ""))
    yield "state", str(item.get_state_display())
    yield "promised", limit_words(Limit(**told["promised"]))
    yield "statutory", limit_words(Limit(**told["statutory"]))
    yield "visits", visits_words(told["visits"])
    yield "materials", _("%d 份") % len(told["materials"])
    yield "fees", _("收费") if told["fees"] else _("不收费")
    yield "online", _("能") if told["online"] else _("不能")
    yield "version", str(getattr(item, "version", ""))
    yield "code", item.task_code
