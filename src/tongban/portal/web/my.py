"""My cases: what I must do now on top, then drafts, then everything: mine, of those I act for, of my companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.base.calendar import work_calendar
from tongban.base.web.parts import Tab
from tongban.cases import queries
from tongban.cases.models import Case
from tongban.catalogue.queries import definition_of
from tongban.identity.queries import citizen_required, companies_of, mandates_held, require_actor
from tongban.kernel.actor import Actor
from tongban.kernel.workdays import WorkCalendar
from tongban.portal.web.progress import act_of
from tongban.portal.web.shell import todo_of

PHASES = ("", "open", "ended")


@never_cache
@require_safe
@citizen_required
def my(request: HttpRequest) -> HttpResponse:
    """The page; `for` narrows it to one party, `phase` and `q` the list of all cases."""
    actor = require_actor(request)
    filters = _filters(request)
    page = queries.my_cases(actor, cursor=request.GET.get("cursor", ""), filters=filters)
    drafts = [one for one in queries.my_drafts(actor) if queries.of_party(actor, one, filters.party)]
    todo = [one for one in todo_of(request) if queries.of_party(actor, one.case, filters.party)]
    context: dict[str, Any] = {
        "page": page,
        "rows": list(rows_of(page.items)),
        "todo": [(one, act_of(one)) for one in todo],
        "drafts": [(one, definition_of(one.item_version).name, one.applicant.get("name", "")) for one in drafts],
        "tabs": _parties(actor, filters),
        "phases": _phases(filters),
        "filters": filters,
        "narrowed": bool(filters.phase or filters.text),
        "everything": _address(filters, phase="", text=""),
    }
    return render(request, "portal/my.html", context)


def rows_of(cases: Iterable[Case]) -> Iterable[dict[str, Any]]:
    """Cases as the list shows them."""
    calendars: dict[str, WorkCalendar] = {}
    for case in cases:
        state = queries.State(case.state)
        calendar = calendars.setdefault(case.division_id, work_calendar(case.division_id))
        yield {
            "case": case,
            "label": _(queries.LABELS[state]),
            "tone": queries.TONES[state],
            "headline": queries.headline(case, calendar),
            "name": case.applicant.get("name", ""),
        }


def _filters(request: HttpRequest) -> queries.MyFilters:
    phase = request.GET.get("phase", "")
    return queries.MyFilters(
        party=request.GET.get("for", "")[:30],
        phase=cast("Any", phase) if phase in PHASES else "",
        text=request.GET.get("q", "").strip()[:60],
    )


def _address(filters: queries.MyFilters, **changes: str) -> str:
    now = {"for": filters.party, "phase": filters.phase, "q": filters.text}
    now |= {{"party": "for", "text": "q"}.get(key, key): value for key, value in changes.items()}
    asked = urlencode({key: value for key, value in now.items() if value})
    return reverse("portal:my") + (f"?{asked}" if asked else "")


def _phases(filters: queries.MyFilters) -> list[Tab]:
    names = (_("全部"), _("在办"), _("办结"))
    return [
        Tab(label=name, href=_address(filters, phase=phase), current=filters.phase == phase)
        for phase, name in zip(PHASES, names, strict=True)
    ]


def _parties(actor: Actor, filters: queries.MyFilters) -> list[Tab]:
    """Everybody, oneself, each person and company one acts for; nothing where there is only oneself."""
    found = [("", _("全部")), ("self", _("我本人"))]
    if actor.principals:
        held = [one for one in mandates_held(actor) if actor.mandate_of(one.principal_id) is not None]
        found += [(f"person-{one.principal_id}", one.principal.name) for one in held]
    if actor.company_ids:
        found += [(f"company-{one.company_id}", one.company.name) for one in companies_of(actor)]
    if len(found) == 2:
        return []
    return [
        Tab(label=name, href=_address(filters, party=party), current=filters.party == party) for party, name in found
    ]
