"""Where bodies that run the same item differ, so that somebody can ask why (同一事项、同一标准)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from tongban.base import paging
from tongban.catalogue.deviation_words import FIELDS, alike, differs_in, value_words
from tongban.catalogue.models import BaseItem, DeviationQuestion, Implementation
from tongban.catalogue.queries.reach import within_reach
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Page
from tongban.kernel.problems import Invalid

#: Bodies that one group names; the others are counted.
BODIES_MAX = 12


@dataclass(frozen=True, kw_only=True)
class OddBody:
    """A body that differs, and what it was last asked about that."""

    task_code: str
    name: str
    question: DeviationQuestion | None


@dataclass(frozen=True, kw_only=True)
class OddGroup:
    """Bodies that say the same, which is not what most say."""

    words: str
    #: For lists: what is more and less than usual.
    difference: str
    count: int
    bodies: tuple[OddBody, ...]

    @property
    def unnamed(self) -> int:
        """How many more say the same."""
        return self.count - len(self.bodies)


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One field in which the bodies of an entry differ."""

    field: str
    label: str
    usual: str
    usual_count: int
    total: int
    groups: tuple[OddGroup, ...]


@dataclass(frozen=True, kw_only=True)
class Deviating:
    """An entry of the directory whose bodies differ."""

    base: BaseItem
    deviations: tuple[Deviation, ...]


def deviating(
    actor: Actor, *, field: str = "", catalog_code: str = "", cursor: str | None = None, size: int | None = None
) -> Page[Deviating]:
    """Entries whose bodies in the actor's reach differ in any field, or in this one, by base code.

    Raises:
        NotFound: the actor has no post that reads the catalogue.
        Invalid: unknown field (`bad_filter`) or cursor.
    """
    if field and field not in FIELDS:
        raise Invalid(_("没有这样的比较项目，请从页面上重新选择。"), code="bad_filter")
    wanted = (field,) if field else tuple(FIELDS)
    rows = _compared(within_reach(actor))
    bases = BaseItem.objects.defer("search_text", "search", "elements").filter(_kinds(rows, wanted))
    if catalog_code:
        bases = bases.filter(catalog_code=catalog_code)
    page = paging.page(bases, order=("catalog_code",), cursor=cursor, size=size)
    found = _deviations(rows, page.items, wanted)
    return page.map(lambda base: Deviating(base=base, deviations=tuple(found.get(base.pk, ()))))


def usual_value(rows: QuerySet[Implementation], base_id: int, field: str) -> Any:
    """What most of these bodies say of an entry in a field; None where nobody says anything."""
    groups = _groups(_compared(rows), [base_id], field)[base_id]
    return groups[0].value if groups else None


def questions_in_reach(
    actor: Actor, *, answered: bool, cursor: str | None = None, size: int | None = None
) -> Page[DeviationQuestion]:
    """Questions to bodies in the actor's reach, the newest first.

    Raises:
        NotFound: the actor has no post that reads the catalogue.
        Invalid: the cursor is not one of ours.
    """
    rows = DeviationQuestion.objects.filter(answered_at__isnull=not answered, implementation__in=within_reach(actor))
    rows = rows.select_related("implementation__base", "implementation__organisation")
    return paging.page(rows, order=("-id",), cursor=cursor, size=size)


def _compared(rows: QuerySet[Implementation]) -> QuerySet[Implementation]:
    return rows.filter(state=Implementation.State.ACTIVE).order_by()


def _kinds(rows: QuerySet[Implementation], fields: Sequence[str]) -> Any:
    """Whether an entry's bodies say more than one thing in a field: entry by entry, so that a page reads no further."""
    counts = [Count(KeyTransform(one, "summary"), distinct=True) for one in fields]
    most = Greatest(*counts) if len(counts) > 1 else counts[0]
    here = rows.filter(base=OuterRef("pk")).values("base").annotate(most=most).values("most")
    return GreaterThan(Subquery(here), 1)


@dataclass(frozen=True)
class _Group:
    """Bodies that say the same in a field."""

    value: Any
    count: int
    ids: tuple[int, ...]


def _groups(rows: QuerySet[Implementation], base_ids: Iterable[int], field: str) -> dict[int, list[_Group]]:
    """What bodies say in a field, the most frequent first, by entry; what differs only in order is one."""
    read = rows.filter(base__in=list(base_ids)).values("base_id", said=KeyTransform(field, "summary"))
    counted = read.annotate(count=Count("pk"), ids=ArrayAgg("pk", order_by="pk"))
    found: dict[int, dict[str, _Group]] = defaultdict(dict)
    for row in counted.order_by("-count", "said"):
        groups, key = found[row["base_id"]], str(alike(field, row["said"]))
        before = groups.get(key) or _Group(row["said"], 0, ())
        groups[key] = _Group(before.value, before.count + row["count"], before.ids + tuple(row["ids"]))
    ordered = {base: sorted(groups.values(), key=lambda one: -one.count) for base, groups in found.items()}
    return defaultdict(list, ordered)


def _deviations(
    rows: QuerySet[Implementation], bases: Sequence[BaseItem], fields: Sequence[str]
) -> dict[int, list[Deviation]]:
    ids = [base.pk for base in bases]
    by_field = {field: _groups(rows, ids, field) for field in fields}
    named = {
        key
        for groups in by_field.values()
        for found in groups.values()
        for group in found[1:]
        for key in group.ids[:BODIES_MAX]
    }
    bodies = Implementation.objects.select_related("organisation").defer("summary").in_bulk(named)
    asked = {
        (one.implementation_id, one.field): one
        for one in DeviationQuestion.objects.filter(implementation__in=named).order_by("pk")
    }
    found: dict[int, list[Deviation]] = defaultdict(list)
    for field, groups in by_field.items():
        for base_id, said in groups.items():
            if len(said) > 1:
                found[base_id].append(_deviation(field, said, bodies, asked))
    return found


def _deviation(
    field: str,
    said: Sequence[_Group],
    bodies: dict[int, Implementation],
    asked: dict[tuple[int, str], DeviationQuestion],
) -> Deviation:
    usual, *others = said
    groups = tuple(
        OddGroup(
            words=value_words(field, one.value),
            difference=differs_in(field, usual.value, one.value),
            count=one.count,
            bodies=tuple(
                OddBody(
                    task_code=bodies[key].task_code,
                    name=bodies[key].organisation.name,
                    question=asked.get((key, field)),
                )
                for key in one.ids[:BODIES_MAX]
            ),
        )
        for one in others
    )
    return Deviation(
        field=field,
        label=str(FIELDS[field]),
        usual=value_words(field, usual.value),
        usual_count=usual.count,
        total=sum(one.count for one in said),
        groups=groups,
    )
