"""Codes sent to a phone: asking for one, and using it up."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import keys, moment, rate
from tongban.identity.commands.persons import normal_phone
from tongban.identity.models import PhoneCode
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import citizen_by_phone
from tongban.identity.registries import SenderUnavailableError, code_senders
from tongban.kernel.problems import Invalid

CODE_DIGITS = 6
VALID_MINUTES = 5
TRIES_MAX = 5
#: How many codes may be asked for: per phone in a minute and an hour, per address of the network in an hour.
PER_PHONE = ((1, 60), (6, 3600))
PER_IP = ((60, 3600),)


def request_phone_code(*, phone: str, purpose: str, ip: str) -> None:
    """Send a fresh code to a phone; earlier ones for the same purpose end.

    The way is the same whether or not the phone has an account: nobody learns which phones are known.

    Args:
        phone: a mainland mobile number.
        purpose: `PhoneCode.Purpose`.
        ip: where the request comes from.

    Raises:
        Invalid: field `phone`.
        TooMany: too many codes for this phone or from this address; says how long to wait.
        IdentityRefusal: `code_not_sent` (503).
    """
    digits = normal_phone(phone)
    for limit, window_s in PER_PHONE:
        rate.hit(bucket=f"phone-code-{window_s}", key=digits, limit=limit, per_s=window_s)
    for limit, window_s in PER_IP:
        rate.hit(bucket=f"phone-code-ip-{window_s}", key=ip, limit=limit, per_s=window_s)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row = _keep(digits, purpose, code)
    _send(digits, _text(digits, purpose, code), row)


def _keep(digits: str, purpose: str, code: str) -> PhoneCode:
    now = moment.now()
    index = keys.blind("phone", digits)
    with transaction.atomic():
        PhoneCode.objects.filter(phone_index=index, purpose=purpose, used_at=None).update(used_at=now)
        row = PhoneCode.objects.create(
            phone_index=index,
            purpose=purpose,
            code_hash=b"",
            sent_at=now,
            expires_at=now + timedelta(minutes=VALID_MINUTES),
            tries_left=TRIES_MAX,
        )
        row.code_hash = _hash(row, code)
        row.save(update_fields=["code_hash"])
    return row


def _hash(row: PhoneCode, code: str) -> bytes:
    """Return a keyed hash: a million codes are soon tried against a plain one."""
    key = str(settings.SECRET_KEY).encode()
    return hmac.new(key, f"phone-code:{row.pk}:{code}".encode(), hashlib.sha256).digest()


def _text(digits: str, purpose: str, code: str) -> str:
    if purpose == PhoneCode.Purpose.RESET and citizen_by_phone(digits) is None:
        return "您正在重设政务服务账号的密码，但这个手机号还没有账号。直接用短信验证码登录即可注册。"
    act = PhoneCode.Purpose(purpose).label
    return f"验证码 {code}，用于政务服务{act}，{VALID_MINUTES} 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。"


def _send(digits: str, text: str, row: PhoneCode) -> None:
    sender = code_senders[getattr(settings, "CODE_SENDER", "sms")]
    try:
        sender.send(phone=digits, text=text, request_id=f"phone-code-{uuid.uuid4()}")
    except SenderUnavailableError as error:
        PhoneCode.objects.filter(pk=row.pk).update(used_at=moment.now())
        raise IdentityRefusal(
            "code_not_sent", _("短信暂时发不出去，请过几分钟再试，或者改用密码登录。"), status=503
        ) from error


def forget_old_codes(*, at: datetime) -> int:
    """Delete codes that ended a day before `at`, and sessions that have ended; returns how many codes."""
    deleted, _by_model = PhoneCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    SessionStore.clear_expired()
    return deleted


def use_phone_code(*, phone: str, purpose: str, code: str) -> str:
    """Use a code up and return the phone it proves.

    Each try counts before it is looked at, in one statement, so that many tries at once are still five.

    Raises:
        Invalid: field `phone`, or `code`: wrong, run out, tried too often or used.
    """
    digits = normal_phone(phone)
    row = _take_try(digits, purpose)
    if row is None or not hmac.compare_digest(bytes(row.code_hash), _hash(row, code.strip())):
        raise Invalid(fields={"code": _advice(row)}, code="code_wrong")
    used = PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=moment.now())
    if not used:
        raise Invalid(fields={"code": _advice(None)}, code="code_wrong")
    return digits


def _take_try(digits: str, purpose: str) -> PhoneCode | None:
    with transaction.atomic():
        row = (
            PhoneCode.objects.select_for_update()
            .filter(
                phone_index=keys.blind("phone", digits),
                purpose=purpose,
                used_at=None,
                expires_at__gt=moment.now(),
                tries_left__gt=0,
            )
            .order_by("-pk")
            .first()
        )
        if row is not None:
            row.tries_left -= 1
            row.save(update_fields=["tries_left"])
    return row


def _advice(row: PhoneCode | None) -> str:
    if row is not None and row.tries_left:
        return _("验证码不对，还可以试 %(tries_left)s 次。请核对短信里最新的一条。") % {"tries_left": row.tries_left}
    return _("验证码不对或已失效，请重新获取。")
