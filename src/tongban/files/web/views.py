"""Serving files."""

from __future__ import annotations

import io
import re
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe

from tongban.files import pages, queries, sniffing, uploading
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import VISITOR

#: Nothing in a file may run or load; browsers' own PDF viewers do not work inside a sandbox.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"


#: One range of bytes (RFC 9110, 14.1.2); anything else is answered with the whole file.
_RANGE = re.compile(r"bytes=(?:(\d{1,10})-(\d{0,10})|-(\d{1,10}))")


@require_safe
def serve(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Send a file that the reader may see, or the part that is missing after a break; absent and forbidden are 404.

    `?download` saves it instead of showing it; what browsers do not show themselves (OFD, Word, Excel) is always saved.
    """
    file = queries.open_file(actor_of_request(request) or VISITOR, public_id)
    tag = f'"{file.sha256}"'
    wanted = _range(request, file.size, tag)
    if wanted is not None and wanted.start >= file.size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    data = queries.content(file)
    if wanted is not None:
        data = data[wanted.start : wanted.stop]
    saved = "download" in request.GET or file.media_type not in sniffing.SHOWN
    response = FileResponse(io.BytesIO(data), as_attachment=saved, filename=file.name, content_type=file.media_type)
    if wanted is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{file.size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    sandbox = "" if file.media_type == sniffing.PDF else "; sandbox"
    response["Content-Security-Policy"] = _POLICY + sandbox
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response


def _range(request: HttpRequest, size: int, tag: str) -> range | None:
    """The bytes that are asked for; None for all of them, also where the file is another by now."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or request.headers.get("If-Range", tag) != tag:
        return None
    first, last, tail = asked.groups()
    if tail is not None:
        return range(max(size - int(tail), 0), size) if int(tail) else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


@require_safe
def page(request: HttpRequest, public_id: UUID, number: int) -> HttpResponseBase:
    """A page of a file as a picture, to whoever may see the file; `?size=large` enlarged.

    The browser keeps it but asks each time whether it may still be seen: the right is looked at before the tag.
    """
    file = queries.open_file(actor_of_request(request) or VISITOR, public_id)
    size = request.GET.get("size", "fit")
    tag = f'"{file.sha256[:32]}-{number}-{size[:8]}"'
    known = request.headers.get("If-None-Match") == tag
    response: HttpResponse = (
        HttpResponseNotModified()
        if known
        else HttpResponse(pages.page_picture(file, number, size), content_type=sniffing.JPEG)
    )
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = _POLICY + "; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def waiting(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """An uploaded or scanned picture that waits to be handed in, small, to whoever uploaded it."""
    data = uploading.content(actor=actor_of_request(request) or VISITOR, upload_id=upload_id)
    response = HttpResponse(pages.small_picture(data), content_type=sniffing.JPEG)
    response["Cache-Control"] = "private, max-age=600"
    response["Content-Security-Policy"] = _POLICY + "; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
