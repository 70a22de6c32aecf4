"""Checking that the signer is present now: password, phone code, a hand on paper at the window, a system's token."""

from typing import Any

from django.utils.translation import gettext as _

from tongban.base import moment, rate
from tongban.cases.refusals import CaseRefusal
from tongban.cases.signing import SignatureProof
from tongban.identity.commands import use_phone_code
from tongban.identity.models import Account
from tongban.identity.queries import account_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

#: Purpose under which a phone code for signing is asked for and used: a log-in code does not sign.
PHONE_PURPOSE = "sign"
TRIES_MAX = 8
TRIES_WINDOW_S = 900


def prove(*, actor: Actor, channel: str, proof: SignatureProof) -> dict[str, Any]:
    """Check the proof and return what is kept of it: never the secret itself.

    Call it outside a transaction that may be rolled back, so that wrong tries count.

    Raises:
        Invalid: the password or code is wrong (field `secret`).
        CaseRefusal: this way of signing is not open on this channel.
        TooMany: wrong passwords, too often.
    """
    evidence: dict[str, Any] = {**proof.evidence, "at": moment.now().isoformat(), "actor": actor.ref}
    if actor.kind == "citizen" and proof.method in {"password", "phone_code"}:
        account = account_of(actor)
        if proof.method == "password":
            _check_password(account, proof.secret)
        else:
            use_phone_code(phone=account.phone, purpose=PHONE_PURPOSE, code=proof.secret)
        return evidence
    if actor.kind == "staff" and channel == "window" and proof.method == "handwritten":
        return evidence | {"seen_by": actor.ref}
    if actor.kind == "client" and proof.method == "client":
        return evidence
    raise CaseRefusal("proof_not_open", _("这里不能用这种方式签名，请按页面所列的方式签名。"), status=403)


def _check_password(account: Account, secret: str) -> None:
    rate.hit(
        bucket="sign",
        key=str(account.pk),
        limit=TRIES_MAX,
        per_s=TRIES_WINDOW_S,
        message=_("密码输错次数过多，请 15 分钟后再试，或改用手机验证码签名。"),
    )
    if not account.has_usable_password():
        raise Invalid(fields={"secret": _("您还没有设置密码，请用手机验证码签名。")}, code="proof_wrong")
    if not account.check_password(secret):
        raise Invalid(fields={"secret": _("密码不对，请重新输入。")}, code="proof_wrong")
    # Only wrong tries count: somebody who files many applications in a row attacks nothing.
    rate.reset(bucket="sign", key=str(account.pk))
