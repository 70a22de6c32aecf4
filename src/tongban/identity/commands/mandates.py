"""Authority of one natural person to another to handle applications (授权代办): granted, confirmed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base import chain, moment, rate
from tongban.identity import events
from tongban.identity.commands.persons import LEVEL_REAL_NAME, ensure_person, normal_document
from tongban.identity.commands.phone_codes import use_phone_code
from tongban.identity.models import Account, Mandate, Person, PhoneCode
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import account_of, holds, person_for_lookup
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import Invalid, NotFound, Refusal

#: Longest term: an authority that is forgotten ends by itself.
TERM_DAYS_MAX = 366
#: People whom one person may have authorised at once, and offers within a day: enough for a family and its agency,
#: too few to try out which name goes with which number.
OPEN_MAX = 20
OFFERS_MAX, OFFERS_PER_S = 10, 86_400
TRIES_MAX, TRIES_PER_S = 8, 900
AUTHORITY_MIN, AUTHORITY_MAX = 6, 300


@dataclass(frozen=True, kw_only=True)
class Named:
    """A person as a form names them: kind and number of the document, and the name on it."""

    document_kind: str
    document_number: str
    name: str


def grant_mandate(
    actor: Actor,
    *,
    agent: Named,
    valid_to: date,
    may_withdraw: bool,
    method: Literal["password", "phone_code"],
    secret: str,
) -> Mandate:
    """Authorise another real-named person online from today to a last day, signed; it counts once they consent.

    Wrong passwords and codes are counted outside the transaction.

    Raises:
        NotFound: nobody is logged in.
        Invalid: fields `agent_name`, `agent_number`, `valid_to` or `secret`.
        IdentityRefusal: `not_verified`, `mandate_exists`, `mandate_too_many`.
        TooMany: too many offers today, or wrong passwords.
    """
    account = account_of(actor)
    principal = account.person
    if actor.kind != "citizen" or principal is None or principal.assurance_level < LEVEL_REAL_NAME:
        raise IdentityRefusal("not_verified", _("授权别人代办，要先完成您自己的实名核验。"), status=403)
    check_term(valid_to)
    rate.hit(bucket="mandate-offer", key=str(account.pk), limit=OFFERS_MAX, per_s=OFFERS_PER_S)
    other = real_named(agent)
    if other.pk == principal.pk:
        raise Invalid(fields={"agent_number": _("这是您本人的证件号码。请填写代办人的。")})
    check_secret(account, method, secret)
    return _open(
        actor, principal=principal, agent=other, valid_to=valid_to, may_withdraw=may_withdraw,
        facts={"way": Mandate.Way.ONLINE, "evidence": method},
    )  # fmt: skip


def record_mandate(
    actor: Actor,
    *,
    organisation_id: int,
    principal: Named,
    agent: Named,
    valid_to: date,
    may_withdraw: bool,
    authority: str,
) -> Mandate:
    """Record at a window an authority whose signed paper and both documents the clerk saw; it counts at once.

    `authority`: date and words of the paper (授权委托书), 6 to 300 characters.

    Raises:
        NotFound: the actor is no window clerk of that body.
        Invalid: fields `principal_…`, `agent_…`, `valid_to` or `authority`.
        IdentityRefusal: `person_name_differs`, `mandate_exists`, `mandate_too_many`.
    """
    if holds(actor, Role.WINDOW_CLERK, organisation_id) is None:
        raise NotFound(_("这个窗口"))
    check_term(valid_to)
    if not AUTHORITY_MIN <= len(authority.strip()) <= AUTHORITY_MAX:
        words = _("请写明授权委托书的日期和委托事项，例如：2026年11月20日委托办理各项政务服务。")
        raise Invalid(fields={"authority": words})
    with transaction.atomic():
        first, second = _recorded(actor, principal, "principal"), _recorded(actor, agent, "agent")
        if first.pk == second.pk:
            raise Invalid(fields={"agent_number": _("委托人和代办人是同一个人。")})
        return _open(
            actor, principal=first, agent=second, valid_to=valid_to, may_withdraw=may_withdraw,
            facts={
                "way": Mandate.Way.WINDOW,
                "evidence": authority.strip(),
                "seen_by_id": actor.account_id,
                "seen_at_body_id": organisation_id,
                "confirmed_at": moment.now(),
            },
        )  # fmt: skip


def confirm_mandate(actor: Actor, *, mandate_id: int) -> Mandate:
    """The agent consents to what was granted online; from then on it counts. Again: nothing changes.

    Raises:
        NotFound: no such open mandate, or it names another agent.
        IdentityRefusal: `mandate_over`: its last day has passed.
    """
    with transaction.atomic():
        mandate = _locked(mandate_id)
        if mandate is None or actor.person_id is None or mandate.agent_id != actor.person_id:
            raise NotFound(_("这条授权"))
        if mandate.valid_to < moment.today():
            raise IdentityRefusal("mandate_over", _("这条授权已过截止日期。需要继续代办的，请对方重新授权。"))
        if mandate.confirmed_at is None:
            mandate.confirmed_at = moment.now()
            mandate.save(update_fields=["confirmed_at"])
            _tell(actor, mandate, events.MANDATE_CONFIRMED, {})
    return mandate


def end_mandate(actor: Actor, *, mandate_id: int) -> Mandate:
    """End it at once: the principal revokes, the agent gives up or declines, a clerk of the window that recorded it
    acts for a principal who came. Again: nothing changes.

    Raises:
        NotFound: absent, or not the actor's to end.
    """
    with transaction.atomic():
        mandate = Mandate.objects.select_for_update().filter(pk=mandate_id).first()
        by = _ends_as(actor, mandate) if mandate is not None else None
        if mandate is None or by is None:
            raise NotFound(_("这条授权"))
        if mandate.ended_at is None:
            mandate.ended_at = moment.now()
            mandate.save(update_fields=["ended_at"])
            _tell(actor, mandate, events.MANDATE_ENDED, {"by": by})
    return mandate


def _ends_as(actor: Actor, mandate: Mandate) -> str | None:
    if actor.person_id is not None and actor.person_id == mandate.principal_id:
        return "principal"
    if actor.person_id is not None and actor.person_id == mandate.agent_id:
        return "agent"
    body = mandate.seen_at_body_id
    return "window" if body is not None and holds(actor, Role.WINDOW_CLERK, body) else None


def _open(
    actor: Actor,
    *,
    principal: Person,
    agent: Person,
    valid_to: date,
    may_withdraw: bool,
    facts: Mapping[str, Any],
) -> Mandate:
    today, now = moment.today(), moment.now()
    try:
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=principal.pk)
            opened = Mandate.objects.filter(principal=principal, ended_at__isnull=True)
            opened.filter(valid_to__lt=today).update(ended_at=now)
            if opened.count() >= OPEN_MAX:
                raise IdentityRefusal(
                    "mandate_too_many",
                    _("同时有效的授权最多 %(most)s 条。请先收回用不着的。") % {"most": OPEN_MAX},
                )
            mandate = Mandate.objects.create(
                principal=principal, agent=agent, valid_from=today, valid_to=valid_to, may_withdraw=may_withdraw,
                granted_at=now, **facts,
            )  # fmt: skip
            payload = {
                "principal": principal.pk, "agent": agent.pk, "way": str(mandate.way),
                "valid_to": valid_to.isoformat(), "may_withdraw": may_withdraw,
            }  # fmt: skip
            _tell(actor, mandate, events.MANDATE_GRANTED, payload)
    except IntegrityError:
        raise IdentityRefusal("mandate_exists", _("这个人已经有您的授权了。要改期限或权限，请先收回再授权。")) from None
    return mandate


def _locked(mandate_id: int) -> Mandate | None:
    return Mandate.objects.select_for_update().filter(pk=mandate_id, ended_at__isnull=True).first()


def _tell(actor: Actor, mandate: Mandate, kind: str, payload: Mapping[str, Any]) -> None:
    chain.append(subject=mandate.subject, kind=kind, payload=payload, actor=actor, at=moment.now())


def check_term(valid_to: date) -> None:
    """Refuse a last day before today or after the longest term (field `valid_to`)."""
    today = moment.today()
    if not today <= valid_to <= today + timedelta(days=TERM_DAYS_MAX):
        raise Invalid(fields={"valid_to": _("截止日期从今天起，最长一年。")})


def real_named(named: Named) -> Person:
    """The agent, if name and number are those of somebody real-named; whatever does not fit is told in one sentence."""
    try:
        number = normal_document(named.document_kind, named.document_number, name=named.name)
    except Invalid as wrong:
        raise Invalid(fields={_FIELDS.get(key, key): said for key, said in wrong.fields.items()}) from None
    found = person_for_lookup(named.document_kind, number)
    if found is None or found.name != named.name.strip() or found.assurance_level < LEVEL_REAL_NAME:
        sentence = _("没有找到这位已实名的代办人。请核对姓名和证件号码，并请对方先在本网站登录、完成实名核验。")
        raise Invalid(fields={"agent_number": sentence})
    return found


_FIELDS = {"name": "agent_name", "document_number": "agent_number", "document_kind": "agent_number"}


def _recorded(actor: Actor, named: Named, who: str) -> Person:
    try:
        return ensure_person(actor, document_kind=named.document_kind, number=named.document_number, name=named.name)
    except Invalid as wrong:
        named_fields = {"name": "name", "document_number": "number", "document_kind": "kind"}
        raise Invalid(
            fields={f"{who}_{named_fields.get(key, key)}": said for key, said in wrong.fields.items()}
        ) from None


def check_secret(account: Account, method: str, secret: str) -> None:
    """Check the password or the code by which an authority is signed (field `secret`); wrong passwords count."""
    if method == "phone_code":
        try:
            use_phone_code(phone=account.phone, purpose=PhoneCode.Purpose.SIGN, code=secret)
        except Refusal as wrong:
            raise Invalid(fields={"secret": " ".join(wrong.fields.values()) or wrong.message}) from None
        return
    rate.hit(bucket="mandate-sign", key=str(account.pk), limit=TRIES_MAX, per_s=TRIES_PER_S)
    if not account.check_password(secret):
        raise Invalid(fields={"secret": _("密码不对，请重新输入。")})
    rate.reset(bucket="mandate-sign", key=str(account.pk))
