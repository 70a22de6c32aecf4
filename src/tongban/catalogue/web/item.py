"""One implementation on the desk: how it stands, every version, two of them side by side, where a change begins."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.catalogue.comparing import Compared, compare
from tongban.catalogue.models import Implementation, ItemChange, ItemVersion
from tongban.catalogue.policy import may_edit
from tongban.catalogue.queries import drafts
from tongban.catalogue.queries.reach import within_reach
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.problems import NotFound

_TONES: Final = {"active": "done", "suspended": "pause", "cancelled": "none"}
#: Versions that the page lists; older ones are read by their number in the address.
_LISTED_MAX: Final = 100
_KINDS: Final = {
    "active": (ItemChange.Kind.CHANGE, ItemChange.Kind.SUSPEND, ItemChange.Kind.CANCEL),
    "suspended": (ItemChange.Kind.CHANGE, ItemChange.Kind.RESUME, ItemChange.Kind.CANCEL),
    "cancelled": (ItemChange.Kind.RESUME,),
}


@never_cache
@require_safe
@staff_required()
def item(request: HttpRequest, task_code: str) -> HttpResponse:
    """The implementation with its versions; `old` and `new` choose two that are compared, the last two at first."""
    actor = require_actor(request)
    rows = within_reach(actor).select_related("base", "organisation", "current")
    found = rows.filter(task_code=task_code, current__isnull=False).first()
    if found is None:
        raise NotFound("这个事项")
    versions = list(found.versions.defer("definition").order_by("-number")[:_LISTED_MAX])
    new = _number(request.GET.get("new", ""), versions[0].number)
    old = _number(request.GET.get("old", ""), max(new - 1, 1))
    editable = may_edit(actor, found)
    context = {
        "item": found,
        "tone": _TONES[found.state],
        "versions": versions,
        "old": old,
        "new": new,
        "groups": _groups(found, old, new),
        "kinds": [(one.value, one.label) for one in _KINDS[found.state]] if editable else [],
        "under_way": drafts.open_change(found) if editable else None,
    }
    return render(request, "catalogue/desk/item.html", context)


def _groups(item: Implementation, old: int, new: int) -> list[tuple[str, list[Compared]]]:
    """What differs between two versions, by section.

    Raises:
        NotFound: the item has no such version.
    """
    found = {one.number: one for one in item.versions.filter(number__in={old, new})}
    if set(found) != {old, new}:
        raise NotFound("这个版本")
    groups: dict[str, list[Compared]] = {}
    for row in compare(_plain(found[old]), _plain(found[new])):
        groups.setdefault(row.section, []).append(row)
    return list(groups.items())


def _plain(version: ItemVersion) -> dict[str, object]:
    return version.parsed.model_dump(mode="json")


def _number(typed: str, otherwise: int) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 9 else otherwise
