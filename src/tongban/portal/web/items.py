"""Finding an item and choosing the body that runs it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.base.web import site
from tongban.base.web.parts import Tab
from tongban.catalogue import queries as catalogue
from tongban.directory.queries import divisions_under
from tongban.portal.web import narrowing
from tongban.portal.web.compare import by_county
from tongban.portal.web.home import icon_of

#: Longest text taken from an address.
_WORD_MAX = 100
#: Often used items that are shown where nothing was found.
_INSTEAD = 6


@require_safe
def search(request: HttpRequest, target: str = "") -> HttpResponse:
    """Items by words, narrowed by whom they serve, place and seven facets."""
    text = request.GET.get("q", "").strip()[:_WORD_MAX]
    narrow = narrowing.asked(request, target=target)
    found = catalogue.find(text, narrow, cursor=request.GET.get("cursor") or None)
    facets = catalogue.facets(found.meant or text, narrow)
    groups = narrowing.groups(text, narrow, facets)
    start = catalogue.Narrow(target=target)
    titles = {"person": _("个人办事"), "company": _("企业办事")}
    context: dict[str, Any] = {
        "query": text,
        "target": narrow.target,
        "division": narrow.division,
        "found": found,
        "page": found.page,
        "rows": [(row, icon_of(row.slug)) for row in found.page.items],
        "tabs": _tabs(text, narrow, facets),
        "groups": groups,
        "chosen": narrowing.chosen(groups),
        "everything": narrowing.address(text, catalogue.Narrow(target=narrow.target)),
        "events": catalogue.life_events(target) if target and not text and narrow == start else [],
        "divisions": divisions_under(site.current().division),
        "title": titles.get(narrow.target, _("找事项")),
    }
    if not found.page.items:
        context["instead"] = [(row, icon_of(row.slug)) for row in catalogue.popular(_INSTEAD)]
    return render(request, "portal/search.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What is offered while somebody types: a piece of the page, or JSON for whoever asks for that."""
    found = catalogue.suggest(request.GET.get("q", "").strip()[:_WORD_MAX])
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"items": [{"name": one.name, "href": _way_to(one)} for one in found]})
    context = {"suggested": [(one, _way_to(one)) for one in found]}
    return render(request, "portal/parts/suggested.html", context)


def _way_to(one: catalogue.Suggestion) -> str:
    if one.task_code:
        return reverse("portal:guide", args=(one.task_code,))
    return reverse("portal:choose", args=(one.slug,))


@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """The bodies that run an item, by county; with one there is nothing to choose."""
    division = request.GET.get("division", "")[:12]
    bodies = catalogue.implementations_of(slug, division=division)
    if len(bodies) == 1:
        return redirect("portal:guide", task_code=bodies[0].task_code)
    context = {"item": bodies[0].base, "groups": by_county(bodies), "count": len(bodies)}
    return render(request, "portal/choose.html", context)


def _tabs(text: str, narrow: catalogue.Narrow, facets: catalogue.Facets) -> list[Tab]:
    counts = {one.value: one.count for one in facets.get("target", ())}
    words = (("", _("全部")), ("person", _("个人")), ("company", _("企业")))
    made = []
    for value, label in words:
        href = narrowing.address(text, replace(narrow, target=value, topic="", event=""))
        count = counts.get(value, 0) if value else None
        made.append(Tab(label=label, href=href, current=narrow.target == value, count=count))
    return made
