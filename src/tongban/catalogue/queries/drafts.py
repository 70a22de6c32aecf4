"""A draft as its editor's pages need it: who may open it, what the directory offers, everything that is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from tongban.catalogue.base_elements import LOCKED
from tongban.catalogue.checking import check, check_elements, check_entries
from tongban.catalogue.editing import BASE_SECTIONS, INTO_SECTIONS, SECTIONS, Section
from tongban.catalogue.editing.entries import Offers
from tongban.catalogue.faults import Fault
from tongban.catalogue.known import places_named, units_named, unknown
from tongban.catalogue.models import Implementation, ItemChange
from tongban.catalogue.policy import may_draft, may_read
from tongban.directory.models import Organisation, Place
from tongban.directory.queries import breadcrumb
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

_Kind = ItemChange.Kind
#: Kinds of change whose draft is written in sections.
WRITTEN: Final = frozenset({_Kind.NEW, _Kind.CHANGE, _Kind.SPLIT, _Kind.MERGE})
#: Organisations that one list offers; others are typed by their code.
_OFFERED_MAX: Final = 400


def access_draft(actor: Actor, number: str) -> ItemChange:
    """The change whose draft is written in sections, for whoever may read it.

    Raises:
        NotFound: no such change, it has no sections, or the actor may not see it.
    """
    rows = ItemChange.objects.select_related("base", "implementation", "organisation", "division", "before")
    found = rows.filter(number=number).first()
    if found is None or found.kind not in WRITTEN or not may_read(actor, found):
        raise NotFound("这张变更单")
    return found


def writable(actor: Actor, change: ItemChange) -> bool:
    """Whether the actor may write the draft now."""
    return change.state in (ItemChange.State.DRAFT, ItemChange.State.RETURNED) and may_draft(actor, change)


def withdrawable(actor: Actor, change: ItemChange) -> bool:
    """Whether the actor may give it up now."""
    ended = (ItemChange.State.PUBLISHED, ItemChange.State.WITHDRAWN)
    return change.state not in ended and may_draft(actor, change)


def under_way(actor: Actor, task_code: str) -> ItemChange | None:
    """The unfinished change of this implementation, if it is written in sections and the actor may read it."""
    ended = (ItemChange.State.PUBLISHED, ItemChange.State.WITHDRAWN)
    rows = ItemChange.objects.filter(implementation__task_code=task_code, kind__in=WRITTEN).exclude(state__in=ended)
    found = rows.first()
    return found if found is not None and may_read(actor, found) else None


def sections_of(change: ItemChange) -> tuple[Section, ...]:
    """The sections in which the draft is written."""
    if change.kind in (_Kind.SPLIT, _Kind.MERGE):
        return INTO_SECTIONS
    return SECTIONS if change.about == ItemChange.About.IMPLEMENTATION else BASE_SECTIONS


def faults_of(change: ItemChange, content: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything that is wrong with the content, as far as it can be read."""
    if change.kind in (_Kind.SPLIT, _Kind.MERGE):
        return check_entries(content.get("into"))
    if change.about == ItemChange.About.BASE:
        return check_elements(content)
    return tuple(dict.fromkeys([*check(content), *unknown(content)]))


def offers_for(change: ItemChange, content: Mapping[str, Any]) -> Offers:
    """Units and places of the body's division and those above, and whatever the draft names besides."""
    divisions = [one.code for one in breadcrumb(change.division_id)]
    units = Organisation.objects.filter(Q(division__in=divisions) | Q(code__in=units_named(content)), valid_to=None)
    halls = Place.objects.filter(Q(division__in=divisions) | Q(code__in=places_named(content)), valid_to=None)
    return Offers({
        "units": tuple(units.order_by("division", "sort_key").values_list("code", "name")[:_OFFERED_MAX]),
        "places": tuple(halls.order_by("division", "code").values_list("code", "name")[:_OFFERED_MAX]),
    })  # fmt: skip


def locked_of(change: ItemChange) -> dict[str, Any]:
    """The base elements, which the draft of an implementation cannot change."""
    elements = change.base.elements if change.base is not None else {}
    return {name: elements.get(name) for name in LOCKED}


def stamp(section: Section, content: Mapping[str, Any]) -> str:
    """What a page knows of its section: it differs once somebody else has saved the section."""
    mine = {name: content.get(name) for name in section.paths}
    text = json.dumps(mine, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def open_change(item: Implementation) -> ItemChange | None:
    """The change order of an implementation that is under way, of whatever kind."""
    ended = (ItemChange.State.PUBLISHED, ItemChange.State.WITHDRAWN)
    return item.changes.exclude(state__in=ended).defer("content").order_by("-pk").first()
