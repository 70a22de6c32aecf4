"""Sending a file, whole or made while it is sent, to be saved by whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse


def attached(content: bytes | Iterator[bytes], *, filename: str, content_type: str) -> HttpResponseBase:
    """Return a download that no cache keeps; old browsers call it "copy" with the ending of `filename`."""
    ending = "".join(one for one in filename.rpartition(".")[2] if one.isascii() and one.isalnum())
    kind = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    response: HttpResponseBase = kind(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename=\"copy.{ending}\"; filename*=UTF-8''{quote(filename)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
