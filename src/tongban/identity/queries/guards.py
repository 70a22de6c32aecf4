"""Guards of views: who may open a page at all. Deny by default; what a page shows is up to its own queries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from tongban.identity.problems import IdentityRefusal
from tongban.identity.queries.actors import actor_of_request
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


#: Staff log in by password and second factor, not by a code sent to a phone.
STAFF_LOGIN = "/accounts/login/password/"


def require_actor(request: HttpRequest) -> Actor:
    """Return who asks, in a view that a guard has let through.

    Raises:
        NotFound: nobody is logged in (a view without its guard).
    """
    actor = actor_of_request(request)
    if actor is None:
        raise NotFound
    return actor


def _to_login(request: HttpRequest, login_url: str | None = None) -> HttpResponseBase:
    """Lead to the log-in and back: to the page asked for, or to the one on which the form stood that came too late."""
    back = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        page = urlsplit(request.headers.get("Referer", ""))
        if page.netloc == request.get_host():
            back = page._replace(scheme="", netloc="", fragment="").geturl()
        messages.warning(request, _("您已经退出登录，或者登录已过期，刚才提交的没有办。请登录后回到原来的页面再提交。"))
    return redirect_to_login(back, login_url=login_url)


def login_required(view: View[P]) -> View[P]:
    """Let anybody through who has logged in; others go to the log-in page and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if actor_of_request(request) is None:
            return _to_login(request)
        return view(request, *args, **kwargs)

    return guarded


def citizen_required(view: View[P]) -> View[P]:
    """Let citizens through; staff are told to use their own citizen's account."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = actor_of_request(request)
        if actor is None:
            return _to_login(request)
        if actor.kind != "citizen":
            raise IdentityRefusal(
                "citizen_only", _("这一页是给群众和企业用的。请退出工作人员账号，用您自己的手机号登录。"), status=403
            )
        return view(request, *args, **kwargs)

    return guarded


def staff_required(*roles: str) -> Callable[[View[P]], View[P]]:
    """Let staff through who hold one of the roles somewhere today (any post, where no role is named).

    Others than staff get a 404; staff without any live post are told so.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of_request(request)
            if actor is None:
                return _to_login(request, STAFF_LOGIN)
            if actor.kind != "staff":
                raise NotFound(_("这个页面"))
            if not actor.appointments:
                raise IdentityRefusal(
                    "no_live_post", _("您现在没有在岗的岗位，请联系本单位的系统管理员办理任职。"), status=403
                )
            if roles and not actor.roles() & set(roles):
                raise NotFound(_("这个页面"))
            return view(request, *args, **kwargs)

        return guarded

    return guard
