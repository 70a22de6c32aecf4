"""What is let in at all: bodies no longer than any upload, texts that a database can hold, the asker's true address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse

_NUL = "\x00"


class ClientAddressMiddleware:
    """Make `REMOTE_ADDR` the client's address behind `settings.PROXIES` proxies of our own.

    Each proxy adds the address that it saw at the end of X-Forwarded-For; what stands further left was written by the
    client and is not believed. Limits of tries count by this address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.proxies = int(settings.PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.proxies:
            seen = request.headers.get("X-Forwarded-For", "").split(",")
            address = _address(seen[-self.proxies]) if len(seen) >= self.proxies else ""
            if address:
                request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def _address(text: str) -> str:
    """Return a well-formed address, or nothing."""
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


class IntakeMiddleware:
    """Refuse what no page of ours sends: 413 for endless bodies, 400 for NUL characters, which PostgreSQL cannot keep.

    Without it each of them would be a fault of ours (500) somewhere deep in a query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.bytes_max = int(settings.BODY_BYTES_MAX)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal():
            raise BadRequest("Content-Length")
        if int(length) > self.bytes_max:
            raise RequestDataTooBig("Content-Length")
        _refuse_nul([request.path])
        _refuse_nul(text for key, values in request.GET.lists() for text in (key, *values))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Look at the posted form once the view is known to be the one that answers."""
        _refuse_nul(text for key, values in request.POST.lists() for text in (key, *values))


def _refuse_nul(texts: Iterable[object]) -> None:
    if any(_NUL in str(text) for text in texts):
        raise BadRequest("NUL")
