"""Telling people, marking what they have read, and carrying messages out."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tongban.base import jobs, moment, writing
from tongban.identity.models import Account
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound
from tongban.notices.models import Dispatch, Message
from tongban.partners import registries as partners
from tongban.partners.problems import PartnerRefusedError


def send(
    *,
    account: Account | None = None,
    phone: str | None = None,
    email: str | None = None,
    kind: str,
    subject_ref: str,
    title: str,
    body: str,
    link: str = "",
) -> Message:
    """Tell somebody something: a row in the account's inbox now, text message and e-mail by a job.

    Call it inside the command's transaction: no commit, no message. It takes no actor, because the command
    that calls it has one and writes the event.

    Args:
        account: whose inbox; None for somebody without an account.
        phone: where to send a text message; None for the account's own phone, "" for no text message.
        email: likewise for e-mail.
        kind: what it is about, for programs ("case.received").
        subject_ref: which thing it is about ("case:1143…").
        title: one line.
        body: what happened and what to do next; also the text of the text message.
        link: path on this site, or empty.

    Raises:
        ValueError: the link leads to another site: a mistake of the programmer.
    """
    if link and (not link.startswith("/") or not url_has_allowed_host_and_scheme(link, allowed_hosts=None)):
        raise ValueError(f"a message's link is a path on this site, not {link!r}")
    with transaction.atomic(savepoint=False), writing.together():
        message = writing.create(
            Message(
                account=account,
                kind=kind,
                subject_ref=subject_ref,
                title=title,
                body=body,
                link=link,
                sent_at=moment.now(),
            )
        )
        own_phone, own_email = (account.phone, account.email) if account is not None else ("", "")
        addresses = {
            Dispatch.Channel.SMS: own_phone if phone is None else phone,
            Dispatch.Channel.EMAIL: own_email if email is None else email,
        }
        for channel, address in addresses.items():
            if address:
                _queue(message, channel, address)
    return message


def _queue(message: Message, channel: str, address: str) -> None:
    from tongban.notices.jobs import carry_out

    dispatch = writing.create(Dispatch(message=message, channel=channel, address=address, request_id=uuid.uuid4()))
    jobs.defer(carry_out, dispatch_id=dispatch.pk)


def dispatch_now(*, dispatch_id: int) -> Dispatch | None:
    """Carry one dispatch out; a settled one stays as it is. Returns None where it is gone.

    The row is locked while the partner is spoken to (a few seconds at most), so two workers never send at once;
    a worker killed in between leaves it waiting, and the repeat carries the same request number.

    Raises:
        PartnerUnreachableError: try again later.
    """
    with transaction.atomic():
        dispatch = (
            Dispatch.objects.select_for_update(of=("self",)).select_related("message").filter(pk=dispatch_id).first()
        )
        if dispatch is None or dispatch.state != Dispatch.State.WAITING:
            return dispatch
        dispatch.attempts += 1
        try:
            dispatch.partner_reference = _hand_to_partner(dispatch)
            dispatch.state = Dispatch.State.SENT
        except PartnerRefusedError as error:
            dispatch.partner_reference = str(error)[:80]
            dispatch.state = Dispatch.State.FAILED
        dispatch.settled_at = moment.now()
        dispatch.save(update_fields=["attempts", "partner_reference", "state", "settled_at"])
    return dispatch


def _hand_to_partner(dispatch: Dispatch) -> str:
    message, request_id = dispatch.message, str(dispatch.request_id)
    if dispatch.channel == Dispatch.Channel.SMS:
        return partners.sms_gateway().send(phone=dispatch.address, text=message.body, request_id=request_id)
    return partners.mail_gateway().send(
        address=dispatch.address, subject=message.title, text=message.body, request_id=request_id
    )


def mark_read(actor: Actor, *, message_id: int) -> Message:
    """Mark one of the actor's own messages read; a second time changes nothing.

    Raises:
        NotFound: absent, or somebody else's.
    """
    if actor.account_id is None:
        raise NotFound(_("这条消息"))
    return _mark_read(pk=message_id, account_id=actor.account_id)


def mark_uncollected_read(*, subject_ref: str, message_id: int) -> Message:
    """Mark read what was told about a thing to somebody without an account; a second time changes nothing.

    The caller has checked that the actor speaks for them. What went to an account is read there, by its owner.

    Raises:
        NotFound: absent, about another thing, or somebody's with an account.
    """
    return _mark_read(pk=message_id, account=None, subject_ref=subject_ref)


def _mark_read(**which: Any) -> Message:
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(**which).first()
        if message is None:
            raise NotFound(_("这条消息"), code="message_not_found")
        if message.read_at is None:
            message.read_at = moment.now()
            message.save(update_fields=["read_at"])
    return message


def mark_all_read(actor: Actor) -> int:
    """Mark all the actor's messages read; returns how many were not."""
    if actor.account_id is None:
        return 0
    return Message.objects.filter(account_id=actor.account_id, read_at=None).update(read_at=moment.now())
