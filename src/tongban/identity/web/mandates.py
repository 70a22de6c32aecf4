"""Authorising somebody to handle one's applications: online by the person, at a window on paper."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.identity import commands, queries
from tongban.identity.models import PhoneCode
from tongban.identity.queries import citizen_required, require_actor, staff_required
from tongban.identity.web.forms import MandateForm, WindowMandateForm
from tongban.kernel.actor import Actor, AppointmentRef, Role
from tongban.kernel.chinese import mask_phone
from tongban.kernel.problems import Refusal

FormT = TypeVar("FormT", bound=MandateForm)

UNPROCESSABLE = 422


@citizen_required
@never_cache
@sensitive_post_parameters("agent_number", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def mandates(request: HttpRequest) -> HttpResponse:
    """Whom I authorised, who authorised me; authorise somebody, signed by password or a code sent to the phone."""
    actor = require_actor(request)
    form = MandateForm(request.POST or None, has_password=queries.account_of(actor).has_usable_password())
    if request.method != "POST":
        return _page(request, actor, form)
    if request.POST.get("act") == "code":
        return _page(request, actor, with_code(request, actor, form))
    if form.is_valid() and _granted(request, actor, form):
        return redirect("account_mandates")
    return _page(request, actor, form, status=UNPROCESSABLE)


def _granted(request: HttpRequest, actor: Actor, form: MandateForm) -> bool:
    try:
        commands.grant_mandate(actor, **form.signed(), may_withdraw=form.cleaned_data["may_withdraw"])
    except Refusal as refusal:
        form.take(refusal)
        return False
    messages.success(request, _("已授权，对方在“授权代办”里同意后生效。随时可以收回。"))
    return True


def with_code(request: HttpRequest, actor: Actor, form: FormT) -> FormT:
    """Send a code and show the form as it was typed, without complaints."""
    account = queries.account_of(actor)
    try:
        commands.request_phone_code(
            phone=account.phone,
            purpose=PhoneCode.Purpose.SIGN,
            ip=str(request.META.get("REMOTE_ADDR", "")) or "unknown",
        )
    except Refusal as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    else:
        messages.success(request, _("验证码已发到 %(phone)s，5 分钟内有效。") % {"phone": mask_phone(account.phone)})
    typed = {key: request.POST.get(key, "") for key in form.fields} | {"method": "phone_code", "secret": ""}
    return type(form)(initial=typed, has_password=account.has_usable_password())


def _page(request: HttpRequest, actor: Actor, form: MandateForm, status: int = 200) -> HttpResponse:
    held = queries.mandates_held(actor)
    context: dict[str, Any] = {
        "form": form,
        "given": queries.mandates_given(actor),
        "waiting": [one for one in held if one.confirmed_at is None],
        "held": [one for one in held if one.confirmed_at is not None],
        "verified": actor.person_id is not None,
    }
    return render(request, "identity/mandates.html", context, status=status)


@citizen_required
@require_POST
def confirm(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Consent to act for somebody."""
    commands.confirm_mandate(require_actor(request), mandate_id=mandate_id)
    messages.success(request, _("已同意。现在可以在“我的办件”里看到并代办对方的事。"))
    return redirect("account_mandates")


@citizen_required
@require_POST
def end(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """Revoke, give up or decline."""
    commands.end_mandate(require_actor(request), mandate_id=mandate_id)
    messages.success(request, _("授权已结束，从现在起不能再代办、再查看。"))
    return redirect("account_mandates")


@staff_required(Role.WINDOW_CLERK)
@never_cache
@sensitive_post_parameters("principal_number", "agent_number", "number")
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest) -> HttpResponse:
    """Record what a signed paper says; find what this window recorded for somebody, to end it for them."""
    actor = require_actor(request)
    posts = [one for one in actor.appointments if one.role == Role.WINDOW_CLERK]
    if request.method == "POST" and request.POST.get("act") == "find":
        return _found(request, actor, posts)
    form = WindowMandateForm(request.POST or None, posts=posts)
    if request.method == "POST" and form.is_valid() and _recorded(request, actor, form):
        return redirect("account_mandates_window")
    return _window_page(request, form, status=UNPROCESSABLE if form.errors else 200)


def _recorded(request: HttpRequest, actor: Actor, form: WindowMandateForm) -> bool:
    given = form.cleaned_data
    principal, agent = (
        commands.Named(
            document_kind=given[f"{who}_kind"], document_number=given[f"{who}_number"], name=given[f"{who}_name"]
        )
        for who in ("principal", "agent")
    )
    try:
        commands.record_mandate(
            actor, organisation_id=given["window"], principal=principal, agent=agent, valid_to=given["valid_to"],
            may_withdraw=given["may_withdraw"], authority=given["authority"],
        )  # fmt: skip
    except Refusal as refusal:
        form.take(refusal)
        return False
    messages.success(request, _("已登记，即时生效。代办人用自己的账号登录就能看到委托人的办件。"))
    return True


def _found(request: HttpRequest, actor: Actor, posts: list[AppointmentRef]) -> HttpResponse:
    kind, number = request.POST.get("kind", ""), request.POST.get("number", "")[:40]
    found = queries.mandates_at_window(actor, kind, number)
    return _window_page(request, WindowMandateForm(posts=posts), searched=True, found=found)


def _window_page(request: HttpRequest, form: WindowMandateForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "kinds": list(commands.DOCUMENT_KINDS.items()), **more}
    return render(request, "identity/window_mandates.html", context, status=status)


@staff_required(Role.WINDOW_CLERK)
@require_POST
def end_at_window(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """End what this window recorded, for the principal who came."""
    commands.end_mandate(require_actor(request), mandate_id=mandate_id)
    messages.success(request, _("授权已收回。"))
    return redirect("account_mandates_window")
