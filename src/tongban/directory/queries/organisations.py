"""Reads of organisations: by code, by place in the tree, and who stands for whom on a day."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tongban.base import moment, reference
from tongban.directory.models import Organisation, OrganisationName, OrganisationSuccession
from tongban.directory.queries.divisions import SEARCH_MAX, in_force
from tongban.directory.queries.search import matching
from tongban.directory.succession import Arrow, by_old, follow, taken_over
from tongban.kernel.problems import NotFound

_NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class OrganisationNode:
    """An organisation with those under it."""

    organisation: Organisation
    children: tuple["OrganisationNode", ...]


def organisation(code: str) -> Organisation:
    """The organisation with this unified social credit code, former ones too.

    Raises:
        NotFound: unknown code.
    """
    found = Organisation.objects.select_related("division", "parent").filter(code=code.strip().upper()).first()
    if found is None:
        raise NotFound("这个机构")
    return found


def organisation_by_ref(ref: str) -> Organisation:
    """The organisation that the city pack calls `ref` (`430200:fgw`).

    Raises:
        NotFound: unknown reference.
    """
    found = Organisation.objects.select_related("division", "parent").filter(ref=ref).first()
    if found is None:
        raise NotFound("这个机构")
    return found


def children(above: Organisation, *, on: date | None = None) -> QuerySet[Organisation]:
    """The organisations right under one that exist on a day (None: today), by name."""
    return Organisation.objects.filter(in_force(on), parent=above).order_by("sort_key")


def tree(division_code: str, *, on: date | None = None) -> tuple[OrganisationNode, ...]:
    """The organisations of one division as trees, in one query; roots are those whose parent is elsewhere."""
    rows = list(Organisation.objects.filter(in_force(on), division_id=division_code).order_by("sort_key"))
    under: dict[int | None, list[Organisation]] = defaultdict(list)
    here = {row.pk for row in rows}
    for row in rows:
        under[row.parent_id if row.parent_id in here else None].append(row)

    def node(row: Organisation) -> OrganisationNode:
        return OrganisationNode(row, tuple(node(child) for child in under[row.pk]))

    return tuple(node(row) for row in under[None])


def counterparts(key: str, *, level: str = "", on: date | None = None) -> QuerySet[Organisation]:
    """The bodies of one line of work on every level (`fgw`: all development and reform bodies), by division code."""
    rows = Organisation.objects.filter(in_force(on), ref__endswith=f":{key}").select_related("division")
    if level:
        rows = rows.filter(division__level=level)
    return rows.order_by("division_id")


def search_organisations(text: str, *, under: str = "", kind: str = "", limit: int = 20) -> list[Organisation]:
    """Organisations in force by name or pinyin initials, city before county; at most `limit` (50)."""
    rows = matching(Organisation.objects.filter(in_force(None)), text).select_related("division")
    if under:
        rows = rows.filter(division__code__startswith=under.rstrip("0"))
    if kind:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("division_id", "sort_key")[: min(limit, SEARCH_MAX)])


def arrows() -> dict[int, Arrow[int]]:
    """All successions of organisations by the old body's key; they are few."""
    return reference.cached("directory", "arrows", _arrows)


def _arrows() -> dict[int, Arrow[int]]:
    rows = OrganisationSuccession.objects.values_list("old_id", "new_id", "on")
    return by_old(Arrow(old, new, on) for old, new, on in rows)


def keys_of(codes: Collection[str], *, kind: str = "") -> frozenset[int]:
    """Keys of the organisations with these codes, only those of a kind where one is given."""
    wanted = tuple(sorted(codes))
    return reference.cached("directory", ("keys", wanted, kind), lambda: _keys_of(wanted, kind)) if wanted else _NOBODY


def _keys_of(codes: tuple[str, ...], kind: str) -> frozenset[int]:
    rows = Organisation.objects.filter(code__in=codes)
    return frozenset((rows.filter(kind=kind) if kind else rows).values_list("pk", flat=True))


def successor(of: Organisation, on: date) -> Organisation:
    """The body that stands for `of` on a day, through any number of reforms; `of` itself if nobody followed by then."""
    end = follow(of.pk, arrows(), on)
    return of if end == of.pk else Organisation.objects.select_related("division").get(pk=end)


def acting(of: Organisation, on: date) -> Organisation | None:
    """The body that acts where `of` did: its successor on that day if that one exists then, else None."""
    body = successor(of, on)
    return body if body.holds(on) else None


def acts_for(body: Organisation, on: date | None = None) -> frozenset[int]:
    """Keys of the organisations whose cases `body` handles on a day (None: today): itself and those it took over.

    A body that was itself followed by then handles nothing.
    """
    day = on or moment.today()
    table = arrows()
    if follow(body.pk, table, day) != body.pk:
        return frozenset()
    return frozenset({body.pk, *taken_over(body.pk, table, day)})


def name_on(of: Organisation, on: date) -> str:
    """The name that the organisation bore on a day; its present name where the records do not reach."""
    return reference.cached("directory", ("name", of.pk, on), lambda: _name_on(of.pk, on)) or of.name


def _name_on(key: int, on: date) -> str | None:
    return OrganisationName.objects.filter(in_force(on), organisation_id=key).values_list("name", flat=True).first()
