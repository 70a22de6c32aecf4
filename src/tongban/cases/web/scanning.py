"""Scanning paper at the window: pages come from the scanner, are put in order, and become one PDF of a material."""

import contextlib
import uuid
from collections.abc import Callable, Mapping
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
from tongban.cases.models import Case, Draft
from tongban.cases.states import Act
from tongban.cases.web.reading import read_scans, read_uuid, whole_number
from tongban.directory.models import Organisation
from tongban.files import commands as files
from tongban.files.models import PendingUpload
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


@dataclass(frozen=True, kw_only=True)
class Target:
    """The paper that is scanned: its name, where its page stands, what names it there, what becomes of the PDF."""

    name: str
    address: str
    named: tuple[tuple[str, str], ...]
    scanners: list[Scanner]
    keep: Callable[[IO[bytes], str], object]
    #: Where one goes with nothing scanned, and with the PDF kept.
    back: str
    done: Callable[[], str]


def window_scanners(draft: Draft) -> list[Scanner]:
    """The scanners of the body at whose window the draft is written."""
    body = draft.clerk_organisation or draft.item_version.implementation.organisation
    return scanners_of(body.ref)


def desk_scanners(actor: Actor) -> list[Scanner]:
    """The scanners of the bodies in which the actor has posts."""
    bodies = {one.organisation_id for one in actor.appointments}
    return scanners_of(*Organisation.objects.filter(pk__in=bodies).values_list("ref", flat=True))


def waiting_scans(actor: Actor, query: QueryDict, typed: QueryDict | None) -> dict[str, PendingUpload]:
    """By the key of their material, what was scanned for the answer to a correction and waits.

    The address of the case's page names it as `scanned=<key>.<upload>`, its form as `scan.<key>`.
    """
    pairs = [text.rpartition(".") for text in query.getlist("scanned")[: files.PAGES_MAX]]
    named = {key: found for key, _dot, text in pairs if (found := read_uuid(text))}
    if typed:
        named |= read_scans(typed, [name.removeprefix("scan.") for name in typed if name.startswith("scan.")])
    if not named:
        return {}
    waiting = waiting_uploads(actor=actor, upload_ids=list(named.values()))
    there = {one.public_id: one for one in waiting}
    return {key: there[upload] for key, upload in named.items() if upload in there}


