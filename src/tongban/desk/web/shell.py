"""The desk's links in the shell: home, and a tab with a count for each panel."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.reading import Asked
from tongban.base.web.navigation import Entry, add
from tongban.desk.registries import Panel, panels
from tongban.identity.queries import actor_of_request


def register() -> None:
    """Add the desk's home, also for staff on public pages; panels add themselves by `add_panel`."""
    add("desk_home", Entry(key="desk", label=_("工作台"), url_name="desk:home"))
    add("user", Entry(key="desk", label=_("工作台"), url_name="desk:home", order=1, visible=_is_staff))
    add("desk_user", Entry(key="views", label=_("常用视图"), url_name="desk:views", order=25, visible=_has_panel))
    add("desk_search", Entry(key="desk", label=_("搜索"), url_name="desk:search"))


def add_panel(panel: Panel, *, order: int = 50) -> None:
    """Register a panel and its tab in the shell.

    Raises:
        ValueError: the key is taken.
    """
    panels.register(panel.key, panel)
    add(
        "desk",
        Entry(
            key=panel.key,
            label=panel.label,
            url_name="desk:panel",
            args=(panel.key,),
            order=order,
            visible=_visible(panel),
            count=_count(panel),
            asks=_asks(panel),
        ),
    )


def _is_staff(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and actor.kind == "staff"


def _has_panel(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and actor.kind == "staff" and any(one.open_to(actor) for _key, one in panels.items())


def _visible(panel: Panel) -> Callable[[HttpRequest], bool]:
    def visible(request: HttpRequest) -> bool:
        actor = actor_of_request(request)
        return actor is not None and actor.kind == "staff" and panel.open_to(actor)

    return visible


def _asks(panel: Panel) -> Callable[[HttpRequest], Iterable[Asked]]:
    def asks(request: HttpRequest) -> Iterable[Asked]:
        actor = actor_of_request(request)
        return panel.asks(actor) if actor is not None else ()

    return asks


def _count(panel: Panel) -> Callable[[HttpRequest], int | None]:
    def count(request: HttpRequest) -> int | None:
        actor = actor_of_request(request)
        return panel.count(actor) if actor is not None else None

    return count
