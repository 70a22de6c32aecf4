"""Copies of everything of one case, as one package."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.base.web.downloads import attached
from tongban.cases import commands
from tongban.identity.queries import citizen_required, require_actor


@never_cache
@require_GET
@citizen_required
def copies(request: HttpRequest, case_no: str) -> HttpResponseBase:
    """Every document and every file that was handed in; the documents count as read."""
    taken = commands.take_copies(actor=require_actor(request), case_no=case_no)
    return attached(taken.chunks, filename=taken.filename, content_type="application/zip")
