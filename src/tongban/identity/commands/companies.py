"""Companies and those who may act for them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import chain, moment, rate
from tongban.identity import events
from tongban.identity.commands.mandates import (
    OFFERS_MAX,
    OFFERS_PER_S,
    Named,
    check_secret,
    check_term,
    real_named,
)
from tongban.identity.models import Account, Company, Operator
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import account_of, accounts_of_person, heads_company, live_operators
from tongban.kernel.actor import Actor
from tongban.kernel.codes import CodeError, uscc
from tongban.kernel.problems import Invalid, NotFound


def ensure_company(actor: Actor, *, code: str, name: str, legal_representative: str = "", address: str = "") -> Company:
    """Return the company with that unified social credit code, recorded now if not known.

    Raises:
        Invalid: fields `uscc` or `name`.
    """
    wrong: dict[str, str] = {}
    cleaned = code.strip().upper()
    try:
        cleaned = uscc.parse(code).code
    except CodeError as error:
        wrong["uscc"] = error.message
    if not name.strip():
        wrong["name"] = "请填写营业执照上的名称。"
    if wrong:
        raise Invalid(fields=wrong)
    with transaction.atomic():
        company, is_new = Company.objects.get_or_create(
            uscc=cleaned,
            defaults={
                "name": name.strip(),
                "legal_representative": legal_representative.strip(),
                "address": address.strip(),
                "created_at": moment.now(),
            },
        )
        if is_new:
            chain.append(
                subject=f"company:{company.uscc}",
                kind=events.COMPANY_RECORDED,
                payload={},
                actor=actor,
                at=moment.now(),
            )
    return company


def bind_operator(
    actor: Actor,
    *,
    company_id: int,
    account_id: int,
    role: str = Operator.Role.AGENT,
    valid_from: date,
    valid_to: date | None = None,
) -> Operator:
    """Give a citizen the authority to act for a company, from its first to its last day.

    The system binds what a registration authority's records say; a legal representative or owner binds agents.

    Raises:
        NotFound: no such company or account, or the actor may not bind for it.
        Invalid: field `valid_to`.
        IdentityRefusal: `operator_not_verified`: the account has no verified person behind it.
    """
    if not _may_bind(actor, company_id, role):
        raise NotFound("这家单位")
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(fields={"valid_to": "截止日期不能早于开始日期。"})
    with transaction.atomic():
        company = Company.objects.select_for_update().filter(pk=company_id).first()
        account = Account.objects.filter(pk=account_id, kind=Account.Kind.CITIZEN, is_active=True).first()
        if company is None or account is None:
            raise NotFound("这家单位或这个账号")
        if account.person_id is None:
            raise IdentityRefusal("operator_not_verified", "经办人还没有实名核验，请本人先登录完成核验。")
        found = Operator.objects.filter(company=company, account=account, revoked_at=None, valid_to=None).first()
        if found is not None:
            return found
        operator = Operator.objects.create(
            company=company, account=account, role=role, valid_from=valid_from, valid_to=valid_to
        )
        chain.append(
            subject=f"company:{company.uscc}",
            kind=events.OPERATOR_BOUND,
            payload={"operator": operator.pk, "account": account.pk, "role": role},
            actor=actor,
            at=moment.now(),
        )
    return operator


def authorise_agent(
    actor: Actor,
    *,
    company_id: int,
    agent: Named,
    valid_to: date,
    method: Literal["password", "phone_code"],
    secret: str,
) -> Operator:
    """The head of a company lets a real-named person act for it from today to a last day, signed; it counts at once.

    Raises:
        NotFound: the actor is no head of that company.
        Invalid: fields `agent_name`, `agent_number`, `valid_to` or `secret`.
        IdentityRefusal: `operator_exists`: they may act for it already.
        TooMany: too many names tried today, or wrong passwords.
    """
    if actor.is_system or not _may_bind(actor, company_id, Operator.Role.AGENT):
        raise NotFound("这家单位")
    account = account_of(actor)
    check_term(valid_to)
    rate.hit(bucket="mandate-offer", key=str(account.pk), limit=OFFERS_MAX, per_s=OFFERS_PER_S)
    person = real_named(agent)
    theirs = accounts_of_person(person.pk)
    if not theirs:
        raise Invalid(fields={"agent_number": _("这个人还没有账号。请本人先在本网站登录。")})
    check_secret(account, method, secret)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company_id)
        if live_operators(moment.today()).filter(company_id=company_id, account__in=theirs).exists():
            raise IdentityRefusal("operator_exists", _("这个人已经可以代办这家单位的事。要改期限，请先收回再授权。"))
        return bind_operator(
            actor, company_id=company_id, account_id=theirs[0].pk, valid_from=moment.today(), valid_to=valid_to
        )


def _may_bind(actor: Actor, company_id: int, role: str) -> bool:
    if actor.is_system:
        return True
    return role == Operator.Role.AGENT and heads_company(actor, company_id)


def revoke_operator(actor: Actor, *, operator_id: int) -> Operator:
    """End an authority at once; the agent may give it up, the company's head or the system may take it.

    Raises:
        NotFound: absent, or the actor may not revoke it.
    """
    with transaction.atomic():
        operator = Operator.objects.select_for_update().select_related("company").filter(pk=operator_id).first()
        if operator is None or not (
            operator.account_id == actor.account_id or _may_bind(actor, operator.company_id, Operator.Role.AGENT)
        ):
            raise NotFound("这条授权")
        if operator.revoked_at is None:
            operator.revoked_at = moment.now()
            operator.save(update_fields=["revoked_at"])
            chain.append(
                subject=f"company:{operator.company.uscc}",
                kind=events.OPERATOR_REVOKED,
                payload={"operator": operator.pk},
                actor=actor,
                at=moment.now(),
            )
    return operator
