"""My account: who I am here, what I act for, my security, and who saw my data."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base import moment, rate
from tongban.identity import commands, queries
from tongban.identity.models import Account
from tongban.identity.queries import citizen_required, login_required, require_actor, staff_required
from tongban.identity.web.forms import DelegationForm, PasswordForm, PreferencesForm, RealNameForm
from tongban.identity.web.preferences import forget, remember
from tongban.kernel.chinese import mask_email, mask_id, mask_name, mask_phone
from tongban.kernel.problems import Invalid, Refusal, TooMany

UNPROCESSABLE = 422
#: Wrong passwords of somebody who sits at an open session and wants to keep it.
PASSWORD_TRIES_MAX, PASSWORD_TRIES_S = 8, 900
LEVELS = {
    0: _lazy("未实名"),
    1: _lazy("已核对姓名和证件号码"),
    2: _lazy("已实名（姓名、证件、手机号）"),
    3: _lazy("已实名（窗口或人脸核验）"),
}


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the account: identity masked, companies or posts, doors to everything else."""
    actor = require_actor(request)
    account = queries.account_of(actor)
    person = queries.person_of(actor)
    context = {
        "account": account,
        "person": person,
        "facts": _facts(account),
        "level": LEVELS[person.assurance_level if person else 0],
        "companies": queries.companies_of(actor),
        "appointments": actor.appointments,
        "has_password": account.has_usable_password(),
        "has_second_factor": is_mfa_enabled(account),
        "form": PreferencesForm(
            initial={"language": account.language, "email": account.email, "elder_mode": account.elder_mode}
        ),
    }
    return render(request, "identity/account.html", context)


def _facts(account: Account) -> list[tuple[str, str]]:
    person = account.person
    return [
        (_("姓名"), mask_name(account.name) if account.name else ""),
        (_("证件号码"), mask_id(person.document_number) if person else ""),
        (_("手机号"), mask_phone(account.phone) if account.phone else ""),
        (_("邮箱"), mask_email(account.email) if account.email else ""),
        (_("登录名"), account.login if account.kind == Account.Kind.STAFF else ""),
    ]


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep language, e-mail and elder mode."""
    actor = require_actor(request)
    form = PreferencesForm(request.POST)
    if form.is_valid():
        try:
            account = commands.set_preferences(actor, **form.cleaned_data)
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("已保存。"))
            response = redirect("account_home")
            remember(response, account)
            forget(response, account)
            return response
    return render(request, "identity/preferences.html", {"form": form}, status=UNPROCESSABLE)


@citizen_required
@never_cache
@sensitive_post_parameters("document_number", "name")
@require_http_methods(["GET", "POST"])
def real_name(request: HttpRequest) -> HttpResponse:
    """Verify name, number and phone."""
    actor = require_actor(request)
    if actor.person_id is not None:
        return redirect("account_home")
    form = RealNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.verify_real_name(actor, **form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("实名核验通过，以后办事不用再填姓名和证件号码。"))
            return redirect("account_home")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "identity/real_name.html", {"form": form}, status=status)


@login_required
@never_cache
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set or change one's own password; other sessions end."""
    actor = require_actor(request)
    account = queries.account_of(actor)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if not account.has_usable_password():
        del form.fields["current"]
    if request.method == "POST" and form.is_valid() and _is_current(form, account):
        try:
            changed = commands.set_password(actor, account_id=account.pk, password=form.cleaned_data["password"])
        except Invalid as refusal:
            form.take(refusal)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("密码已更新，其他设备上的登录已退出。"))
            return redirect("account_home")
    return render(request, "identity/password.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


def _is_current(form: PasswordForm, account: Account) -> bool:
    if "current" not in form.fields:
        return True
    try:
        rate.hit(bucket="password-again", key=str(account.pk), limit=PASSWORD_TRIES_MAX, per_s=PASSWORD_TRIES_S)
    except TooMany as refusal:
        form.add_error("current", refusal.message)
        return False
    if account.check_password(form.cleaned_data["current"]):
        rate.reset(bucket="password-again", key=str(account.pk))
        return True
    form.add_error("current", _("现在的密码不对。"))
    return False


@citizen_required
@never_cache
@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """Show who saw my personal data in clear, when, from which post and what for."""
    page = queries.seen_by(require_actor(request), cursor=request.GET.get("cursor"))
    return render(request, "identity/seen.html", {"page": page})


@staff_required()
@never_cache
@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """Lend one's own post to a colleague for some days, and see what is lent."""
    actor = require_actor(request)
    form = DelegationForm(
        request.POST if request.method == "POST" else None, initial={"valid_from": moment.today().isoformat()}
    )
    own = [ref for ref in actor.appointments if ref.delegated_from is None]
    form.fields["appointment"].choices = [(ref.id, f"{ref.organisation_name} {ref.post_title}") for ref in own]  # type: ignore[attr-defined]  # a choice field
    colleagues = queries.colleagues_of(actor)
    form.fields["to_account"].choices = [(other.pk, other.name) for other in colleagues]  # type: ignore[attr-defined]  # a choice field
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            commands.delegate(
                actor,
                appointment_id=given["appointment"],
                to_account_id=given["to_account"],
                valid_from=given["valid_from"],
                valid_to=given["valid_to"],
                reason=given["reason"],
            )
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("委托已生效，截止日期后自动收回。"))
            return redirect("account_delegations")
    context = {"form": form, "own": own, "colleagues": colleagues, "lent": queries.delegations_of(actor)}
    return render(request, "identity/delegations.html", context, status=UNPROCESSABLE if form.errors else 200)


@staff_required()
@require_POST
def revoke_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Take a delegation back."""
    commands.revoke_delegation(require_actor(request), delegation_id=delegation_id)
    messages.success(request, _("委托已收回。"))
    return redirect("account_delegations")
