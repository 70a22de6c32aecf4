"""How the result comes: the applicant changes it while it is not on its way; public notices for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.cases import commands, queries
from tongban.cases.models import Case
from tongban.catalogue.queries import DELIVERIES
from tongban.identity.queries import citizen_required, require_actor
from tongban.kernel.problems import Invalid, NotFound, Refusal
from tongban.portal.web.apply_confirm import HELP


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def choose(request: HttpRequest, case_no: str) -> HttpResponse:
    """Choose another way, or another address, while that may be done; posted, it holds from then on."""
    actor = require_actor(request)
    found = queries.access_case(actor, case_no)
    kept = commands.Service.from_json(found.service)
    if request.method != "POST":
        if not queries.may_choose_delivery(found, queries.serving(found)):
            return redirect("portal:case", case_no=case_no)
        return _page(request, found, kept)
    way: Any = request.POST.get("delivery", "")
    typed = replace(
        kept,
        delivery=way,
        electronic_consent=request.POST.get("electronic_consent") == "1",
        address=request.POST.get("address", "").strip()[:200],
        recipient=request.POST.get("recipient", "").strip()[:50],
        phone=request.POST.get("phone", "").strip()[:20],
    )
    try:
        commands.choose_delivery(actor=actor, case_no=case_no, service=typed)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, found, typed, refusal)
    messages.success(request, _("已更改。办理机关按新的方式把结果交给您。"))
    return redirect("portal:case", case_no=case_no)


def _page(request: HttpRequest, case: Case, typed: commands.Service, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "case": case,
        "service": typed,
        "choices": [(one, DELIVERIES[one], HELP[one]) for one in queries.offered_ways(case)],
        "errors": refusal.fields if refusal else {},
        "refusal": refusal if refusal and not isinstance(refusal, Invalid) else None,
        "labels": {"address": _("送达地址"), "delivery": _("怎么领"), "electronic_consent": _("电子送达")},
    }
    return render(request, "portal/delivery.html", context, status=refusal.status if refusal else 200)


@require_safe
def public_notices(request: HttpRequest) -> HttpResponse:
    """Public notices whose term runs."""
    page = queries.running_notices(cursor=request.GET.get("cursor", ""))
    return render(request, "portal/public_notices.html", {"page": page})


@require_safe
def public_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """One public notice."""
    return render(request, "portal/public_notice.html", {"notice": queries.running_notice(notice_id)})
