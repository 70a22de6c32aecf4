"""Serving files."""

from __future__ import annotations

import io
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe

from tongban.files import pages, queries, sniffing, uploading
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import VISITOR

#: Nothing in a file may run or load; browsers' own PDF viewers do not work inside a sandbox.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"


@require_safe
def serve(request: HttpRequest, public_id: UUID) -> FileResponse:
    """Send a file that the reader may see; absent and forbidden are 404.

    `?download` saves it instead of showing it; what browsers do not show themselves (OFD, Word, Excel) is always saved.
    """
    file = queries.open_file(actor_of_request(request) or VISITOR, public_id)
    stream = io.BytesIO(queries.content(file))
    saved = "download" in request.GET or file.media_type not in sniffing.SHOWN
    response = FileResponse(stream, as_attachment=saved, filename=file.name, content_type=file.media_type)
    sandbox = "" if file.media_type == sniffing.PDF else "; sandbox"
    response["Content-Security-Policy"] = _POLICY + sandbox
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response


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
