"""The applicant reports that more was asked for than the guide lists."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.cases import commands, queries
from tongban.cases.models import Case
from tongban.catalogue.queries import definition_of
from tongban.identity.queries import citizen_required, require_actor
from tongban.kernel.problems import NotFound, Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def beyond_guide(request: HttpRequest, case_no: str) -> HttpResponse:
    """The form, what the guide lists beside it, and what was reported before."""
    actor = require_actor(request)
    found = queries.access_case(actor, case_no)
    if request.method != "POST":
        return _page(request, found, {})
    typed = {name: request.POST.get(name, "").strip() for name in ("asked", "words", "asked_on")}
    try:
        commands.report_beyond_guide(
            actor=actor, case_no=case_no, asked=typed["asked"], words=typed["words"], asked_on=_day(typed["asked_on"])
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, found, typed, refusal)
    messages.success(request, _("已反映给监督部门，不影响办件继续办理。"))
    return redirect("portal:case", case_no=case_no)


def _day(text: str) -> dt.date | None:
    """The day that was typed; one that is no day lies far away, so that the command refuses it."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.max


def _page(request: HttpRequest, case: Case, typed: dict[str, str], refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "case": case,
        "typed": typed,
        "materials": [one.name for one in definition_of(case.item_version).materials],
        "reported": queries.beyond_guide_of(case),
        "errors": refusal.fields if refusal else {},
        "refusal": refusal if refusal and not refusal.fields else None,
        "labels": {"asked": _("要求了什么"), "words": _("谁、在哪里、怎么要求的"), "asked_on": _("哪一天")},
    }
    return render(request, "portal/beyond_guide.html", context, status=refusal.status if refusal else 200)
