"""Tabs and links of the desk's shell: the window, the team, reporting, stock phrases."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.reading import Asked
from tongban.base.web.navigation import Entry, add
from tongban.cases import policy
from tongban.cases.panel import WORKING
from tongban.cases.queries import (
    archivable_units,
    ask_unread_mentions,
    heads_a_team,
    reports,
    unread_mentions,
    window_posts,
)
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import Role


def register() -> None:
    """Add each for those whose posts need it."""
    add("desk", Entry(key="window", label=_("窗口收件"), url_name="cases:window", order=20, visible=_at_window))
    add("desk", Entry(key="team", label=_("团队"), url_name="cases:team", order=40, visible=_heads))
    add("desk", Entry(key="archive", label=_("归档"), url_name="cases:archive", order=50, visible=_archives))
    add("desk", Entry(key="exchange", label=_("数据汇聚"), url_name="cases:exchange", order=60, visible=_reports))
    add(
        "desk",
        Entry(
            key="mentions",
            label=_("提醒我的"),
            url_name="cases:mentions",
            order=30,
            visible=_works,
            count=_called,
            asks=_asks_called,
        ),
    )
    add("desk_user", Entry(key="phrases", label=_("常用语"), url_name="cases:phrases", order=20, visible=_writes))


def _at_window(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and any(one.role == Role.WINDOW_CLERK for one in window_posts(actor))


def _heads(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and heads_a_team(actor)


def _works(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and actor.kind == "staff" and bool(actor.roles() & WORKING)


def _called(request: HttpRequest) -> int | None:
    actor = actor_of_request(request)
    return (unread_mentions(actor) or None) if actor is not None else None


def _asks_called(request: HttpRequest) -> Iterable[Asked]:
    actor = actor_of_request(request)
    return (ask_unread_mentions(actor),) if actor is not None else ()


def _writes(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and policy.gives_opinions(actor)


def _archives(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and bool(archivable_units(actor))


def _reports(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and reports(actor)
