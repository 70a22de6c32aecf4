"""The portal's doors in the shells: public navigation, foot, the citizen's menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add
from tongban.cases.queries import Todo, my_todo, todo_count
from tongban.identity.queries import actor_of_request


def fill() -> None:
    """Register the entries."""
    add("home", Entry(key="home", label=_("首页"), url_name="portal:home"))
    add("search", Entry(key="search", label=_("搜索"), url_name="portal:search"))
    add("main", Entry(key="person", label=_("个人办事"), url_name="portal:person", icon="person", order=10))
    add("main", Entry(key="company", label=_("企业办事"), url_name="portal:company", icon="company", order=20))
    add("main", Entry(key="track", label=_("查进度"), url_name="portal:track", icon="clock", order=40))
    add("main", Entry(key="halls", label=_("办事大厅"), url_name="portal:halls", icon="hall", order=60))
    add("main", Entry(key="verify", label=_("验真伪"), url_name="documents:verify_form", icon="shield", order=70))
    mine = Entry(key="my", label=_("我的办件"), url_name="portal:my", icon="document", order=10, count=_waiting)
    add("user", mine)
    add("user", Entry(key="subscriptions", label=_("我的关注"), url_name="portal:subscriptions", icon="star", order=15))
    add("foot_service", Entry(key="halls", label=_("大厅和网点"), url_name="portal:halls", order=10))
    add("foot_service", Entry(key="notices", label=_("送达公告"), url_name="portal:public_notices", order=30))
    add("foot_service", Entry(key="track", label=_("查进度"), url_name="portal:track", order=30))
    add("foot_service", Entry(key="verify", label=_("验证照真伪"), url_name="documents:verify_form", order=40))
    add("foot_oversight", Entry(key="lists", label=_("权责清单"), url_name="portal:lists", order=20))
    add("foot_about", Entry(key="elder", label=_("适老化与无障碍"), url_name="base:elder", order=20))
    add("foot_about", Entry(key="seen", label=_("谁看过我的数据"), url_name="account_seen", order=30))


def todo_of(request: HttpRequest) -> list[Todo]:
    """What waits for the citizen, asked once a request: the page and the count in its menu show the same."""
    actor = actor_of_request(request)
    if actor is None or actor.kind != "citizen":
        return []
    known: list[Todo] | None = getattr(request, "todo", None)
    if known is None:
        known = my_todo(actor)
        request.todo = known  # type: ignore[attr-defined]  # kept for this request alone
    return known


def _waiting(request: HttpRequest) -> int | None:
    actor = actor_of_request(request)
    if actor is None or actor.kind != "citizen":
        return None
    known: list[Todo] | None = getattr(request, "todo", None)
    return (todo_count(actor) if known is None else len(known)) or None
