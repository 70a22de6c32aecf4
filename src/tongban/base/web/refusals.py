"""One mapper for every refusal: problem+json (RFC 9457) under /api/, a message page for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from tongban.base.web import messages
from tongban.kernel.problems import NotFound, Refusal, TooMany, problem

API_PREFIX = "/api/"
PROBLEM_TYPE = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def problem_response(body: Mapping[str, Any], status: int) -> HttpResponse:
    """Write a problem document."""
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), status=status, content_type=PROBLEM_TYPE)


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal: a problem document under /api/, else a page with the refusal's own sentence."""
    if is_api(request):
        response = problem_response(problem(refusal, request.path), refusal.status)
    else:
        response = messages.show(request, _message(refusal), status=refusal.status)
    response["Cache-Control"] = "no-store"
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after_s)
    return response


def status_response(request: HttpRequest, status: int) -> HttpResponse:
    """Answer an HTTP error that no refusal speaks for, in the same two ways."""
    message = messages.of_status(status)
    number = getattr(request, "request_id", "")
    if is_api(request):
        body = {
            "type": f"urn:tongban:problem:http_{status}",
            "title": message.sentence if status != 404 else message.title,
            "status": status,
            "instance": request.path,
            "code": f"http_{status}",
        }
        return problem_response(body | ({"request_id": number} if status >= 500 else {}), status)
    if status >= 500:
        message = replace(message, reference=number)
    return messages.show(request, message, status=status)


def stale_response(request: HttpRequest) -> HttpResponse:
    """Answer a form that does not belong to the present log-in: 403, and how to send it again."""
    if is_api(request):
        return status_response(request, 403)
    return messages.show(request, messages.stale(), status=403)


def _message(refusal: Refusal) -> messages.Message:
    # The kernel's own sentences know no language: they are translated here.
    message = messages.with_sentence(refusal.status, _(refusal.message))
    if isinstance(refusal, NotFound):
        what = {"what": _(refusal.what)}
        sentence = _("没有找到%(what)s。请核对后重试，或者返回上一页。") % what
        return replace(message, title=_("没有找到%(what)s") % what, sentence=sentence, second=None)
    steps = list(refusal.fields.values()) or message.steps
    law = str(refusal.data.get("law", ""))
    act = refusal.data.get("act")
    return replace(
        message,
        steps=steps,
        law=law,
        act=tuple(act) if isinstance(act, list | tuple) and len(act) == 2 else message.act,
    )


class RefusalMiddleware:
    """Turn refusals that leave a view, and bare error answers, into something a person or a program can use.

    Must stand after the message and session middlewares, so that the page knows its reader.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and (is_api(request) or not response.content):
            designed = status_response(request, 405)
            designed["Allow"] = response["Allow"]
            return designed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_response(request, exception) if isinstance(exception, Refusal) else None
