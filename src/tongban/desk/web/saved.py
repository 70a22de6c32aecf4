"""Saved views: keeping what stands in a panel's address, and the page where views are changed."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.desk import commands, policy, queries
from tongban.desk.models import NAME_MAX
from tongban.desk.queries import KeptView
from tongban.desk.registries import Panel, Sheet, Tab, panels
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: In the address: show everything, whatever view one begins with.
EVERYTHING = "all"


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The kept views beside a panel: each with its address; which of them is shown; where "everything" leads."""

    views: tuple[tuple[KeptView, str], ...]
    current: KeptView | None
    everything: str
    #: What would be kept now, and the longest name for it.
    address: str
    name_max: int = NAME_MAX


def shelf(request: HttpRequest, actor: Actor, panel: Panel) -> Shelf:
    """The actor's views of this panel, beside what the request asks."""
    kept = queries.views(actor, panel.key)
    address = queries.address_of({name: str(value) for name, value in request.GET.items()})
    begins = any(one.first for one in kept)
    return Shelf(
        views=tuple((one, _href(one, begins=begins)) for one in kept),
        current=next((one for one in kept if address and one.address == address), None),
        everything=f"{request.path}?view={EVERYTHING}" if begins else request.path,
        address=address,
    )


def first_address(request: HttpRequest, shown: Shelf) -> str | None:
    """Where a request that asks for nothing in particular is led: to the view to begin with, if there is one."""
    first = next((href for one, href in shown.views if one.first), None)
    return first if not request.GET else None


def with_views(sheet: Sheet, shown: Shelf, path: str) -> Sheet:
    """The sheet with its own tabs beside the views: none of them is current where a view is, "everything" stays it."""
    tabs = (
        Tab(
            label=one.label,
            href=shown.everything if one.href == path else one.href,
            current=one.current and shown.current is None,
            count=one.count,
        )
        for one in sheet.tabs
    )
    return replace(sheet, tabs=tuple(tabs))


def _href(view: KeptView, *, begins: bool = False) -> str:
    asked = view.address or (urlencode({"view": EVERYTHING}) if begins else "")
    return reverse("desk:panel", args=[view.panel]) + (f"?{asked}" if asked else "")


@require_POST
@staff_required()
def save(request: HttpRequest) -> HttpResponse:
    """Keep the address of a panel under a name and show it; a refusal is said on the same page."""
    panel, address = request.POST.get("panel", ""), request.POST.get("address", "")
    try:
        view = commands.save_view(
            actor=require_actor(request), panel=panel, name=request.POST.get("name", ""), address=address
        )
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.fields.get("name") or refusal.message)
        asked = queries.address_of(queries.query_of(address)) if refusal.code != "filter_unknown" else ""
        return redirect(reverse("desk:panel", args=[panel]) + f"?{asked or urlencode({'view': EVERYTHING})}")
    messages.success(request, _("视图“%s”已保存，在“常用视图”里随时打开。") % view.name)
    return redirect(f"{reverse('desk:panel', args=[panel])}?{view.address or urlencode({'view': EVERYTHING})}")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def manage(request: HttpRequest) -> HttpResponse:
    """Every view that one finds, by panel; changing one."""
    actor = require_actor(request)
    if request.method == "POST":
        try:
            said = _change(request, actor)
        except NotFound:
            raise
        except Refusal as refusal:
            return _manage(request, actor, refusal=refusal)
        messages.success(request, said)
        return redirect("desk:views")
    return _manage(request, actor)


def _change(request: HttpRequest, actor: Actor) -> str:
    view_id = _number(request.POST.get("saved", "")) or 0
    do = request.POST.get("do", "")
    if do in {"first", "last"}:
        commands.begin_with(actor=actor, view_id=view_id, wanted=do == "first")
        return _("以后打开这个栏目先看到这个视图。") if do == "first" else _("以后打开这个栏目先看到全部。")
    if do == "remove":
        commands.remove_view(actor=actor, view_id=view_id)
        return _("视图已删除。")
    unit = _number(request.POST.get("unit", ""))
    commands.change_view(actor=actor, view_id=view_id, name=request.POST.get("name", ""), organisation_id=unit)
    return _("视图已保存。")


def _manage(request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None) -> HttpResponse:
    found = queries.views(actor)
    lists = [
        (panel.label, [(one, _href(one, begins=True)) for one in found if one.panel == key])
        for key, panel in panels.items()
        if panel.open_to(actor)
    ]
    context = {
        "lists": lists,
        "units": [("", _("只给我自己")), *((str(key), name) for key, name in policy.headed_units(actor).items())],
        "name_max": NAME_MAX,
        "refusal": refusal,
        "error": (refusal.fields.get("name") or refusal.message) if refusal else "",
    }
    return render(request, "desk/views.html", context, status=refusal.status if refusal else 200)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
