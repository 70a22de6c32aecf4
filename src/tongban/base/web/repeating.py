"""Repeated calls of the JSON API: one `Idempotency-Key`, one effect, one answer."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import TypeAdapter

from tongban.base import idempotency
from tongban.base.web.api import actor_of
from tongban.kernel.problems import Invalid

F = TypeVar("F", bound=Callable[..., Any])

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)

HEADER = "Idempotency-Key"
#: Names the post in whose name a body's system acts; part of what a key is bound to.
POST_HEADER = "Tongban-Post"
#: How the header stands in the OpenAPI document, for `openapi_extra`.
PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "重试同一请求时使用同一个值：无论收到多少次，只产生一次结果。1 至 120 个可见字符。",
    "schema": {"type": "string", "minLength": 1, "maxLength": 120},
}


def key_of(request: HttpRequest) -> str:
    """The request's `Idempotency-Key`.

    Raises:
        Invalid: the header is missing (`idempotency_key_missing`).
    """
    key = request.headers.get(HEADER)
    if key is None:
        raise Invalid(
            _("请在请求头部带上 Idempotency-Key：每项新的请求换一个值，重试同一项请求用同一个值。"),
            code="idempotency_key_missing",
        )
    return key


def repeatable(operation: F) -> F:
    """Make an operation that changes something safe to repeat; stands under the router's decorator.

    The key belongs to the calling system and is bound to address and body (files by the digest of their content). A
    repetition gets the first status and body; a refusal keeps nothing, so that the key may be used again.
    """

    @wraps(operation)
    def answered(request: HttpRequest, *args: Any, **values: Any) -> Status[Any]:
        key = key_of(request)
        asked = [request.method or "", request.path, request.headers.get(POST_HEADER, ""), _digest(request)]
        kept = idempotency.once(
            actor=actor_of(request), key=key, fingerprint=asked, work=lambda: _kept(operation(request, *args, **values))
        )
        return Status(int(kept["status"]), kept["body"])

    return cast("F", answered)


def _kept(answer: Any) -> dict[str, Any]:
    status, body = (answer.status_code, answer.value) if isinstance(answer, Status) else (200, answer)
    if isinstance(body, Schema):
        body = body.model_dump(mode="json", by_alias=True)
    return {"status": status, "body": _ANYTHING.dump_python(body, mode="json")}


def _digest(request: HttpRequest) -> str:
    """What was sent, as one digest: the bytes of a body, or fields and content of a form with files."""
    if not (request.content_type or "").startswith("multipart/"):
        return hashlib.sha256(request.body).hexdigest()
    whole = hashlib.sha256()
    for name, texts in sorted(request.POST.lists()):
        whole.update(repr((name, texts)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            whole.update(repr((name, file.name, content.hexdigest())).encode())
    return whole.hexdigest()
