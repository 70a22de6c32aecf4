"""Every request gets its actor; staff without a second factor get no posts and are led to set it up."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tongban.base import moment, reading
from tongban.identity import second_factor
from tongban.identity.models import Account
from tongban.identity.queries import actor_for, actor_of_token, ask_actor
from tongban.identity.sessions import ask_account
from tongban.kernel.actor import VISITOR, Actor

#: Open to staff who have not given their second factor yet.
OPEN_PREFIXES = ("/accounts/", "/elder/", "/static/")
API_PREFIX = "/api/"


class ActorMiddleware:
    """Set `request.actor`; stands after the authentication and allauth middlewares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API_PREFIX):
            # The API knows tokens only: a session's cookie must not act there.
            request.actor = _caller(request)  # type: ignore[attr-defined]  # our own attribute
            return self.get_response(request)
        with reading.once():
            _read_ahead(request)
            user = request.user
            account = user if isinstance(user, Account) else None
            step = second_factor.missing_step(request, account) if account is not None else None
            request.actor = _actor(account, is_complete=step is None)  # type: ignore[attr-defined]  # our own attribute
        if step is not None and not request.path.startswith(OPEN_PREFIXES):
            return redirect(step)
        return self.get_response(request)


def _read_ahead(request: HttpRequest) -> None:
    """Read the account of the session and its posts in one statement."""
    key = request.session.get(SESSION_KEY, "")
    if str(key).isdigit():
        reading.ahead(ask_account(int(key)), *ask_actor(int(key)))


def _caller(request: HttpRequest) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return VISITOR
    return actor_of_token(token.strip()) or VISITOR


def _actor(account: Account | None, *, is_complete: bool) -> Actor:
    if account is None:
        return VISITOR
    if not is_complete:
        return Actor(kind="staff", account_id=account.pk, name=account.name)
    return actor_for(account, moment.now())
