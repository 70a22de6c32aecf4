"""An account's wishes, carried into the browser at log-in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from tongban.base.web import elder
from tongban.identity.models import Account


def remember(response: HttpResponse, account: Account) -> None:
    """Set the cookies of language and elder mode as the account wishes; no wish leaves the browser's own."""
    if account.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            account.language,
            max_age=elder.COOKIE_AGE_S,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    if account.elder_mode:
        response.set_cookie(
            elder.COOKIE,
            str(elder.SIZES[0]),
            max_age=elder.COOKIE_AGE_S,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )


def forget(response: HttpResponse, account: Account) -> None:
    """Take away what the account wishes no longer."""
    if not account.language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    if not account.elder_mode:
        response.delete_cookie(elder.COOKIE, samesite="Lax")
