"""Elder mode (关怀版): larger type, fewer things; kept in one cookie, so that it needs no account and no script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

COOKIE = "tongban_elder"
COOKIE_AGE_S = 365 * 24 * 3600
#: Sizes of body type in px that one may choose (ui: 20 px, adjustable to 30).
SIZES = (20, 24, 30)


@dataclass(frozen=True)
class Elder:
    """How large this reader wants the page; 0 is the ordinary page."""

    size: int = 0

    @property
    def on(self) -> bool:
        return self.size in SIZES

    @property
    def css(self) -> str:
        return f"elder elder--{self.size}" if self.on else ""


def chosen(request: HttpRequest) -> Elder:
    """Read the wish from the cookie; anything that is not one of our sizes is the ordinary page."""
    text = request.COOKIES.get(COOKIE, "")
    return Elder(int(text)) if text in {str(size) for size in SIZES} else Elder()


class ElderMiddleware:
    """Put `request.elder` on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.elder = chosen(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return there if safe else "/"


@require_http_methods(["GET", "HEAD", "POST"])
def elder_view(request: HttpRequest) -> HttpResponse:
    """Show the sizes to choose from, or take the choice (`size`: 0, 20, 24, 30) and go back to `next` on this site."""
    if request.method != "POST":
        return render(request, "base/elder.html", {"sizes": SIZES})
    size = request.POST.get("size", "0")
    response = redirect(_back(request))
    if size in {str(known) for known in SIZES}:
        response.set_cookie(
            COOKIE, size, max_age=COOKIE_AGE_S, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
