"""The last step: how to be served, the application as a letter, the exact content, the signature."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.web import site
from tongban.cases import commands
from tongban.cases.models import Draft
from tongban.catalogue import forms
from tongban.catalogue.queries import (
    DELIVERIES,
    county_choices,
    definition_of,
    division_name,
    division_stated,
    fees_for,
)
from tongban.identity.queries import require_actor
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal
from tongban.portal.web import drafts, signing
from tongban.portal.web.posting import sent_from

#: Part of an application that is not complete -> the page where it is completed.
PAGES = {
    "questions": "portal:situation",
    "form": "portal:form",
    "materials": "portal:materials",
    "service": "portal:service",
}
#: What each way of delivery means.
HELP = {
    "electronic": gettext_lazy("决定书和电子证照在网上下载，同时发短信告诉您"),
    "window": gettext_lazy("带身份证件到窗口领取"),
    "mail": gettext_lazy("按下面的地址寄给您"),
}
#: Fields of the page, as its summary of what is wrong names them.
_LABELS = {
    "address": gettext_lazy("送达地址"),
    "delivery": gettext_lazy("怎么领"),
    "electronic_consent": gettext_lazy("电子送达"),
    "zip_code": gettext_lazy("邮政编码"),
    "division": gettext_lazy("所在区县"),
    "investment_project_code": gettext_lazy("投资项目编号"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@drafts.applying
def service(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Confirm the address for service, consent to electronic service, choose the way of delivery."""
    actor = require_actor(request)
    if not drafts.ready_for_form(draft):
        return redirect("portal:situation", draft_id=draft.public_id)
    if request.method != "POST":
        return _service_page(request, draft, _service_of(draft), {})
    typed = commands.Service(
        address=request.POST.get("address", "").strip()[:200],
        recipient=request.POST.get("recipient", "").strip()[:50],
        phone=request.POST.get("phone", "").strip()[:20],
        email=request.POST.get("email", "").strip()[:100],
        electronic_consent=request.POST.get("electronic_consent") == "1",
        delivery=_delivery(request.POST.get("delivery", "")),
        zip_code=request.POST.get("zip_code", "").strip()[:20],
        division=request.POST.get("division", "").strip()[:20],
        investment_project_code=request.POST.get("investment_project_code", "").strip()[:50],
    )
    try:
        commands.save_service(actor=actor, draft_id=draft.public_id, service=typed)
    except Invalid as refusal:
        return _service_page(request, draft, typed, dict(refusal.fields))
    return redirect("portal:confirm", draft_id=draft.public_id)


def _delivery(value: str) -> Any:
    return value if value in DELIVERIES else "electronic"


def _service_of(draft: Draft) -> commands.Service:
    kept = {key: value for key, value in draft.service.items() if key != "paper"}
    found = commands.Service.from_json(kept)
    offered = definition_of(draft.item_version).delivery
    return found if found.delivery in offered else replace(found, delivery=offered[0])


def _service_page(request: HttpRequest, draft: Draft, typed: commands.Service, errors: dict[str, str]) -> HttpResponse:
    definition = definition_of(draft.item_version)
    context = {
        "service": typed,
        "errors": errors,
        "divisions": [("", _("不填")), *county_choices(site.current().division)],
        "labels": _LABELS,
        "choices": [(one, DELIVERIES[one], HELP[one]) for one in definition.delivery],
    }
    status = 422 if errors else 200
    return drafts.show(request, "portal/apply/service.html", draft, drafts.CONFIRM, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@drafts.applying
def confirm(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The letter; posted, signed and submitted, once, whatever is doubled."""
    actor = require_actor(request)
    if not drafts.ready_for_form(draft):
        return redirect("portal:situation", draft_id=draft.public_id)
    if request.method != "POST":
        return _letter(request, actor, draft)
    try:
        submitted = commands.submit(actor=actor, draft_id=draft.public_id, proof=signing.proof_of(request, actor))
    except NotFound:
        raise
    except Refusal as refusal:
        return _letter(request, actor, draft, refusal)
    return redirect("portal:done", case_no=submitted.case.case_no)


def _letter(request: HttpRequest, actor: Actor, draft: Draft, refusal: Refusal | None = None) -> HttpResponse:
    application = commands.look_over(draft)
    definition = application.definition
    lines = forms.in_words(definition.form, draft.form, answers=draft.answers, division_name=division_name)
    groups: dict[str, list[forms.Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    secret_error = refusal.fields.get("secret", "") if refusal else ""
    context = {
        "application": application,
        "groups": list(groups.items()),
        "fees": fees_for(definition, draft.answers, draft.form),
        "service": _service_of(draft),
        "delivery": DELIVERIES[_service_of(draft).delivery],
        "division": division_stated(_service_of(draft).division),
        "problems": [
            (sentence, reverse(PAGES[part], args=[draft.public_id])) for part, sentence in application.problems.items()
        ],
        "refusal": refusal if refusal and not secret_error and not application.problems else None,
        "secret_error": secret_error,
        "sign_errors": {"secret": secret_error} if secret_error else {},
        **signing.context_of(request, actor),
    }
    status = refusal.status if refusal else 200
    return drafts.show(request, "portal/apply/confirm.html", draft, drafts.CONFIRM, context, status=status)


@require_safe
@drafts.applying
def content(_request: HttpRequest, draft: Draft) -> HttpResponse:
    """The exact bytes that are signed, to keep and to compute the digest of again."""
    return text_download(commands.look_over(draft).content, f"application-{draft.public_id}.txt")


def text_download(text: str, filename: str) -> HttpResponse:
    """A text as a file, byte for byte."""
    response = HttpResponse(text.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@sent_from("portal:confirm")
@drafts.applying
def send_code(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Send the code for signing, then the same page with the code's field."""
    actor = require_actor(request)
    signing.send_code(request, actor)
    return redirect(reverse("portal:confirm", args=[draft.public_id]) + "?method=phone_code#sign")
