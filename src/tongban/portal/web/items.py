"""Finding an item and choosing the body that runs it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.base.web import site
from tongban.base.web.parts import Tab
from tongban.catalogue import queries as catalogue
from tongban.directory.queries import divisions_under
from tongban.portal.web.home import icon_of

TARGETS = ("person", "company")
#: Longest text taken from an address.
_WORD_MAX = 100


@require_safe
def search(request: HttpRequest, target: str = "") -> HttpResponse:
    """Items by words, narrowed by whom they serve, place and theme."""
    text = request.GET.get("q", "").strip()[:_WORD_MAX]
    target = target or request.GET.get("target", "")
    target = target if target in TARGETS else ""
    division = request.GET.get("division", "")[:12]
    topic = request.GET.get("topic", "")[:5]
    found = catalogue.search_items(
        text, division=division, target=target, topic=topic, cursor=request.GET.get("cursor") or None
    )
    facets = catalogue.facets(text, division=division)
    chosen = {"q": text, "division": division, "topic": topic}
    context: dict[str, Any] = {
        "query": text,
        "target": target,
        "division": division,
        "topic": topic,
        "page": found,
        "rows": [(row, icon_of(row.slug)) for row in found.items],
        "tabs": _tabs(chosen, target, facets),
        "topics": [
            (one.label, _address({**chosen, "target": target, "topic": "" if topic == one.value else one.value}),
             topic == one.value, one.count)
            for one in facets.topics
            if not target or one.value.startswith(target[0])
        ],
        "divisions": divisions_under(site.current().division),
        "title": {"person": _("个人办事"), "company": _("企业办事")}.get(target, _("找事项")),
    }  # fmt: skip
    return render(request, "portal/search.html", context)


@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """The bodies that run an item, by county; with one there is nothing to choose."""
    division = request.GET.get("division", "")[:12]
    bodies = catalogue.implementations_of(slug, division=division)
    if len(bodies) == 1:
        return redirect("portal:guide", task_code=bodies[0].task_code)
    groups: dict[str, list[Any]] = {}
    counties = {one.code[:6]: one.name for one in divisions_under(site.current().division)}
    for one in bodies:
        groups.setdefault(counties.get(one.division_id[:6], site.current().city_name), []).append(one)
    context = {"item": bodies[0].base, "groups": list(groups.items()), "count": len(bodies)}
    return render(request, "portal/choose.html", context)


def _tabs(chosen: dict[str, str], target: str, facets: catalogue.Facets) -> list[Tab]:
    counts = {one.value: one.count for one in facets.targets}
    words = (("", _("全部")), ("person", _("个人")), ("company", _("企业")))
    return [
        Tab(label=label, href=_address({**chosen, "topic": "", "target": value}), current=target == value,
            count=counts.get(value, 0) if value else None)
        for value, label in words
    ]  # fmt: skip


def _address(chosen: dict[str, str]) -> str:
    from django.urls import reverse

    kept = {key: value for key, value in chosen.items() if value}
    return reverse("portal:search") + (f"?{urlencode(kept)}" if kept else "")
