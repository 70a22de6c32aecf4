"""Finding items and their versions. All of it is public: 行政许可法 art. 30 wants guides published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tongban.base import paging, reference
from tongban.catalogue.models import BaseItem, Implementation, ItemVersion
from tongban.catalogue.topics import topic_name
from tongban.catalogue.words import LEVELS, TARGETS, fee_words, limit_words, visits_words
from tongban.directory.models import Division, Organisation
from tongban.directory.queries import breadcrumb
from tongban.kernel import chinese
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound

#: Longest text that is searched for.
_TEXT_MAX = 100


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


@dataclass(frozen=True)
class Facet:
    """One value to narrow a search by, with the number of items it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facets:
    """What a search can be narrowed by (国办函〔2016〕108号: 服务对象、主题、层级、行政管辖)."""

    targets: tuple[Facet, ...]
    topics: tuple[Facet, ...]
    levels: tuple[Facet, ...]
    divisions: tuple[Facet, ...]


def implementation(task_code: str) -> Implementation:
    """The implementation with this code, in any state.

    Raises:
        NotFound: unknown code, or nothing was ever published under it.
    """
    rows = Implementation.objects.select_related("base", "organisation", "division", "current")
    found = rows.filter(task_code=task_code, current__isnull=False).first()
    if found is None:
        raise NotFound(_("这个事项"), code="item_not_found")
    return found


def current_version(task_code: str) -> ItemVersion:
    """The version in force, with its implementation, body and division; read-only, because others are given the same.

    Raises:
        NotFound: unknown code, or nothing was ever published under it.
    """
    return reference.cached("catalogue directory", ("current", task_code), lambda: _current_version(task_code))


def _current_version(task_code: str) -> ItemVersion:
    found = implementation(task_code)
    assert found.current is not None
    found.current.implementation = found
    return found.current


def lent_to(organisation_ids: Collection[int]) -> frozenset[int]:
    """Keys of the implementations that authorise one of these bodies, in writing, to receive for them (授权收件)."""
    lent: dict[int, list[int]] = reference.cached("catalogue directory", "lent", _lent)
    return frozenset(item for body in organisation_ids for item in lent.get(body, ()))


def _lent() -> dict[int, list[int]]:
    """Receiving body to the implementations that authorise it."""
    rows = Implementation.objects.filter(current__isnull=False)
    codes = dict(rows.values_list("pk", "current__definition__window_organisations"))
    named = {code for found in codes.values() for code in found or ()}
    keys = dict(Organisation.objects.filter(code__in=named).values_list("code", "pk"))
    lent: dict[int, list[int]] = {}
    for item, found in codes.items():
        for code in found or ():
            if code in keys:
                lent.setdefault(keys[code], []).append(item)
    return lent


def version(version_id: int) -> ItemVersion:
    """A version by key, current or not, with its implementation, body and division.

    Raises:
        NotFound: unknown key.
    """
    rows = ItemVersion.objects.select_related(
        "implementation__base", "implementation__organisation", "implementation__division"
    )
    found = rows.filter(pk=version_id).first()
    if found is None:
        raise NotFound(_("这个事项版本"), code="item_not_found")
    return found


