"""One case of mine: how it stands, what I can do now, its papers; the page after submitting; withdrawing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.web import site
from tongban.cases import commands, queries
from tongban.cases.models import Case
from tongban.catalogue.queries import DELIVERIES, definition_of
from tongban.documents.models import Document
from tongban.identity.queries import citizen_required, require_actor
from tongban.kernel.chinese import mask_address, mask_phone
from tongban.kernel.problems import NotFound, Refusal
from tongban.licences.queries import of_case
from tongban.payments.queries import bills_of
from tongban.portal.web.posting import sent_from
from tongban.portal.web.progress import SERVED, entries_of, next_act, readable


@never_cache
@require_safe
@citizen_required
def case(request: HttpRequest, case_no: str) -> HttpResponse:
    """The progress page."""
    found = queries.access_case(require_actor(request), case_no)
    return _page(request, found)


def _page(request: HttpRequest, found: Case, refusal: Refusal | None = None) -> HttpResponse:
    progress = queries.progress(found)
    bills = bills_of(found.subject)
    service = queries.serving(found)
    licences = of_case(found.case_no) if found.delivered_at else []
    context: dict[str, Any] = {
        "case": found,
        "progress": progress,
        "entries": entries_of(progress, papers=True),
        "next": next_act(found, bills, service),
        "papers": [one for one in progress.documents if readable(found, one)],
        "materials": queries.handed_in(found),
        "licences": licences,
        "decision": _decision(progress) if found.delivered_at and not licences else None,
        "bills": bills,
        "delivery": ""
        if service is None and found.state in queries.ENDED
        else DELIVERIES.get(found.service.get("delivery", ""), ""),
        "service_line": _service_line(found.service),
        "may_withdraw": progress.elsewhere is None
        and found.state in queries.BEFORE_DECISION
        and queries.may_give_up(require_actor(request), found),
        "parcel": service.parcel if service else None,
        "may_choose": progress.elsewhere is None and queries.may_choose_delivery(found, service),
        "track": track_address(found),
        "refusal": refusal,
    }
    return render(request, "portal/case.html", context, status=refusal.status if refusal else 200)


def _decision(progress: queries.Progress) -> Document | None:
    """The decision, where it is the result itself: a refusal, or an item without a licence."""
    return next((one for one in reversed(progress.documents) if one.kind in SERVED), None)


def _service_line(service: dict[str, Any]) -> str:
    phone = str(service.get("phone", ""))
    parts = [mask_address(str(service.get("address", ""))), mask_phone(phone) if phone else ""]
    return "，".join(part for part in parts if part)


def track_address(found: Case) -> str:
    """Where anybody with the query password sees how the case stands; the number is filled in."""
    return f"{site.current().base_url}{reverse('portal:track')}?{urlencode({'no': found.case_no})}"


@never_cache
@require_safe
@citizen_required
def done(request: HttpRequest, case_no: str) -> HttpResponse:
    """After submitting: number, query password, what comes next and when. The same page however often it was sent."""
    found = queries.access_case(require_actor(request), case_no)
    context = {
        "case": found,
        "headline": queries.headline(found),
        "track": track_address(found),
        "definition": definition_of(found.item_version),
        "signature": found.signatures.filter(purpose="application").first(),
    }
    return render(request, "portal/done.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def withdraw(request: HttpRequest, case_no: str) -> HttpResponse:
    """Say what withdrawing means; posted, withdraw."""
    actor = require_actor(request)
    found = queries.access_case(actor, case_no)
    if request.method != "POST":
        if found.state not in queries.BEFORE_DECISION:
            return redirect("portal:case", case_no=case_no)
        return render(request, "portal/withdraw.html", {"case": found})
    reason = request.POST.get("reason", "").strip()
    try:
        commands.withdraw(actor=actor, case_no=case_no, reason=reason)
    except NotFound:
        raise
    except Refusal as refusal:
        context = {"case": found, "reason": reason, "refusal": refusal, "errors": refusal.fields}
        return render(request, "portal/withdraw.html", context, status=refusal.status)
    messages.success(request, _("已撤回申请。需要时可以重新申请。"))
    return redirect("portal:case", case_no=case_no)


@sent_from("portal:case")
@citizen_required
def take_result(request: HttpRequest, case_no: str) -> HttpResponse:
    """Serve the result: the delivery is recorded, and from then on the page gives the files."""
    actor = require_actor(request)
    try:
        found = commands.deliver_by_download(actor=actor, case_no=case_no)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, queries.access_case(actor, case_no), refusal)
    messages.success(request, _("已送达。结果可以下载了，以后随时可以再下载。"))
    return redirect(reverse("portal:case", args=[found.case_no]) + "#result")
