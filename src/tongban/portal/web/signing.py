"""Signing on a page: by password or by a code sent to the account's phone."""

from __future__ import annotations

from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.cases import commands
from tongban.identity import commands as identity
from tongban.identity.queries import account_of
from tongban.kernel.actor import Actor
from tongban.kernel.chinese import mask_phone
from tongban.kernel.problems import Refusal

Method = Literal["password", "phone_code"]


def method_of(request: HttpRequest, actor: Actor) -> Method:
    """The way of signing that was chosen, else the one that the account has."""
    chosen = request.POST.get("method") or request.GET.get("method")
    if chosen == "password" or (chosen is None and account_of(actor).has_usable_password()):
        return "password"
    return "phone_code"


def context_of(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the part `portal/parts/sign.html` shows."""
    account = account_of(actor)
    return {
        "method": method_of(request, actor),
        "phone": mask_phone(account.phone) if account.phone else "",
        "has_password": account.has_usable_password(),
        "statement": commands.STATEMENT,
    }


def proof_of(request: HttpRequest, actor: Actor) -> commands.SignatureProof:
    """The proof as posted; the secret is checked by the command."""
    return commands.SignatureProof(
        method=method_of(request, actor),
        sha256=request.POST.get("sha256", "")[:64],
        secret=request.POST.get("secret", "")[:128].strip(),
        evidence={
            "address": str(request.META.get("REMOTE_ADDR", "")),
            "device": request.headers.get("User-Agent", "")[:200],
        },
    )


def send_code(request: HttpRequest, actor: Actor) -> None:
    """Send a code for signing to the account's phone, and say so."""
    account = account_of(actor)
    if not account.phone:
        messages.error(request, _("您的账号没有手机号，请用密码签名，或先到“我的账号”填写手机号。"))
        return
    try:
        identity.request_phone_code(
            phone=account.phone,
            purpose=commands.PHONE_PURPOSE,
            ip=str(request.META.get("REMOTE_ADDR", "")) or "unknown",
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return
    messages.success(request, _("验证码已发到 %(phone)s，5 分钟内有效。") % {"phone": mask_phone(account.phone)})
