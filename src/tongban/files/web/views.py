"""Serving files."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.files import queries, sniffing
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import VISITOR
from tongban.kernel.problems import NotFound

#: Nothing in a file may run or load; browsers' own PDF viewers do not work inside a sandbox.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"


@require_safe
def serve(request: HttpRequest, public_id: UUID) -> FileResponse:
    """Send a file that the reader may see; absent and forbidden are 404.

    `?download` saves it instead of showing it; what browsers do not show themselves (OFD, Word, Excel) is always saved.
    """
    file = queries.open_file(actor_of_request(request) or VISITOR, public_id)
    try:
        stream = queries.path_of(file).open("rb")
    except FileNotFoundError as error:
        raise NotFound(_("这个文件")) from error
    saved = "download" in request.GET or file.media_type not in sniffing.SHOWN
    response = FileResponse(stream, as_attachment=saved, filename=file.name, content_type=file.media_type)
    sandbox = "" if file.media_type == sniffing.PDF else "; sandbox"
    response["Content-Security-Policy"] = _POLICY + sandbox
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
