"""The desk's pages: home leads to the first panel or tab; a panel is a grid."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.base import moment, reading
from tongban.base.web import navigation
from tongban.desk import queries
from tongban.desk.registries import Panel, Sheet, panels
from tongban.desk.web import saved
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound


@never_cache
@require_safe
@staff_required()
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first panel that the person has, else to the first tab; say what to do where there is neither."""
    actor = require_actor(request)
    first = next(iter(_open(actor)), None)
    if first is not None:
        return redirect("desk:panel", key=first.key)
    for tab in navigation.links("desk", request):
        return redirect(tab.href)
    return render(request, "desk/no_panel.html")


@never_cache
@require_safe
@staff_required()
def panel(request: HttpRequest, key: str) -> HttpResponse:
    """A panel's grid; a part of a page where htmx asks for the rows alone."""
    actor = require_actor(request)
    found = panels.get(key)
    if found is None or not found.open_to(actor):
        raise NotFound("这个栏目")
    query = {name: str(value) for name, value in request.GET.items()}
    with reading.once():
        _read_ahead(request, found, actor, query)
        return _panel(request, found, actor, query)


def _read_ahead(request: HttpRequest, found: Panel, actor: Actor, query: Mapping[str, str]) -> None:
    """Read the numbers of the frame and the first page in one statement; a filter not offered is said by the page."""
    try:
        reads = tuple(found.reads(actor, query))
    except Invalid:
        reads = ()
    reading.ahead(*reads, *queries.ask_views(actor, found.key), *navigation.asked(request, "desk", "desk_user"))


def _panel(request: HttpRequest, found: Panel, actor: Actor, query: Mapping[str, str]) -> HttpResponse:
    shelf = saved.shelf(request, actor, found)
    begin = saved.first_address(request, shelf)
    if begin is not None:
        return redirect(begin)
    sheet, status = _sheet(found, actor, query)
    context = {
        "panel": found,
        "sheet": saved.with_views(sheet, shelf, request.path),
        "shelf": shelf,
        "now": moment.now(),
        "filters": shelf.address,
    }
    return render(request, "desk/panel.html", context, status=status)


def _sheet(found: Panel, actor: Actor, query: Mapping[str, str]) -> tuple[Sheet, int]:
    """The page of the panel; an empty one that says so where the address asks what is not offered."""
    try:
        return found.sheet(actor, query), 200
    except Invalid as refusal:
        words = _("%s点“清空”看全部。") % refusal.message
        return Sheet(bands=(), empty=(_("这个地址打不开"), words)), refusal.status


def _open(actor: Actor) -> list[Panel]:
    return [one for _key, one in panels.items() if one.open_to(actor)]
