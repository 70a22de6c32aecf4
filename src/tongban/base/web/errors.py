"""Error handlers of the URL configuration.

`handler400 = "tongban.base.web.errors.bad_request"`; likewise 403 `forbidden`, 404 `not_found`, 500 `broken`.
"""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tongban.base.web import refusals

logger = logging.getLogger(__name__)

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when more was sent than is taken."""
    return refusals.status_response(request, 413 if isinstance(exception, _TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return refusals.status_response(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """`settings.CSRF_FAILURE_VIEW`: a page that stood open too long, or a foreign form."""
    return refusals.stale_response(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    return refusals.status_response(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: when even the page cannot be drawn, one that needs neither database nor context is."""
    try:
        return refusals.status_response(request, 500)
    except Exception:
        logger.exception("The error page itself failed")
        return HttpResponse(render_to_string("base/errors/bare500.html"), status=500)


def offline(request: HttpRequest) -> HttpResponse:
    """The page that the service worker keeps for when the net is gone."""
    return render(request, "base/errors/offline.html")
