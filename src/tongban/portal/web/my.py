"""My cases: what I must do now on top, then drafts, then everything, for myself or for one of my companies."""

from __future__ import annotations

from typing import Any

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
from tongban.identity.queries import citizen_required, companies_of, require_actor
from tongban.kernel.actor import Actor
from tongban.kernel.workdays import WorkCalendar


@never_cache
@require_safe
@citizen_required
def my(request: HttpRequest) -> HttpResponse:
    """The page; `company` narrows it to one company."""
    actor = require_actor(request)
    company_id = _company(actor, request.GET.get("company", ""))
    page = queries.my_cases(actor, cursor=request.GET.get("cursor", ""), company_id=company_id)
    drafts = [one for one in queries.my_drafts(actor) if company_id is None or one.company_id == company_id]
    todo = [one for one in queries.my_todo(actor) if company_id is None or one.company_id == company_id]
    calendars = {code: work_calendar(code) for code in {case.division_id for case in (*page.items, *todo)}}
    context: dict[str, Any] = {
        "page": page,
        "rows": [_row(case, calendars[case.division_id]) for case in page.items],
        "todo": [_row(case, calendars[case.division_id]) for case in todo],
        "drafts": [(one, definition_of(one.item_version).name, one.applicant.get("name", "")) for one in drafts],
        "tabs": _tabs(actor, company_id),
    }
    return render(request, "portal/my.html", context)


def _row(case: Case, calendar: WorkCalendar) -> dict[str, Any]:
    state = queries.State(case.state)
    return {
        "case": case,
        "label": _(queries.LABELS[state]),
        "tone": queries.TONES[state],
        "headline": queries.headline(case, calendar),
        "name": case.applicant.get("name", ""),
    }


def _company(actor: Actor, value: str) -> int | None:
    return int(value) if value.isdecimal() and int(value) in actor.company_ids else None


def _tabs(actor: Actor, company_id: int | None) -> list[Tab]:
    companies = companies_of(actor)
    if not companies:
        return []
    address = reverse("portal:my")
    found = [Tab(label=_("全部"), href=address, current=company_id is None)]
    return found + [
        Tab(label=one.company.name, href=f"{address}?company={one.company_id}", current=company_id == one.company_id)
        for one in companies
    ]
