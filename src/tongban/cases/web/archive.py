"""The archive page: what may be archived, what is archived; and the package of one case."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from tongban.base.web.downloads import attached
from tongban.cases import commands, queries
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.problems import NotFound


@never_cache
@require_safe
@staff_required()
def archive(request: HttpRequest) -> HttpResponse:
    """Cases that may be archived, to be marked and archived together; with `done=1` those that are."""
    actor = require_actor(request)
    if not queries.archivable_units(actor):
        raise NotFound(_("归档"))
    done, cursor = request.GET.get("done") == "1", request.GET.get("cursor", "")
    read = queries.archived if done else queries.ready_to_archive
    return render(request, "cases/desk/archive.html", {"page": read(actor, cursor=cursor), "done": done})


@never_cache
@require_GET
@staff_required()
def package(request: HttpRequest, case_no: str) -> HttpResponseBase:
    """The archive package of a case; that it was taken is kept."""
    taken = commands.take_archive(actor=require_actor(request), case_no=case_no)
    return attached(taken.chunks, filename=taken.filename, content_type="application/zip")
