"""A draft on the desk: its sections, each a form that works without script, checked as one types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.catalogue import commands, editing, flow, tree
from tongban.catalogue.base_elements import LOCKED
from tongban.catalogue.checking import partly
from tongban.catalogue.editing.entries import Offers
from tongban.catalogue.editing.flowing import nodes
from tongban.catalogue.editing.showing import element_id
from tongban.catalogue.faults import Fault
from tongban.catalogue.limits import longest
from tongban.catalogue.models import ItemChange
from tongban.catalogue.queries import drafts
from tongban.catalogue.words import KINDS
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: Ways through the questions that the preview lists.
_WAYS_SHOWN: Final = 200
#: Open remarks of a change that are looked through.
_REMARKS_SHOWN: Final = 500


@dataclass(frozen=True)
class Page:
    """A section of a draft that somebody has opened."""

    actor: Actor
    change: ItemChange
    section: editing.Section

    @property
    def writable(self) -> bool:
        """Whether it may be written now."""
        return drafts.writable(self.actor, self.change)


def open_page(request: HttpRequest, change_no: str, section: str) -> Page:
    """The section for whoever asks.

    Raises:
        NotFound: no such draft or section, or it is not theirs to see.
    """
    actor = require_actor(request)
    change = drafts.access_draft(actor, change_no)
    found = next((one for one in drafts.sections_of(change) if one.key == section), None)
    if found is None:
        raise NotFound(_("这一节"))
    return Page(actor, change, found)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def section(request: HttpRequest, change_no: str, section: str) -> HttpResponse:
    """One section: reading it, and keeping what its form says; a button may add, move or remove a row besides."""
    page = open_page(request, change_no, section)
    if request.method != "POST":
        return show(request, page, page.change.content)
    try:
        one = editing.parse_act(request.POST.get("act", ""))
        typed = editing.read(page.section, page.change.content, _posted(request))
        if _seen_elsewhere(request, page):
            return show(request, page, typed, conflict=True, status=409)
        made, at = editing.act(page.section, typed, one) if one else (typed, "")
        save(page, made)
    except NotFound:
        raise
    except Refusal as refusal:
        return show(request, page, page.change.content, refusal=refusal, status=refusal.status)
    if one is None:
        messages.success(request, _("已保存。"))
    response = redirect("catalogue:change_section", change_no=change_no, section=section)
    if at:
        response["Location"] += f"#{element_id(at)}"
    return response


@require_POST
@staff_required()
def check(request: HttpRequest, change_no: str, section: str) -> HttpResponse:
    """What is wrong with what is being typed, for the places beside the entries; nothing is kept."""
    page = open_page(request, change_no, section)
    typed = editing.read(page.section, page.change.content, _posted(request))
    found = drafts.faults_of(page.change, typed)
    view = editing.show(page.section, typed, found, Offers())
    context = {"view": view, "counts": counts(page.change, found), **_beside(page, typed, found, Offers())}
    return render(request, "catalogue/desk/editing/checked.html", context)


def save(page: Page, content: Mapping[str, Any]) -> ItemChange:
    """Keep the content; when it is to come into force stays.

    Raises:
        CatalogueRefusal: what the command says.
    """
    change = page.change
    return commands.save_change(
        actor=page.actor,
        number=change.number,
        revision=change.revision,
        content=content,
        effective_at=change.effective_at,
    )


def show(
    request: HttpRequest,
    page: Page,
    content: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
    conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of a section."""
    found, offers = drafts.faults_of(page.change, content), drafts.offers_for(page.change, content)
    context = {
        **frame(page, found),
        "view": editing.show(page.section, content, found, offers),
        "offers": offers.lists,
        "refusal": refusal,
        "conflict": conflict,
        # After a conflict the page knows what the other one wrote: saving again is meant.
        "stamp": drafts.stamp(page.section, page.change.content),
        **_beside(page, content, found, offers),
    }
    return render(request, "catalogue/desk/editing/section.html", context, status=status)


def frame(page: Page, found: tuple[Fault, ...]) -> dict[str, Any]:
    """What every page of the draft shows around its section."""
    wrong = counts(page.change, found)
    return {
        "change": page.change,
        "section": page.section,
        "sections": [(one, wrong.get(one.key, 0)) for one in drafts.sections_of(page.change)],
        "writable": page.writable,
        "remarks": [
            one
            for one in page.change.comments.filter(settled_at=None).order_by("pk")[:_REMARKS_SHOWN]
            if section_key(page.change, one.path) == page.section.key
        ],
    }


def counts(change: ItemChange, found: tuple[Fault, ...]) -> dict[str, int]:
    """How many faults each section has."""
    return {one.key: 0 for one in drafts.sections_of(change)} | Counter(
        section_key(change, fault.path) for fault in found
    )


def section_key(change: ItemChange, path: str) -> str:
    """The section in which a fault is mended."""
    sections = drafts.sections_of(change)
    return editing.section_of(path) if len(sections) > 1 else sections[0].key


def _seen_elsewhere(request: HttpRequest, page: Page) -> bool:
    return request.POST.get("stamp", "") != drafts.stamp(page.section, page.change.content)


def _posted(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST}


def _beside(page: Page, content: Mapping[str, Any], found: tuple[Fault, ...], offers: Offers) -> dict[str, Any]:
    """What some sections show besides their entries: what is locked, the tree of the questions, the drawn flow."""
    match page.section.key:
        case "basics":
            return {"locked": _locked(page.change), "extras": content.get("extras"), "runs_in": content.get("runs_in")}
        case "questions":
            it = partly(content)
            ways = list(tree.ways(it, _WAYS_SHOWN + 1))
            more = len(ways) > _WAYS_SHOWN
            return {"tree": tree.tree(ways[:_WAYS_SHOWN]), "ways": len(ways) - more, "more_ways": more}
        case "steps":
            units = dict(offers.lists.get("units", ()) or drafts.offers_for(page.change, content).lists["units"])
            way, _days = longest(partly(content).steps)
            return {"flow": flow.draw(nodes(content, found, units)), "way": [one.name for one in way if one.limit]}
    return {}


def _locked(change: ItemChange) -> list[tuple[str, Any]]:
    elements = drafts.locked_of(change)
    shown = [
        (LOCKED["name"], elements["name"]),
        (LOCKED["catalog_code"], elements["catalog_code"]),
        ("实施编码", change.content.get("task_code", "")),
        (LOCKED["kind"], str(KINDS.get(str(elements["kind"]), elements["kind"]))),
    ]
    laws = elements["legal_basis"] or ()
    return [*shown, *((LOCKED["legal_basis"], f"《{law['title']}》{law.get('article', '')}") for law in laws)]
