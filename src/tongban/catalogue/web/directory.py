"""The directory (基本目录) at the desk: its entries, their locked elements, versions, and who runs them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.catalogue import queries
from tongban.catalogue.models import BaseItem
from tongban.catalogue.queries import starting
from tongban.catalogue.words import KINDS, LEVELS
from tongban.desk.registries import Chip, Menu
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

_SIZE = 50
_TONES = {"active": "done", "suspended": "pause", "cancelled": "none"}
_FILTERS = ("name", "kind", "state")


@never_cache
@require_safe
@staff_required()
def bases(request: HttpRequest) -> HttpResponse:
    """Every entry, whoever runs it: the directory is the same for all."""
    _require_reader(require_actor(request))
    asked = {name: request.GET.get(name, "").strip()[:100] for name in _FILTERS}
    page = queries.list_bases(**asked, cursor=request.GET.get("cursor"), size=_SIZE)
    counts = queries.numbers_of_bodies(page.items)
    context = {
        "page": page,
        "rows": [
            {
                "base": one,
                "kind": KINDS.get(one.kind, one.kind),
                "levels": "、".join(str(LEVELS[level]) for level in one.elements.get("levels", ()) if level in LEVELS),
                "bodies": counts.get(one.pk, 0),
                "tone": _TONES[one.state],
            }
            for one in page.items
        ],
        "asked": asked,
        "menus": _menus(asked),
        "filtered": any(asked.values()),
        "own": starting.keeper_of(require_actor(request)),
    }
    return render(request, "catalogue/desk/bases.html", context)


@never_cache
@require_safe
@staff_required()
def base(request: HttpRequest, catalog_code: str) -> HttpResponse:
    """One entry."""
    _require_reader(require_actor(request))
    found = queries.base_item(catalog_code)
    context = {
        "base": found,
        "kind": KINDS.get(found.kind, found.kind),
        "levels": [LEVELS[level] for level in found.elements.get("levels", ()) if level in LEVELS],
        "tone": _TONES[found.state],
        "versions": queries.base_versions(found),
        "page": queries.bodies_of(found, cursor=request.GET.get("cursor"), size=_SIZE),
        "tones": _TONES,
        **_starts(require_actor(request), found),
        "level_names": LEVELS,
        "facts": [
            (_("基本编码"), found.catalog_code),
            (_("事项类型"), KINDS.get(found.kind, found.kind)),
            (_("版本"), f"{found.number}"),
            (_("状态说明"), found.state_reason),
            (_("替代它的目录事项"), "、".join(found.successors)),
        ],
    }
    return render(request, "catalogue/desk/base.html", context)


def _require_reader(actor: Actor) -> None:
    if not queries.reads_catalogue(actor):
        raise NotFound(_("这个页面"))


def _menus(asked: dict[str, str]) -> list[Menu]:
    offered = {
        "kind": (_("类型"), {key: str(words) for key, words in KINDS.items()}),
        "state": (_("状态"), {key: str(words) for key, words in BaseItem.State.choices}),
    }
    return [
        Menu(
            label=label,
            options=(
                Chip(label=_("全部"), href=_address(asked, name, ""), on=not asked[name]),
                *(
                    Chip(label=words, href=_address(asked, name, key), on=asked[name] == key)
                    for key, words in values.items()
                ),
            ),
        )
        for name, (label, values) in offered.items()
    ]


def _address(asked: dict[str, str], name: str, value: str) -> str:
    return "?" + urlencode({key: text for key, text in (asked | {name: value}).items() if text})


def _starts(actor: Actor, base: BaseItem) -> dict[str, object]:
    """Where a change of the entry begins, for those who keep the directory."""
    own = starting.keeper_of(actor)
    if not own:
        return {"starts": []}
    kinds = [(one.value, one.label) for one in starting.kinds_of(base)]
    return {"own": own, "starts": kinds, "candidates": starting.candidates(base)}
