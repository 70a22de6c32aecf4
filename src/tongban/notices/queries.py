"""Reads of the notices room."""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from tongban.base.paging import page
from tongban.base.reading import Asked, Prepared
from tongban.identity.models import Account
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound
from tongban.notices.models import Dispatch, Message


def inbox(account: Account, *, cursor: str | None = None) -> Page[Message]:
    """Return an account's messages, the latest first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    return page(Message.objects.filter(account=account), order=("-id",), cursor=cursor)


def unread(actor: Actor) -> int:
    """Return how many messages the actor has not read, counted to 1,000; 0 for nobody."""
    if actor.account_id is None:
        return 0
    return len(_UNREAD.rows(account=actor.account_id))


def ask_unread(actor: Actor) -> tuple[Asked, ...]:
    """What `unread` reads, to be read ahead with other things of a page."""
    return (_UNREAD.asked(account=actor.account_id),) if actor.account_id is not None else ()


_UNREAD = Prepared(lambda account: Message.objects.filter(account_id=account, read_at=None).values_list("pk")[:1_000])


def access_message(actor: Actor, message_id: int) -> Message:
    """Return one of the actor's own messages.

    Raises:
        NotFound: absent, or somebody else's.
    """
    own = Message.objects.none() if actor.account_id is None else Message.objects.filter(account_id=actor.account_id)
    message = own.filter(pk=message_id).first()
    if message is None:
        raise NotFound(_("这条消息"))
    return message


def uncollected(subject_ref: str) -> list[Message]:
    """Return what was told about a thing to somebody without an account, in order; the caller has checked the right.

    Whoever filed for them elsewhere shows it to them.
    """
    return list(Message.objects.filter(subject_ref=subject_ref, account=None).order_by("pk"))


def messages_about(subject_ref: str) -> list[Message]:
    """Return what was told about a thing, in order, with its dispatches: for the case page of staff."""
    dispatches = Prefetch("dispatches", Dispatch.objects.order_by("channel"))
    return list(Message.objects.filter(subject_ref=subject_ref).prefetch_related(dispatches).order_by("pk"))
