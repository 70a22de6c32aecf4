"""Uploads in chunks over HTTP; the reference is docs/reference/uploads.md."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.files import uploading
from tongban.files.models import PendingUpload
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal, problem

View = Callable[..., HttpResponse]


def _in_json(view: View) -> View:
    """Answer refusals as problem documents: programs ask here."""

    @wraps(view)
    def answered(request: HttpRequest, **parameters: Any) -> HttpResponse:
        try:
            return view(request, **parameters)
        except Refusal as refusal:
            body = problem(refusal, request.path)
            return JsonResponse(body, status=refusal.status, content_type="application/problem+json")

    return answered


@never_cache
@require_POST
@_in_json
def begin(request: HttpRequest) -> HttpResponse:
    """Begin one: form fields `name` and `size`; 201 with its address in `Location`."""
    actor = _actor(request)
    size = _number(request.POST.get("size", ""))
    upload = uploading.begin(actor=actor, name=request.POST.get("name", ""), size=size)
    response = _told(upload, 201)
    response["Location"] = reverse("files_upload", args=[upload.public_id])
    return response


@never_cache
@require_http_methods(["HEAD", "PATCH", "DELETE"])
@_in_json
def continue_(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD tells how far it is, PATCH adds a chunk, DELETE ends it."""
    actor = _actor(request)
    if request.method == "DELETE":
        uploading.cancel(actor=actor, upload_id=upload_id)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        offset = _number(request.headers.get("Upload-Offset", ""))
        digest = digest_of(request.headers.get("Upload-Checksum", ""))
        uploading.add(actor=actor, upload_id=upload_id, offset=offset, data=chunk_of(request), sha256=digest)
    return _told(uploading.find(actor=actor, upload_id=upload_id), 204 if request.method == "PATCH" else 200)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of_request(request)
    if actor is None:
        raise NotFound(_("这次上传"), code="upload_not_found")
    return actor


def _told(upload: PendingUpload, status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Length"] = str(upload.size)
    if upload.used_at is not None:
        response["Upload-Used"] = "1"
    return response


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Invalid(_("上传的参数不对，请刷新页面再试。"), code="upload_malformed")
    return int(text)


def chunk_of(request: HttpRequest) -> bytes:
    """Return the bytes of a chunk; one that is too large is refused unread.

    Raises:
        Invalid: `upload_chunk_size`, or no length is given (`upload_malformed`).
    """
    if _number(request.headers.get("Content-Length", "")) > uploading.CHUNK_BYTES_MAX:
        raise Invalid(_("这一段的大小不对，请重新上传这个文件。"), code="upload_chunk_size")
    return request.body


def digest_of(text: str) -> bytes:
    """Read `sha256 <base64>`.

    Raises:
        Invalid: `upload_malformed`.
    """
    name, _blank, value = text.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if name != "sha256" or len(digest) != 32:
        raise Invalid(_("上传的参数不对，请刷新页面再试。"), code="upload_malformed")
    return digest