def scan_query(actor: Actor, scanned: Mapping[str, PendingUpload]) -> str | None:
    """What a link to the scanner carries on: what was scanned already; None where there is no scanner."""
    if not desk_scanners(actor):
        return None
    return "".join(f"&{urlencode({'scanned': f'{key}.{one.public_id}'})}" for key, one in scanned.items())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def scan(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Scan a material of an application at the window."""
    actor = require_actor(request)
    draft = queries.access_draft(actor, draft_id)
    states = commands.look_over(draft).states
    key = _given(request).get("material", "")
    state = next((one for one in states if one.material.key == key and one.how != "form"), None)
    if draft.case is not None or state is None:
        raise NotFound(_("这份材料"))

    def keep(stream: IO[bytes], name: str) -> None:
        stored = files.store(actor=actor, stream=stream, filename=name, owner_kind=commands.UPLOAD, owner_ref=actor.ref)
        commands.attach(actor=actor, draft_id=draft.public_id, material_key=key, file=stored)

    back = reverse("cases:window_draft", args=[draft_id]) + "#materials"
    target = Target(
        name=state.material.name,
        address=reverse("cases:window_scan", args=[draft_id]),
        named=(("material", key),),
        scanners=window_scanners(draft),
        keep=keep,
        back=back,
        done=lambda: back,
    )
    return _work(request, actor, target)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def scan_correction(request: HttpRequest, case_no: str) -> HttpResponse:
    """Scan a material that a correction notice names; the PDF waits for the rest of the answer and its signature."""
    actor = require_actor(request)
    case = queries.access_case(actor, case_no)
    given = _given(request)
    key = given.get("material", "")
    names = {one["key"]: one["name"] for one in queries.named_materials(case)} if _open(actor, case) else {}
    if key not in names:
        raise NotFound(_("这份材料"))
    others = [one for one in given.getlist("scanned")[: files.PAGES_MAX] if one.rpartition(".")[0] != key]
    kept: list[str] = []

    def keep(stream: IO[bytes], filename: str) -> None:
        upload = files.put_upload(actor=actor, name=filename, data=stream.read())
        kept.append(f"{key}.{upload.public_id}")

    def page(scanned: list[str]) -> str:
        query = urlencode([("scanned", one) for one in scanned])
        return f"{reverse('cases:case', args=[case_no])}{'?' if query else ''}{query}#acts"

    target = Target(
        name=names[key],
        address=reverse("cases:correction_scan", args=[case_no]),
        named=(("material", key), *(("scanned", one) for one in others)),
        scanners=desk_scanners(actor),
        keep=keep,
        back=page(given.getlist("scanned")),
        done=lambda: page(others + kept),
    )
    return _work(request, actor, target)


def _open(actor: Actor, case: Case) -> bool:
    return any(one.act == Act.CORRECT_AT_WINDOW for one in queries.possible_acts(actor, case))


def _given(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _work(request: HttpRequest, actor: Actor, target: Target) -> HttpResponse:
    """Scan, put the pages in order, keep them: `go` says which; pages stand in the address until then."""
    if not target.scanners:
        raise NotFound(_("这个操作"))
    leaves = _waiting(actor, _posted(request.POST) if request.method == "POST" else _named(request.GET))
    go = request.POST.get("go", "")
    if go == "scan" and len(leaves) < files.PAGES_MAX:
        return _again(target, _scanned(request, actor, target, leaves), request.POST)
    if go == "drop":
        for one in leaves:
            files.cancel_upload(actor=actor, upload_id=one.upload)
        return redirect(target.back)
    if go == "keep":
        refusal = _kept(actor, target, leaves) if leaves else None
        return _page(request, target, leaves, refusal) if refusal else redirect(target.done())
    return _page(request, target, leaves)


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


def _scanned(request: HttpRequest, actor: Actor, target: Target, leaves: list[Leaf]) -> list[Leaf]:
    """The pages, and behind them what the scanner gives now; what stands in its way is told, what came is kept."""
    scanners = target.scanners
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


def _kept(actor: Actor, target: Target, leaves: list[Leaf]) -> Refusal | None:
    """Bind the pages and keep them; why not, if refused: then the pages go on waiting."""
    try:
        files.keep_together(
            actor=actor,
            name=target.name,
            uploads=[one.upload for one in leaves],
            turns=[one.turn for one in leaves],
            lets_go=False,
            keep=target.keep,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return refusal
    return None


#: What a clerk chose once stays chosen for the next sheet.
_CHOICES = ("scanner", "colour", "both")


def _again(target: Target, leaves: list[Leaf], chosen: QueryDict) -> HttpResponseRedirect:
    query = [*target.named, *((key, chosen[key]) for key in _CHOICES if chosen.get(key))]
    query += [("page", f"{one.upload}.{one.turn}") for one in leaves]
    return HttpResponseRedirect(f"{target.address}?{urlencode(query)}")


def _page(request: HttpRequest, target: Target, leaves: list[Leaf], refusal: Refusal | None = None) -> HttpResponse:
    given = _given(request)
    context = {
        "target": target,
        "leaves": leaves,
        "scanners": [(one.key, one.name) for one in target.scanners],
        "chosen": {key: given.get(key, "") for key in _CHOICES},
        "turns": [(str(turn), _("%(turn)s 度") % {"turn": turn}) for turn in (0, 90, 180, 270)],
        "full": len(leaves) >= files.PAGES_MAX,
        "refusal": refusal,
    }
    return render(request, "cases/window/scan.html", context, status=refusal.status if refusal else 200)
