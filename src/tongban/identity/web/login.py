"""Log-in, registration and password reset: phone code for citizens, password and second factor for staff."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import AccountInactiveView, LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.identity import commands
from tongban.identity.models import Account, PhoneCode
from tongban.identity.queries import citizen_by_phone
from tongban.identity.web.forms import PhoneCodeForm, PhoneForm, ResetForm
from tongban.identity.web.preferences import remember
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid, Refusal

LOGIN = PhoneCode.Purpose.LOGIN
RESET = PhoneCode.Purpose.RESET
UNPROCESSABLE = 422


class OurSite:
    """Keeps allauth from putting its own `site` over that of our pages."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Drop it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # a mixin of views
        context.pop("site", None)
        return context


class SecondFactorView(OurSite, AuthenticateView):  # type: ignore[misc]  # allauth is untyped
    """The code of the second factor."""

    template_name = "identity/second_factor_code.html"


class InactiveView(OurSite, AccountInactiveView):  # type: ignore[misc]  # allauth is untyped
    """What a closed account sees."""

    template_name = "identity/inactive.html"


class PasswordLoginView(OurSite, LoginView):  # type: ignore[misc]  # allauth is untyped
    """Log-in by password; a wrong one answers 422 in the same way for known and unknown names."""

    template_name = "identity/login_password.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in, or lead on to the second factor."""
        response: HttpResponse = super().form_valid(form)
        if isinstance(self.request.user, Account):
            remember(response, self.request.user)
        return response


class SetUpSecondFactorView(ActivateTOTPView):  # type: ignore[misc]  # allauth is untyped
    """Set a second factor up; then everybody logs in anew with it, which proves that it works."""

    template_name = "identity/second_factor_set_up.html"

    def get_success_url(self) -> str:
        """Log out and go to the log-in page."""
        logout(self.request)
        messages.success(self.request, _("动态口令已启用。请用密码和动态口令重新登录。"))
        return "/accounts/login/password/"


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code_login(request: HttpRequest) -> HttpResponse:
    """Log in, or register, by a code sent to a phone: first the phone, then the code, on one address."""
    if request.user.is_authenticated:
        return redirect(_target(request))
    if request.method != "POST":
        return _show(request, "identity/login_code.html", PhoneForm())
    if request.POST.get("act") != "login":
        return _send(request, "identity/login_code.html", PhoneCodeForm, LOGIN)
    form = PhoneCodeForm(request.POST)
    if form.is_valid():
        try:
            phone = commands.use_phone_code(
                phone=form.cleaned_data["phone"], purpose=LOGIN, code=form.cleaned_data["code"]
            )
        except Invalid as refusal:
            form.take(refusal)
        else:
            return _enter(request, phone)
    return _show(request, "identity/login_code.html", form, is_sent=True, status=UNPROCESSABLE)


def _enter(request: HttpRequest, phone: str) -> HttpResponse:
    account = commands.register_citizen(SYSTEM, phone=phone)
    response: HttpResponse = perform_login(request, account, redirect_url=_target(request))
    remember(response, account)
    return response


def _target(request: HttpRequest) -> str:
    """Return where to go next: the page that asked for the log-in, on this site only."""
    wanted = get_next_redirect_url(request)
    if wanted:
        return str(wanted)
    user = request.user
    is_staff = isinstance(user, Account) and user.kind == Account.Kind.STAFF
    return "/desk/" if is_staff else "/"


def _send(request: HttpRequest, template: str, form_class: type[PhoneCodeForm], purpose: str) -> HttpResponse:
    form: PhoneForm = PhoneForm(request.POST)
    if not form.is_valid():
        return _show(request, template, form, status=UNPROCESSABLE)
    try:
        commands.request_phone_code(
            phone=form.cleaned_data["phone"], purpose=purpose, ip=get_adapter().get_client_ip(request)
        )
    except Invalid as refusal:
        form.take(refusal)
        return _show(request, template, form, status=refusal.status)
    except Refusal as refusal:
        # Too often, or the gateway is down: the phone stays typed in.
        form.add_error("phone", refusal.message)
        return _show(request, template, form, status=refusal.status)
    return _show(request, template, form_class(initial={"phone": form.cleaned_data["phone"]}), is_sent=True)


def _show(
    request: HttpRequest, template: str, form: PhoneForm, *, is_sent: bool = False, status: int = 200
) -> HttpResponse:
    context = {"form": form, "is_sent": is_sent, "next": get_next_redirect_url(request) or ""}
    return render(request, template, context, status=status)


@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest) -> HttpResponse:
    """Set a new password by a code sent to the account's phone; citizens only."""
    if request.method != "POST":
        return _show(request, "identity/reset.html", PhoneForm())
    if request.POST.get("act") != "reset":
        return _send(request, "identity/reset.html", ResetForm, RESET)
    form = ResetForm(request.POST)
    if form.is_valid():
        try:
            _reset(form)
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("新密码已设好，请用它登录。"))
            return redirect("account_password_login")
    return _show(request, "identity/reset.html", form, is_sent=True, status=UNPROCESSABLE)


def _reset(form: ResetForm) -> None:
    # The password is judged first, so that a weak one does not use the code up.
    commands.check_password(form.cleaned_data["password"])
    phone = commands.use_phone_code(phone=form.cleaned_data["phone"], purpose=RESET, code=form.cleaned_data["code"])
    account = citizen_by_phone(phone)
    if account is None:
        raise Invalid(fields={"phone": _("这个手机号还没有账号，直接用短信验证码登录即可注册。")})
    commands.set_password(SYSTEM, account_id=account.pk, password=form.cleaned_data["password"])
