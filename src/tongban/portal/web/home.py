"""The home page and the list of halls."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.base.web import site
from tongban.base.web.elder import chosen
from tongban.cases.queries import my_drafts
from tongban.catalogue.queries import popular
from tongban.directory.queries import places_in
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import Actor
from tongban.portal import figures, queries
from tongban.portal.web.progress import act_of
from tongban.portal.web.shell import todo_of

#: Icon of a popular item by a part of its catalogue's subject; the document otherwise.
ICONS = {
    "birth": "baby",
    "id-card": "id-card",
    "food": "food",
    "pension": "shield",
    "hr-": "person",
    "road": "car",
    "fund": "fund",
    "house": "house",
    "medical": "medical",
}


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Search first; then what is often done, what waits for the person, stages of life, true figures."""
    actor = actor_of_request(request)
    context: dict[str, Any] = {
        "tiles": [(row, icon_of(row.slug)) for row in popular(8)],
        "mine": _mine(request, actor) if actor is not None and actor.kind == "citizen" else None,
    }
    if chosen(request).on:
        return render(request, "portal/home_elder.html", context)
    context |= {
        "outline": queries.city_outline(site.current().division),
        "often": queries.everyday_words(),
        "stages": queries.stages(),
        "figures": figures.current(),
    }
    return render(request, "portal/home.html", context)


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """Every hall and service point with address, hours and telephone."""
    places = list(places_in(site.current().division))
    context = {
        "halls": [one for one in places if one.kind == "hall"],
        "points": [one for one in places if one.kind != "hall"],
    }
    return render(request, "portal/halls.html", context)


def icon_of(slug: str) -> str:
    """The drawn sign of an item."""
    return next((icon for part, icon in ICONS.items() if part in slug), "document")


def _mine(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    return {
        "todo": [(one, act_of(one)) for one in todo_of(request)[:3]],
        "drafts": my_drafts(actor, limit=2),
    }
