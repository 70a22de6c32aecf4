"""Small pages of the ground: site map and the service worker's script."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every public page by section, from the same list as the navigation."""
    return render(request, "base/site_map.html")


@require_safe
@cache_control(max_age=0, must_revalidate=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, served at the root so that it may answer for every page when the net is gone."""
    found = finders.find("base/offline.js")
    if not found:
        raise Http404
    return HttpResponse(Path(str(found)).read_bytes(), content_type="text/javascript; charset=utf-8")
