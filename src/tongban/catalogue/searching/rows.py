"""Lines of a list of items, from what an entry keeps or, where bodies were chosen, from the bodies in reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.utils.translation import gettext as _

from tongban.catalogue.models import Implementation
from tongban.catalogue.searching import marking
from tongban.catalogue.searching.asking import Asked
from tongban.catalogue.searching.indexing import facts
from tongban.catalogue.searching.narrowing import Narrow
from tongban.catalogue.topics import topic_name
from tongban.catalogue.words import limit_in_words, visits_words
from tongban.directory.queries import breadcrumb
from tongban.kernel.money import yuan
from tongban.kernel.problems import NotFound


@dataclass(frozen=True)
class ItemRow:
    """One item in a list: with one body in reach its code leads to the guide, with several one is chosen first."""

    slug: str
    name: str
    kind: str
    #: Code of the only implementation in reach; empty if there are several.
    task_code: str
    organisation: str
    choices: int
    targets: tuple[str, ...]
    topics: tuple[str, ...]
    limit: str
    visits: str
    fee: str
    #: Whether it can be handled online.
    online: bool
    #: The name in pieces, with what was searched for marked.
    parts: marking.Parts
    #: The everyday word under which it was found, where the name does not say it; in pieces.
    also: marking.Parts


def in_reach(division: str, level: str = "") -> QuerySet[Implementation]:
    """Implementations that take cases: of the division, of those above it and of those inside it."""
    rows = Implementation.objects.filter(state=Implementation.State.ACTIVE)
    if level:
        rows = rows.filter(level=level)
    if not division:
        return rows
    try:
        above = [part.code for part in breadcrumb(division)]
    except NotFound:
        return rows.none()
    return rows.filter(Q(division_id__in=above) | Q(division__code__startswith=_stem(division)))


def bodies(narrow: Narrow) -> QuerySet[Implementation]:
    """Implementations that take cases and are what was asked of a body."""
    rows = in_reach(narrow.division, narrow.level)
    if narrow.department:
        rows = rows.filter(organisation__ref__endswith=f":{narrow.department}")
    if narrow.hall:
        rows = rows.filter(windows__contains=[narrow.hall])
    if narrow.online:
        rows = rows.filter(summary__online=True)
    if narrow.visits.isdecimal():
        rows = rows.filter(summary__visits=int(narrow.visits))
    return rows


def lines(found: Mapping[int, dict[str, Any]], narrow: Narrow, asked: Asked | None) -> list[ItemRow]:
    """The lines of these entries (key to what they keep), in their order."""
    kept = dict(found)
    if narrow.of_bodies:
        for base, own in _chosen(kept, narrow).items():
            kept[base] = kept[base] | own
    marked = asked.marked if asked else ()
    return [_line(one, marked) for one in kept.values()]


def _chosen(found: Mapping[int, dict[str, Any]], narrow: Narrow) -> dict[int, dict[str, Any]]:
    """Of each entry: how many of its bodies were asked for, and the first of them with its own limit and fee."""
    rows = bodies(narrow).filter(base_id__in=list(found))
    rows = rows.annotate(choices=Window(Count("pk"), partition_by=F("base_id")))
    firsts = rows.order_by("base_id", "division_id", "id").distinct("base_id")
    values = {
        row.base_id: {"code": row.task_code, "body": row.organisation__name, "choices": row.choices}
        for row in firsts.values_list("base_id", "task_code", "organisation__name", "choices", named=True)
    }
    others = [own["code"] for base, own in values.items() if own["code"] != found[base]["code"]]
    return {base: own | _facts(others).get(own["code"], {}) for base, own in values.items()} if others else values


def _facts(task_codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = Implementation.objects.filter(task_code__in=list(task_codes))
    parts = ("promised", "onsite_visits", "fee", "handle_forms")
    named = rows.values_list("task_code", *(f"current__definition__{part}" for part in parts))
    return {code: facts(dict(zip(parts, values, strict=True))) for code, *values in named}


def _line(kept: Mapping[str, Any], marked: tuple[str, ...]) -> ItemRow:
    only = kept["choices"] == 1
    name = marking.parts(kept["name"], marked)
    known = marked and not any(hit for _piece, hit in name)
    also = marking.also(kept, marked) if known else ""
    return ItemRow(
        slug=kept["slug"],
        name=kept["name"],
        kind=kept["kind"],
        task_code=kept["code"] if only else "",
        organisation=kept["body"] if only else "",
        choices=kept["choices"],
        targets=tuple(kept["targets"]),
        topics=tuple(topic_name(one) for one in kept["topics"]),
        limit=limit_in_words(*kept["limit"]),
        visits=visits_words(kept["visits"]),
        fee=_fee(kept["fees"], kept["fee"]),
        online=kept["online"],
        parts=name,
        also=marking.parts(also, marked) if also else (),
    )


def _fee(number: int, one: list[Any] | None) -> str:
    if not number:
        return _("不收费")
    return f"{yuan(one[0])}/{one[1]}" if one else _("按标准收费")


def _stem(code: str) -> str:
    """The digits that everything inside a division begins with: 430200000000 gives 4302."""
    return next((code[:width] for width in (2, 4, 6, 9) if set(code[width:]) <= {"0"}), code)