def search_items(
    text: str = "",
    *,
    division: str = "",
    target: str = "",
    topic: str = "",
    level: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[ItemRow]:
    """Items that take cases, often used first; `division` is where the person is, so its bodies and those above count.

    An unknown division, target, topic or level finds nothing.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    bodies = _in_reach(division, level)
    rows = _with_bodies(_matching(text, target, topic), bodies)
    found = paging.page(rows, order=("rank", "id"), cursor=cursor, size=size)
    return Page(_rows(found.items), found.next, found.previous)


def popular(limit: int = 8, *, division: str = "") -> list[ItemRow]:
    """The items that editors placed first, at most `limit` (1 to 50)."""
    bodies = _in_reach(division, "")
    rows = _with_bodies(BaseItem.objects.all(), bodies).order_by("rank", "id")
    return _rows(rows[: min(max(limit, 1), 50)])


def implementations_of(slug: str, *, division: str = "") -> list[Implementation]:
    """The bodies that run an item and take cases, in the order of divisions, to choose one from.

    Raises:
        NotFound: unknown item, or nobody in reach takes cases.
    """
    rows = _in_reach(division, "").filter(base__slug=slug).select_related("organisation", "division", "base")
    found = list(rows.order_by("division_id", "id"))
    if not found:
        raise NotFound(_("这个事项"), code="item_not_found")
    return found


def list_implementations(
    text: str = "", *, division: str = "", target: str = "", cursor: str | None = None, size: int | None = None
) -> Page[Implementation]:
    """Implementations that take cases, by code, for programs.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = _in_reach(division, "").filter(base__in=_matching(text, target, ""))
    rows = rows.select_related("base", "organisation", "division", "current")
    return paging.page(rows, order=("task_code",), cursor=cursor, size=size)


def facets(text: str = "", *, division: str = "") -> Facets:
    """How many items each value would leave, for the same text and division."""
    bodies = _in_reach(division, "")
    bases = list(_matching(text, "", "").filter(Exists(bodies.filter(base=OuterRef("pk")))))
    counted = bodies.filter(base__in=bases)
    levels = counted.values("level").annotate(count=Count("base", distinct=True)).order_by("level")
    pairs = {(code[:6].ljust(12, "0"), base) for code, base in counted.values_list("division_id", "base_id")}
    places = Counter(code for code, _ in pairs)
    names = {row.code: row.name for row in Division.objects.filter(pk__in=places)}
    targets = Counter(one for base in bases for one in base.service_targets)
    topics = Counter(one for base in bases for one in base.topics)
    return Facets(
        targets=tuple(Facet(one, str(label), targets[one]) for one, label in TARGETS.items() if targets[one]),
        topics=tuple(Facet(one, topic_name(one), topics[one]) for one in sorted(topics)),
        levels=tuple(Facet(row["level"], str(LEVELS.get(row["level"], "")), row["count"]) for row in levels),
        divisions=tuple(Facet(code, names[code], places[code]) for code in sorted(places) if code in names),
    )


def _in_reach(division: str, level: str) -> QuerySet[Implementation]:
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


def _stem(code: str) -> str:
    """The digits that everything inside a division begins with: 430200000000 gives 4302."""
    return next((code[:width] for width in (2, 4, 6, 9) if set(code[width:]) <= {"0"}), code)


def _matching(text: str, target: str, topic: str) -> QuerySet[BaseItem]:
    rows = BaseItem.objects.all()
    if target:
        rows = rows.filter(service_targets__contains=[target])
    if topic:
        rows = rows.filter(topics__contains=[topic])
    typed = text.strip()[:_TEXT_MAX]
    if not typed:
        return rows
    words = chinese.query_words(typed)
    if not words:
        return rows.none()
    # Words come from the kernel: letters, digits and Han only, so they cannot break the query's grammar.
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
    return rows.filter(Q(search=query) | Q(search_text__contains=chinese.fold(typed)))


def _with_bodies(rows: QuerySet[BaseItem], bodies: QuerySet[Implementation]) -> QuerySet[BaseItem]:
    """The items that some body in reach runs, with the number of those bodies and the first of them."""
    here = bodies.filter(base=OuterRef("pk"))
    count = here.order_by().values("base").annotate(count=Count("pk")).values("count")
    return rows.annotate(
        choices=Coalesce(Subquery(count), 0),
        first_id=Subquery(here.order_by("division_id", "id").values("pk")[:1]),
    ).filter(first_id__isnull=False)


def _rows(bases: Iterable[BaseItem]) -> list[ItemRow]:
    listed = list(bases)
    ids = [_extra(base, "first_id") for base in listed]
    firsts = Implementation.objects.select_related("organisation", "current").in_bulk(ids)
    return [_row(base, firsts[_extra(base, "first_id")], _extra(base, "choices")) for base in listed]


def _extra(base: BaseItem, name: str) -> int:
    """A column that `_with_bodies` annotated."""
    return int(getattr(base, name))


def _row(base: BaseItem, first: Implementation, choices: int) -> ItemRow:
    assert first.current is not None  # an active implementation has a version
    definition = first.current.parsed
    only = choices == 1
    return ItemRow(
        slug=base.slug,
        name=base.name,
        kind=base.kind,
        task_code=first.task_code if only else "",
        organisation=first.organisation.name if only else "",
        choices=choices,
        targets=tuple(base.service_targets),
        topics=tuple(topic_name(topic) for topic in base.topics),
        limit=limit_words(definition.promised),
        visits=visits_words(definition.onsite_visits),
        fee=fee_words(definition),
        online=bool({"web", "mobile"} & set(definition.handle_forms)),
    )
