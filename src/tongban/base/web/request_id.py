"""A number for every request: in the answer, on error pages, in log lines, so that a report can be found again."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

current: ContextVar[str] = ContextVar("tongban_request_id", default="-")


class RequestIdMiddleware:
    """Take the proxy's number when it is well formed, else make one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        request.request_id = number  # type: ignore[attr-defined]
        token = current.set(number)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response[HEADER] = number
        return response


class RequestIdFilter(logging.Filter):
    """Logging filter: gives every record `request_id` ("-" outside a request)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True
