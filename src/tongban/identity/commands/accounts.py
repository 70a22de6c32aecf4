"""Accounts: registration, staff accounts, passwords, preferences, second factors."""

from __future__ import annotations

import re
import secrets

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base import chain, keys, moment
from tongban.identity import events, policy
from tongban.identity.commands.persons import normal_phone
from tongban.identity.models import Account
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import account_of, actor_for, citizen_by_phone
from tongban.kernel.actor import SYSTEM, Actor, Role
from tongban.kernel.problems import Invalid, NotFound

#: The service agreement and privacy notice in force; consent is to a version.
TERMS_VERSION = "2026-11"
_LOGIN = re.compile(r"[a-z][a-z0-9_.\-]{2,31}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}")
LANGUAGES = ("", "zh-hans", "en")


def register_citizen(actor: Actor, *, phone: str, name: str = "") -> Account:
    """Return the citizen's account of a phone that was just proven, made now if there is none.

    Whoever proves the phone consents to the service agreement by doing so; the version is kept.

    Raises:
        Invalid: field `phone`.
        IdentityRefusal: `account_closed`.
    """
    digits = normal_phone(phone)
    with transaction.atomic():
        account = citizen_by_phone(digits) or _new_citizen(digits, name.strip(), actor)
    if not account.is_active:
        raise IdentityRefusal("account_closed", _("这个账号已经注销。需要恢复的，请带身份证到窗口办理。"), status=403)
    return account


def _new_citizen(phone: str, name: str, actor: Actor) -> Account:
    account = Account(
        login=f"c{secrets.token_hex(8)}",
        kind=Account.Kind.CITIZEN,
        name=name,
        phone=phone,
        phone_index=keys.blind("phone", phone),
        date_joined=moment.now(),
        terms_version=TERMS_VERSION,
        terms_agreed_at=moment.now(),
    )
    account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        # The same phone registered in the same moment: that account stands.
        found = citizen_by_phone(phone)
        if found is None:
            raise
        return found
    payload = {"terms": TERMS_VERSION}
    chain.append(
        subject=f"account:{account.pk}",
        kind=events.ACCOUNT_REGISTERED,
        payload=payload,
        actor=actor,
        at=moment.now(),
    )
    return account


def create_staff(actor: Actor, *, login: str, name: str, phone: str = "", email: str = "") -> Account:
    """Create a staff account without a password; an existing one with that login is returned as it is.

    Raises:
        NotFound: the actor does not manage accounts.
        Invalid: fields `login`, `phone` or `email`.
    """
    if not (actor.is_system or Role.IT_ADMIN in actor.roles()):
        raise NotFound
    cleaned = login.strip().lower()
    if not _LOGIN.fullmatch(cleaned):
        raise Invalid(fields={"login": _("登录名用 3 至 32 个小写字母、数字、点、横线，以字母开头。")})
    if email and not _EMAIL.fullmatch(email):
        raise Invalid(fields={"email": _("邮箱格式不对，例如 name@example.com。")})
    digits = normal_phone(phone) if phone else ""
    with transaction.atomic():
        found = Account.objects.filter(login=cleaned, kind=Account.Kind.STAFF).first()
        if found is not None:
            return found
        account = Account(
            login=cleaned,
            kind=Account.Kind.STAFF,
            name=name.strip(),
            phone=digits,
            phone_index=keys.blind("phone", digits) if digits else None,
            email=email.strip(),
            date_joined=moment.now(),
        )
        account.set_unusable_password()
        account.save(force_insert=True)
        chain.append(
            subject=f"account:{account.pk}", kind=events.STAFF_ACCOUNT_CREATED, payload={}, actor=actor, at=moment.now()
        )
    return account


def set_password(actor: Actor, *, account_id: int, password: str) -> Account:
    """Set a password: one's own, or anybody's by the system (reset by a proven phone, demonstration).

    Other sessions of the account end with it, because the session's hash is made of the password.

    Raises:
        NotFound: not the actor's own account, or absent.
        Invalid: field `password`, with what is wrong with it.
    """
    if not actor.is_system and actor.account_id != account_id:
        raise NotFound(_("这个账号"))
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
        if account is None:
            raise NotFound(_("这个账号"))
        check_password(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
        chain.append(
            subject=f"account:{account.pk}", kind=events.PASSWORD_SET, payload={}, actor=actor, at=moment.now()
        )
    return account


def check_password(password: str, account: Account | None = None) -> None:
    """Judge a password by the installation's rules.

    Raises:
        Invalid: field `password`, with what is wrong with it.
    """
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(fields={"password": " ".join(error.messages)}) from error


def set_preferences(actor: Actor, *, language: str, elder_mode: bool, email: str) -> Account:
    """Set one's own language ("" follows the browser), elder mode and e-mail address.

    Raises:
        NotFound: nobody is logged in.
        Invalid: fields `language` or `email`.
    """
    wrong: dict[str, str] = {}
    if language not in LANGUAGES:
        wrong["language"] = _("请选择语言。")
    if email and not _EMAIL.fullmatch(email.strip()):
        wrong["email"] = _("邮箱格式不对，例如 name@example.com。")
    if wrong:
        raise Invalid(fields=wrong)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_of(actor).pk)
        account.language, account.elder_mode, account.email = language, elder_mode, email.strip()
        account.save(update_fields=["language", "elder_mode", "email"])
        payload = {"language": language, "elder_mode": int(elder_mode), "has_email": int(bool(account.email))}
        chain.append(
            subject=f"account:{account.pk}",
            kind=events.PREFERENCES_CHANGED,
            payload=payload,
            actor=actor,
            at=moment.now(),
        )
    return account


def set_demo_totp(account: Account, seed: str) -> None:
    """Give a demonstration account a fixed second factor, so that the demo can print it; idempotent.

    Args:
        account: a staff account.
        seed: base32, 16 characters or more.
    """
    with transaction.atomic():
        found = Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).first()
        if found is not None and decrypt(found.data["secret"]) == seed:
            return
        Authenticator.objects.filter(user_id=account.pk).delete()
        TOTP.activate(account, seed)
        chain.append(
            subject=f"account:{account.pk}",
            kind=events.SECOND_FACTOR_SET,
            payload={"demonstration": 1},
            actor=SYSTEM,
            at=moment.now(),
        )


def reset_second_factor(actor: Actor, *, account_id: int) -> Account:
    """Take a staff member's second factor away (lost phone); they must set up a new one before they can work.

    Raises:
        NotFound: no such staff, or the actor may not manage any post they hold.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id, kind=Account.Kind.STAFF).first()
        if account is None or not _may_manage(actor, account):
            raise NotFound(_("这个账号"))
        Authenticator.objects.filter(user_id=account.pk).delete()
        chain.append(
            subject=f"account:{account.pk}", kind=events.SECOND_FACTOR_REMOVED, payload={}, actor=actor, at=moment.now()
        )
    return account


def _may_manage(actor: Actor, account: Account) -> bool:
    theirs = actor_for(account, moment.now()).appointments
    return actor.is_system or (
        actor.account_id != account.pk
        and bool(theirs)
        and all(policy.may_manage_posts(actor, ref.division_code) for ref in theirs)
    )
