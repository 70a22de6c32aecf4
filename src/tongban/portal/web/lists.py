"""Power, responsibility and negative lists for everybody (行政许可法 art. 5, 30; 国办发〔2015〕21号)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.base.web.parts import Tab
from tongban.catalogue import queries as catalogue


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The bodies that have lists, to choose one from."""
    words = request.GET.get("q", "").strip()[:50]
    page = catalogue.listed_bodies(words=words, cursor=request.GET.get("cursor") or None)
    return render(request, "portal/lists.html", {"page": page, "words": words})


@require_safe
def negative(request: HttpRequest) -> HttpResponse:
    """What may not be done without a permit in this city, by industry."""
    context = {"title": _("全市负面清单"), "kind": "negative", "rows": catalogue.negative_list()}
    return render(request, "portal/list.html", context)


@require_safe
def body_list(request: HttpRequest, body_code: str, which: str) -> HttpResponse:
    """One list of one body."""
    body = catalogue.listed_body(body_code)
    tabs = [
        Tab(label=str(label), href=reverse("portal:list", args=[body_code, key]), current=key == which)
        for key, label in catalogue.KINDS_OF_LIST.items()
    ]
    context: dict[str, Any] = {"title": body.name, "body": body, "tabs": tabs}
    return render(request, "portal/list.html", context | catalogue.list_context(body, which, request.GET.get("cursor")))
