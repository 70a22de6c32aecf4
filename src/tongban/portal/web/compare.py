"""Comparing how an item is handled in two or three places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.base.web import site
from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import Implementation
from tongban.directory.queries import divisions_under
from tongban.kernel.problems import Invalid
from tongban.portal.comparing import BODIES_MAX, compare


@require_safe
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose places, and see them side by side; the address says which, so that it can be sent to somebody.

    Raises:
        NotFound: nobody runs the item.
        Invalid: a code that is not one of the item's bodies (`compare_body`).
    """
    bodies = catalogue.implementations_of(slug)
    known = {one.task_code for one in bodies}
    wanted = [code for code in request.GET.getlist("codes") if code][: BODIES_MAX + 1]
    codes = list(dict.fromkeys(wanted))[:BODIES_MAX]
    if not set(codes) <= known:
        raise Invalid(_("没有找到要比较的地方，请重新选择。"), code="compare_body")
    guides = [catalogue.guide(catalogue.current_version(code)) for code in codes]
    rows = compare(guides) if len(guides) > 1 else []
    context = {
        "item": bodies[0].base,
        "groups": by_county(bodies),
        "choices": [codes[number] if number < len(codes) else "" for number in range(BODIES_MAX)],
        "guides": guides,
        "rows": [(row, list(zip(guides, row.cells, strict=True))) for row in rows],
        "count": len(bodies),
    }
    return render(request, "portal/compare.html", context)


def by_county(bodies: list[Implementation]) -> list[tuple[str, list[Implementation]]]:
    """The bodies under the names of their counties; those of the city under the city's name."""
    counties = {one.code[:6]: one.name for one in divisions_under(site.current().division)}
    groups: dict[str, list[Implementation]] = {}
    for one in bodies:
        groups.setdefault(counties.get(one.division_id[:6], site.current().city_name), []).append(one)
    return list(groups.items())
