"""Power, responsibility and negative lists at the desk, of the bodies within reach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.catalogue import queries
from tongban.desk.registries import Chip
from tongban.identity.queries import require_actor, staff_required


@never_cache
@require_safe
@staff_required()
def lists(request: HttpRequest) -> HttpResponse:
    """The bodies within reach that have lists."""
    words = request.GET.get("q", "").strip()[:50]
    reach = queries.within_reach(require_actor(request))
    page = queries.listed_bodies(words=words, within=reach, cursor=request.GET.get("cursor") or None)
    context = {"page": page, "words": words, "kinds": list(queries.KINDS_OF_LIST.items())}
    return render(request, "catalogue/desk/lists.html", context)


@never_cache
@require_safe
@staff_required()
def body_list(request: HttpRequest, body_code: str, which: str) -> HttpResponse:
    """One list of one body within reach."""
    body = queries.listed_body(body_code, within=queries.within_reach(require_actor(request)))
    chips = [
        Chip(label=str(label), href=reverse("catalogue:list", args=[body_code, key]), on=key == which)
        for key, label in queries.KINDS_OF_LIST.items()
    ]
    context = {"body": body, "chips": chips} | queries.list_context(body, which, request.GET.get("cursor"))
    return render(request, "catalogue/desk/list.html", context)
