"""Scanning paper at the window: pages come from the scanner, are put in order, and become one PDF of a material."""

import contextlib
import uuid
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.cases import commands, queries
from tongban.cases.materials import MaterialState
from tongban.cases.models import Draft
from tongban.cases.web.reading import read_uuid, whole_number
from tongban.files import commands as files
from tongban.files.queries import waiting_uploads
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal
from tongban.partners import commands as partners
from tongban.partners.adapters import Scanner
from tongban.partners.queries import scanners_of


@dataclass(frozen=True)
class Leaf:
    """A scanned page that waits, and how far it is turned, degrees clockwise."""

    upload: uuid.UUID
    turn: int

    @property
    def key(self) -> str:
        """Names its fields in the form."""
        return str(self.upload)

    @property
    def turn_text(self) -> str:
        """As the form posts it."""
        return str(self.turn)


def window_scanners(draft: Draft) -> list[Scanner]:
    """The scanners of the body at whose window the draft is written."""
    body = draft.clerk_organisation or draft.item_version.implementation.organisation
    return scanners_of(body.ref)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def scan(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Scan, put the pages in order, hand them in: `go` says which; pages stand in the address until then."""
    actor = require_actor(request)
    draft = queries.access_draft(actor, draft_id)
    scanners = window_scanners(draft)
    given = request.POST if request.method == "POST" else request.GET
    state = _material(draft, given.get("material", ""))
    if draft.case is not None or not scanners or state is None:
        raise NotFound(_("这份材料"))
    leaves = _waiting(actor, _posted(request.POST) if request.method == "POST" else _named(request.GET))
    go = request.POST.get("go", "")
    if go == "scan" and len(leaves) < files.PAGES_MAX:
        leaves = _scanned(request, actor, scanners, leaves)
        return _again(draft, state, leaves, request.POST)
    if go == "drop":
        for one in leaves:
            files.cancel_upload(actor=actor, upload_id=one.upload)
        return _back(draft)
    if go == "keep":
        refusal = _kept(actor, draft, state, leaves) if leaves else None
        return _page(request, draft, state, leaves, refusal) if refusal else _back(draft)
    return _page(request, draft, state, leaves)


def _material(draft: Draft, key: str) -> MaterialState | None:
    states = commands.look_over(draft).states
    return next((one for one in states if one.material.key == key and one.how != "form"), None)


def _named(query: QueryDict) -> list[Leaf]:
    """Pages as the address names them: `page=<upload>.<turn>`."""
    parts = (text.partition(".") for text in query.getlist("page")[: files.PAGES_MAX])
    return [Leaf(found, _turn(turn)) for text, _dot, turn in parts if (found := read_uuid(text))]


def _posted(body: QueryDict) -> list[Leaf]:
    """Pages as the form has them: in the order that a person gave them, without those that were ticked off."""
    dropped = set(body.getlist("off"))
    rows = [
        (whole_number(body.get(f"order-{text}")) or place, place, Leaf(found, _turn(body.get(f"turn-{text}", ""))))
        for place, text in enumerate(body.getlist("upload")[: files.PAGES_MAX], start=1)
        if text not in dropped and (found := read_uuid(text))
    ]
    return [leaf for _order, _place, leaf in sorted(rows, key=lambda row: row[:2])]


def _turn(text: str) -> int:
    return files.turns_of(text)[0]


def _waiting(actor: Actor, leaves: list[Leaf]) -> list[Leaf]:
    """Those that still wait and are the actor's own."""
    there = {one.public_id for one in waiting_uploads(actor=actor, upload_ids=[leaf.upload for leaf in leaves])}
    return [leaf for leaf in leaves if leaf.upload in there]


def _scanned(request: HttpRequest, actor: Actor, scanners: list[Scanner], leaves: list[Leaf]) -> list[Leaf]:
    """The pages, and behind them what the scanner gives now; what stands in its way is told, what came is kept."""
    chosen = next((one for one in scanners if one.key == request.POST.get("scanner")), scanners[0])
    found = list(leaves)
    pages = partners.scan(
        actor=actor,
        scanner=chosen,
        in_colour=bool(request.POST.get("colour")),
        both_sides=bool(request.POST.get("both")),
        pages_max=files.PAGES_MAX - len(leaves),
    )
    with contextlib.closing(pages):
        try:
            for page in pages:
                name = _("扫描 %(number)s.jpg") % {"number": len(found) + 1}
                found.append(Leaf(files.put_upload(actor=actor, name=name, data=page).public_id, 0))
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            if len(found) == len(leaves):
                messages.error(request, _("没有扫到纸张。请放好纸再扫。"))
    return found


def _kept(actor: Actor, draft: Draft, state: MaterialState, leaves: list[Leaf]) -> Refusal | None:
    """Bind the pages and hand them in; why not, if refused: then the pages go on waiting."""

    def keep(stream: IO[bytes], name: str) -> None:
        stored = files.store(actor=actor, stream=stream, filename=name, owner_kind=commands.UPLOAD, owner_ref=actor.ref)
        commands.attach(actor=actor, draft_id=draft.public_id, material_key=state.material.key, file=stored)

    try:
        files.keep_together(
            actor=actor,
            name=state.material.name,
            uploads=[one.upload for one in leaves],
            turns=[one.turn for one in leaves],
            lets_go=False,
            keep=keep,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return refusal
    return None


def _again(draft: Draft, state: MaterialState, leaves: list[Leaf], chosen: QueryDict) -> HttpResponseRedirect:
    query = [("material", state.material.key), *((key, chosen[key]) for key in _CHOICES if chosen.get(key))]
    query += [("page", f"{one.upload}.{one.turn}") for one in leaves]
    return HttpResponseRedirect(f"{reverse('cases:window_scan', args=[draft.public_id])}?{urlencode(query)}")


#: What a clerk chose once stays chosen for the next sheet.
_CHOICES = ("scanner", "colour", "both")


def _back(draft: Draft) -> HttpResponse:
    return redirect(reverse("cases:window_draft", args=[draft.public_id]) + "#materials")


def _page(
    request: HttpRequest, draft: Draft, state: MaterialState, leaves: list[Leaf], refusal: Refusal | None = None
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "draft": draft,
        "material": state.material,
        "leaves": leaves,
        "scanners": [(one.key, one.name) for one in window_scanners(draft)],
        "chosen": {key: given.get(key, "") for key in _CHOICES},
        "turns": [(str(turn), _("%(turn)s 度") % {"turn": turn}) for turn in (0, 90, 180, 270)],
        "full": len(leaves) >= files.PAGES_MAX,
        "refusal": refusal,
    }
    return render(request, "cases/window/scan.html", context, status=refusal.status if refusal else 200)
