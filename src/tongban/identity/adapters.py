"""How django-allauth speaks with our accounts: limits on failed log-ins, words, second factors, where to go next."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.base import keys, rate
from tongban.identity.models import Account
from tongban.kernel.problems import TooMany

#: Failed log-ins per account and per address of the network, in `WINDOW_S` seconds.
PER_LOGIN = 8
PER_IP = 200
WINDOW_S = 900
_TOTP_AAD = b"identity.totp"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Log-in by name or phone, with limits that all processes share."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("账号或密码不对。忘记密码的，可以用短信验证码登录。"),
        "incorrect_password": _("密码不对。"),
        "too_many_login_attempts": _("失败次数过多，请 15 分钟后再试。"),
        "rate_limited": _("操作太快，请过 1 分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Citizens register by proving a phone, staff are registered; allauth's own form stays shut."""
        del request
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages say what happened where it matters."""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask again before factors change, except while staff set up their first one right after log-in."""
        user = context.request.user
        is_first = isinstance(user, Account) and user.kind == Account.Kind.STAFF and not is_mfa_enabled(user)
        return not is_first and bool(super().is_reauthentication_required(app=app))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Citizens go to the front page, staff to their desk."""
        user = request.user
        return "/desk/" if isinstance(user, Account) and user.kind == Account.Kind.STAFF else "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Everybody goes to the front page."""
        del request
        return "/"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at; too many tries wait, right or wrong.

        Raises:
            ValidationError: too many; says how many minutes to wait.
        """
        try:
            rate.hit(bucket="login", key=_key(credentials), limit=PER_LOGIN, per_s=WINDOW_S)
            rate.hit(bucket="login-ip", key=self.get_client_ip(request), limit=PER_IP, per_s=WINDOW_S)
        except TooMany as error:
            raise _wait(error) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password; the account's count starts anew after the right one."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            rate.reset(bucket="login", key=_key(credentials))
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Leave allauth's own counter alone: ours replaces it."""


def _key(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).strip().lower() or "-"


def _wait(error: TooMany) -> ValidationError:
    minutes = -(-error.retry_after_s // 60)
    words = gettext("失败次数过多，请 %(minutes)d 分钟后再试，或者改用短信验证码登录。")
    return ValidationError(words % {"minutes": minutes}, code="too_many_login_attempts")


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors: seeds encrypted with the field keys, compulsory for staff."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态口令不对或已用过。请等手机上的口令换新后，输入新的 6 位数字。"),
        "cannot_delete_authenticator": _("工作人员的动态口令不能停用。换手机的，请联系系统管理员重置。"),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a seed for the database."""
        return base64.b64encode(keys.ring().encrypt(text.encode(), _TOTP_AAD)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a seed."""
        return keys.ring().decrypt(base64.b64decode(encrypted_text), _TOTP_AAD).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff cannot do without."""
        return not (isinstance(authenticator.user, Account) and authenticator.user.kind == Account.Kind.STAFF)
