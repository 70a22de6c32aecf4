"""Addresses that only take what is sent: whoever comes back to one after logging in again lands on its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def sent_from(page: str) -> Callable[[View], View]:
    """Let POST through to the view; a GET goes to the page (same parameters) that has the form."""

    def guard(view: View) -> View:
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
            if request.method != "POST":
                there: HttpResponseBase = redirect(page, **parameters)
                return there
            return view(request, **parameters)

        return guarded

    return guard
