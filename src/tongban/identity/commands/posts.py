"""Posts, appointments, delegations, and the handover when somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from tongban.base import chain, moment
from tongban.directory.models import Division, Organisation
from tongban.identity import events, policy
from tongban.identity.models import Account, Appointment, Delegation, Post
from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries import live_appointments, posts_to_hand_over
from tongban.identity.registries import HandoverOrder, handover
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import Invalid, NotFound

#: Longest delegation, days: a longer absence calls for an appointment.
DELEGATION_DAYS_MAX = 183


def set_post(
    actor: Actor, *, code: str, organisation: Organisation, role: str, title: str, division: Division | None = None
) -> tuple[Post, bool]:
    """Create a post or bring it to these facts; returns it and whether anything changed.

    Raises:
        NotFound: the actor may not manage posts there.
        Invalid: field `role`.
    """
    _require_manager(actor, division.code if division else organisation.division_id)
    if role not in set(Role):
        raise Invalid(fields={"role": "没有这个角色。"})
    facts = {"organisation": organisation, "division": division, "role": role, "title": title}
    with transaction.atomic():
        post, is_new = Post.objects.select_for_update().get_or_create(code=code, defaults=facts)
        is_changed = is_new or any(getattr(post, name) != value for name, value in facts.items())
        if is_changed:
            for name, value in facts.items():
                setattr(post, name, value)
            post.save()
            payload = {"organisation": organisation.pk, "role": role, "division": division.code if division else ""}
            chain.append(
                subject=f"post:{post.pk}", kind=events.POST_RECORDED, payload=payload, actor=actor, at=moment.now()
            )
    return post, is_changed


def _require_manager(actor: Actor, division_code: str) -> None:
    if not policy.may_manage_posts(actor, division_code):
        raise NotFound("这个岗位")


def appoint(
    actor: Actor, *, account_id: int, post_id: int, valid_from: date, valid_to: date | None = None
) -> Appointment:
    """Appoint a staff account to a post, from its first to its last day (Shanghai, both included).

    An open appointment of the same account to the same post is returned as it is.

    Raises:
        NotFound: no such account or post, or the actor may not appoint there.
        Invalid: field `valid_to`.
    """
    if valid_to is not None and valid_to < valid_from:
        raise Invalid(fields={"valid_to": "截止日期不能早于开始日期。"})
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
        post = Post.objects.select_related("organisation").filter(pk=post_id).first()
        if account is None or post is None or account.kind != Account.Kind.STAFF:
            raise NotFound("这个账号或岗位")
        _require_manager(actor, _division_of(post))
        found = Appointment.objects.filter(account=account, post=post, ended_at=None, valid_to=None).first()
        if found is not None:
            return found
        appointment = Appointment.objects.create(account=account, post=post, valid_from=valid_from, valid_to=valid_to)
        _record(
            appointment,
            events.APPOINTMENT_MADE,
            {"account": account.pk, "post": post.pk, "valid_from": valid_from.isoformat()},
            actor,
        )
    return appointment


def _division_of(post: Post) -> str:
    return post.division_id or post.organisation.division_id


def _record(appointment: Appointment, kind: str, payload: dict[str, object], actor: Actor) -> None:
    chain.append(subject=f"appointment:{appointment.pk}", kind=kind, payload=payload, actor=actor, at=moment.now())


def end_appointment(actor: Actor, *, appointment_id: int) -> Appointment:
    """End an appointment at once, and every delegation of it. A second end changes nothing.

    Raises:
        NotFound: absent, or the actor may not manage it.
    """
    with transaction.atomic():
        appointment = (
            Appointment.objects.select_for_update(of=("self",))
            .select_related("post__organisation")
            .filter(pk=appointment_id)
            .first()
        )
        if appointment is None:
            raise NotFound("这项任职")
        _require_manager(actor, _division_of(appointment.post))
        if appointment.ended_at is None:
            _end(appointment, actor)
    return appointment


def _end(appointment: Appointment, actor: Actor) -> None:
    appointment.ended_at = moment.now()
    appointment.save(update_fields=["ended_at"])
    lent = Delegation.objects.select_for_update().filter(appointment=appointment, revoked_at=None).order_by("pk")
    for delegation in lent:
        _revoke(delegation, actor)
    _record(appointment, events.APPOINTMENT_ENDED, {}, actor)


def delegate(
    actor: Actor, *, appointment_id: int, to_account_id: int, valid_from: date, valid_to: date, reason: str
) -> Delegation:
    """Lend the authority of one's own appointment to a colleague of the same organisation, with a last day.

    What was lent cannot be lent on.

    Raises:
        NotFound: the appointment is not the actor's own and live, or the colleague does not exist.
        Invalid: fields `to_account`, `valid_from`, `valid_to` or `reason`.
    """
    if actor.account_id is None:
        raise NotFound("这项任职")
    with transaction.atomic():
        appointment = (
            live_appointments(moment.today())
            .select_for_update(of=("self",))
            .filter(pk=appointment_id, account_id=actor.account_id)
            .first()
        )
        to_account = Account.objects.filter(pk=to_account_id, kind=Account.Kind.STAFF, is_active=True).first()
        if appointment is None or to_account is None:
            raise NotFound("这项任职或这位同事")
        _check_delegation(appointment, to_account, valid_from, valid_to, reason)
        delegation = Delegation.objects.create(
            appointment=appointment,
            to_account=to_account,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason.strip(),
        )
        payload = {
            "delegation": delegation.pk,
            "to": to_account.pk,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat(),
        }
        _record(appointment, events.DELEGATION_GRANTED, payload, actor)
    return delegation


def _check_delegation(
    appointment: Appointment, to_account: Account, valid_from: date, valid_to: date, reason: str
) -> None:
    wrong: dict[str, str] = {}
    organisation = appointment.post.organisation
    colleagues = live_appointments(moment.today()).filter(account=to_account, post__organisation=organisation)
    if to_account.pk == appointment.account_id or not colleagues.exists():
        wrong["to_account"] = "只能委托本单位的其他在岗人员。"
    if valid_from < moment.today():
        wrong["valid_from"] = "开始日期不能早于今天。"
    if valid_to < valid_from:
        wrong["valid_to"] = "截止日期不能早于开始日期。"
    elif valid_to - valid_from > timedelta(days=DELEGATION_DAYS_MAX):
        wrong["valid_to"] = f"一次委托最长 {DELEGATION_DAYS_MAX} 天，更久的请调整任职。"
    if not reason.strip():
        wrong["reason"] = "请写明委托原因。"
    if wrong:
        raise Invalid(fields=wrong)


def revoke_delegation(actor: Actor, *, delegation_id: int) -> Delegation:
    """Take a delegation back at once: who lent it, or who manages the post.

    Raises:
        NotFound: absent, or not the actor's to revoke.
    """
    with transaction.atomic():
        delegation = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related("appointment__post__organisation")
            .filter(pk=delegation_id)
            .first()
        )
        if delegation is None or not (
            delegation.appointment.account_id == actor.account_id
            or policy.may_manage_posts(actor, _division_of(delegation.appointment.post))
        ):
            raise NotFound("这项委托")
        if delegation.revoked_at is None:
            _revoke(delegation, actor)
    return delegation


def _revoke(delegation: Delegation, actor: Actor) -> None:
    delegation.revoked_at = moment.now()
    delegation.save(update_fields=["revoked_at"])
    _record(delegation.appointment, events.DELEGATION_REVOKED, {"delegation": delegation.pk}, actor)


@dataclass(frozen=True)
class HandedOver:
    """What a handover moved: posts taken over, and open work by its kind."""

    appointments: tuple[Appointment, ...]
    work: dict[str, int]


def hand_over(actor: Actor, *, from_account_id: int, to_account_id: int, close_account: bool = True) -> HandedOver:
    """Move a leaver's posts and all their open work to a successor, in one transaction, and close the account.

    Delegations of the leaver's posts end; the successor gets each post they do not hold yet.

    Raises:
        NotFound: no such staff, no post of theirs, or the actor may not manage every post concerned.
        IdentityRefusal: `handover_to_self`.
    """
    if from_account_id == to_account_id:
        raise IdentityRefusal("handover_to_self", "移交人和接收人不能是同一个人。")
    with transaction.atomic():
        pair = Account.objects.select_for_update().filter(
            pk__in=[from_account_id, to_account_id], kind=Account.Kind.STAFF, is_active=True
        )
        accounts = {account.pk: account for account in pair.order_by("pk")}
        if len(accounts) != 2:
            raise NotFound("移交人或接收人")
        held = posts_to_hand_over(actor, from_account_id, lock=True)
        taken = tuple(_take_over(appointment, to_account_id, actor) for appointment in held)
        work = _move_work(actor, held, from_account_id, to_account_id)
        if close_account:
            _close(accounts[from_account_id], actor)
        payload = {"to": to_account_id, "posts": [appointment.post_id for appointment in held], "work": work}
        chain.append(
            subject=f"account:{from_account_id}",
            kind=events.WORK_HANDED_OVER,
            payload=payload,
            actor=actor,
            at=moment.now(),
        )
    return HandedOver(taken, work)


def _take_over(appointment: Appointment, to_account_id: int, actor: Actor) -> Appointment:
    _end(appointment, actor)
    return appoint(actor, account_id=to_account_id, post_id=appointment.post_id, valid_from=moment.today())


def _move_work(actor: Actor, held: list[Appointment], from_account_id: int, to_account_id: int) -> dict[str, int]:
    moved: dict[str, int] = {}
    for organisation_id in sorted({appointment.post.organisation_id for appointment in held}):
        order = HandoverOrder(actor, from_account_id, to_account_id, organisation_id, moment.now())
        for name, mover in handover.items():
            moved[name] = moved.get(name, 0) + mover.hand_over(order)
    return moved


def _close(account: Account, actor: Actor) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    chain.append(subject=f"account:{account.pk}", kind=events.ACCOUNT_CLOSED, payload={}, actor=actor, at=moment.now())
