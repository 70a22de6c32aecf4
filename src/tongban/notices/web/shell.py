"""The entry of the messages in the menus, with the number of unread ones."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.reading import Asked
from tongban.base.web import navigation
from tongban.identity.queries import actor_of_request
from tongban.notices import queries


def fill() -> None:
    """Register the entries."""
    entry = navigation.Entry(
        key="messages",
        label=_("我的消息"),
        url_name="messages_inbox",
        icon="send",
        order=20,
        count=unread_of,
        asks=_asks,
    )
    navigation.add("user", entry)
    navigation.add("desk_user", entry)


def _asks(request: HttpRequest) -> Iterable[Asked]:
    actor = actor_of_request(request)
    return queries.ask_unread(actor) if actor is not None else ()


def unread_of(request: HttpRequest) -> int | None:
    """Return the number beside the entry; None shows none."""
    actor = actor_of_request(request)
    return (queries.unread(actor) or None) if actor is not None else None
