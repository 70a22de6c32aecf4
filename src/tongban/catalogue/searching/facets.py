"""What a list can be narrowed by, with how many items each value leaves; never counted through a big table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.base import reference
from tongban.catalogue.models import LifeEvent
from tongban.catalogue.searching import asking, statements
from tongban.catalogue.searching.asking import STEPS
from tongban.catalogue.searching.finding import narrowed
from tongban.catalogue.searching.narrowing import LETTERS, Narrow, split, token
from tongban.catalogue.searching.statements import Narrowed
from tongban.catalogue.topics import topic_name
from tongban.catalogue.words import KINDS, LEVELS, TARGETS, visits_words
from tongban.directory.models import Division, Organisation, Place

#: So many found items are counted; of more the values are shown without a number.
COUNTED_MAX = 500
#: All items are counted only up to this number, and remembered until something changes.
_ALL_MAX = 1_000_000
_AREAS = "catalogue directory"


@dataclass(frozen=True)
class Facet:
    """One value to narrow a search by, and how many items it leaves; None: too many were found to count."""

    value: str
    label: str
    count: int | None


#: Field to its values, in the order in which they are shown.
Facets = Mapping[str, tuple[Facet, ...]]


def facets(text: str = "", narrow: Narrow | None = None) -> Facets:
    """What the items found can be narrowed by: each field counted under what is chosen in the other fields.

    The fields are those of `Narrow` but the division. Values that leave nothing are not among them.
    """
    narrow = narrow or Narrow()
    if not text.strip() and narrow == Narrow():
        return _labelled(reference.cached(_AREAS, "facets", _all))
    chosen = narrow.tokens()
    place = narrowed(Narrow(division=narrow.division))
    asked = asking.read(text) if text.strip() else None
    if place is None or (asked is not None and asked.empty):
        return {}
    query = f"{asked.whole()} | {asked.step(STEPS[-1])}" if asked else ""
    apart: list[list[str]] = [[], list(chosen.values())]
    apart += [[one for other, one in chosen.items() if other != field] for field in chosen]
    column = {field: number for number, field in enumerate(chosen, start=2)}
    found = statements.counts(query, place, apart, limit=COUNTED_MAX + 1)
    if any(one == "" and all_found > COUNTED_MAX for one, all_found, *_rest in found):
        return _labelled(dict.fromkeys(reference.cached(_AREAS, "facets", _all)))
    counted = {one: numbers[column.get(split(one)[0], 1)] for one, *numbers in found if one}
    return _labelled({one: count for one, count in counted.items() if count})


def life_events(side: str = "") -> list[LifeEvent]:
    """Events of life with at least one item in use, of persons or companies or both, in their order."""
    counted = reference.cached(_AREAS, "facets", _all)
    found: list[LifeEvent] = reference.cached(_AREAS, "life events", lambda: list(LifeEvent.objects.all()))
    return [one for one in found if side in ("", one.side) and token("event", one.slug) in counted]


def _all() -> dict[str, int]:
    """Token to number of items, over all of them."""
    return {one: count for one, count in statements.counts("", Narrowed(), [[]], limit=_ALL_MAX) if one}


def _labelled(counted: Mapping[str, int | None]) -> Facets:
    names = _names()
    found: dict[str, list[Facet]] = {field: [] for field in LETTERS}
    for one, count in counted.items():
        field, value = split(one)
        label = _label(field, value, names)
        if label:
            found[field].append(Facet(value, label, count))
    return {field: tuple(sorted(values, key=lambda one: _order(field, one, names))) for field, values in found.items()}


@dataclass(frozen=True)
class _Names:
    departments: Mapping[str, str]
    halls: Mapping[str, str]
    events: Mapping[str, tuple[int, str]]


def _names() -> _Names:
    found: _Names = reference.cached(_AREAS, "facet names", _load_names)
    return found


def _load_names() -> _Names:
    """A department bears the name of the city's; the centres of towns and villages that of their kind."""
    departments: dict[str, str] = {}
    city = {row.pk for row in Division.objects.filter(level="city")}
    kinds = {Organisation.Kind.TOWN_CENTRE, Organisation.Kind.VILLAGE_CENTRE}
    for ref, name, kind, division in Organisation.objects.order_by("id").values_list(
        "ref", "short_name", "kind", "division_id"
    ):
        key = ref.rpartition(":")[2]
        if kind in kinds:
            departments[key] = str(Organisation.Kind(kind).label)
        elif division in city:
            departments[key] = name.removeprefix("市")
        else:
            departments.setdefault(key, name)
    halls = dict(Place.objects.filter(kind=Place.Kind.HALL).values_list("code", "name"))
    events = {row.slug: (row.position, row.name) for row in LifeEvent.objects.all()}
    return _Names(departments, halls, events)


def _label(field: str, value: str, names: _Names) -> str:
    known: dict[str, Any] = {
        "target": lambda: str(TARGETS.get(value, "")),
        "topic": lambda: topic_name(value),
        "event": lambda: names.events.get(value, (0, ""))[1],
        "department": lambda: names.departments.get(value, ""),
        "level": lambda: str(LEVELS.get(value, "")),
        "hall": lambda: names.halls.get(value, ""),
        "initial": lambda: value,
        "kind": lambda: str(KINDS.get(value, "")),
        "online": lambda: _("能在网上办"),
        "visits": lambda: visits_words(int(value)),
    }
    return str(known[field]())


def _order(field: str, one: Facet, names: _Names) -> Any:
    """Tables in their own order, letters by the alphabet, bodies and halls by what they have most of."""
    if field == "target":
        return list(TARGETS).index(one.value)
    if field == "event":
        return names.events[one.value][0]
    if field in ("department", "hall"):
        return -(one.count or 0), one.label
    return one.value
