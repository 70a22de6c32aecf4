"""Items without a search: by event of life, by department, by hall, by initial."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.base.web.parts import Tab
from tongban.catalogue import queries as catalogue
from tongban.portal.web import narrowing
from tongban.portal.web.home import icon_of

#: Pages by the facet that they show, with the words of their tabs.
_PAGES = {
    "event": ("browse_life", gettext_lazy("按生活事件")),
    "department": ("browse_departments", gettext_lazy("按部门")),
    "hall": ("browse_halls", gettext_lazy("按办事大厅")),
    "initial": ("browse_initials", gettext_lazy("按首字母")),
}


@require_safe
def life(request: HttpRequest) -> HttpResponse:
    """Events in the lives of persons and companies, each with its items."""
    sides = (("person", _("个人")), ("company", _("企业")))
    groups = [(label, [_choice("event", one.slug, one.name) for one in catalogue.life_events(side)])
              for side, label in sides]  # fmt: skip
    return _page(request, "event", groups)


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Departments by what they have most of; the counties' bodies stand under the name of the city's."""
    return _page(request, "department", [("", _values("department"))])


@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """Halls with what can be handled in each."""
    return _page(request, "hall", [("", _values("hall"))])


@require_safe
def initials(request: HttpRequest) -> HttpResponse:
    """Letters by which names begin in pinyin; below them the items of the letter that is chosen."""
    values = _values("initial")
    letters = [one.label for one in values]
    letter = request.GET.get("letter", "")[:1] or (letters[0] if letters else "")
    found = catalogue.find("", catalogue.Narrow(initial=letter), cursor=request.GET.get("cursor") or None)
    context = {
        "letters": letters,
        "letter": letter,
        "page": found.page,
        "rows": [(row, icon_of(row.slug)) for row in found.page.items],
    }
    return _page(request, "initial", [], context)


def _page(
    request: HttpRequest,
    field: str,
    groups: list[tuple[str, list[narrowing.Choice]]],
    more: dict[str, object] | None = None,
) -> HttpResponse:
    tabs = [Tab(label=str(label), href=reverse(f"portal:{name}"), current=key == field)
            for key, (name, label) in _PAGES.items()]  # fmt: skip
    shown = [(label, choices) for label, choices in groups if choices]
    context = {"tabs": tabs, "groups": shown, "field": field, "title": str(_PAGES[field][1])}
    return render(request, "portal/browse.html", context | (more or {}))


def _values(field: str) -> list[narrowing.Choice]:
    return [_choice(field, one.value, one.label, one.count) for one in catalogue.facets().get(field, ())]


def _choice(field: str, value: str, label: str, count: int | None = None) -> narrowing.Choice:
    if count is None:
        counts = {one.value: one.count for one in catalogue.facets().get(field, ())}
        count = counts.get(value)
    return narrowing.Choice(label, narrowing.address("", catalogue.Narrow(**{field: value})), count, on=False)
