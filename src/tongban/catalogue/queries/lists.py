"""Power, responsibility and negative lists (权力清单、责任清单、负面清单): views of the catalogue, never kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.base import paging
from tongban.catalogue.duties import PERMIT, Duty, duties
from tongban.catalogue.models import BaseItem, Implementation
from tongban.catalogue.queries.definitions import definition_of
from tongban.catalogue.topics import topic_name
from tongban.directory.models import Organisation
from tongban.kernel.actor import ROLE_NAMES
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound

#: Public services (公共服务) are no powers and stand below them.
SERVICE: Final = "20"
#: Items of a page: of powers, a line each; of responsibilities, a table each.
_POWERS, _DUTIES, _BODIES = 100, 20, 60
#: Themes that are no industry: what is neither, stands under them all the same, at the end.
_STAGES_OF_LIFE: Final = ("c:005", "c:010", "c:015", "c:020", "c:040", "c:165")
_PERMITS_MAX: Final = 2000


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    """A duty with the names of who does it."""

    duty: Duty
    body: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Responsible:
    """An item with its duties and whom one may complain to."""

    item: Implementation
    rows: tuple[DutyRow, ...]
    complaint_phone: str


@dataclass(frozen=True, kw_only=True)
class Forbidden:
    """What may not be done without a permit: the permit, what it gives, how many bodies grant it."""

    base: BaseItem
    result: str
    bodies: int


@dataclass(frozen=True, kw_only=True)
class Industry:
    """An industry with what needs a permit in it."""

    name: str
    rows: tuple[Forbidden, ...]


def listed_bodies(
    *,
    words: str = "",
    within: QuerySet[Implementation] | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[Organisation]:
    """Bodies that run an item, by division; `words` is part of their name, `within` narrows to a reach.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    runs = _in_force(within).filter(organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(Exists(runs)).defer("search_text", "search", "sort_key")
    if words:
        rows = rows.filter(name__contains=words)
    return paging.page(rows, order=("division", "id"), cursor=cursor, size=size or _BODIES)


def listed_body(code: str, *, within: QuerySet[Implementation] | None = None) -> Organisation:
    """A body that runs an item.

    Raises:
        NotFound: unknown, it runs nothing, or it is out of reach.
    """
    found = Organisation.objects.filter(code=code).first()
    if found is None or not _in_force(within).filter(organisation=found).exists():
        raise NotFound(_("这个机构的清单"), code="body_not_found")
    return found


def power_list(body: Organisation, *, cursor: str | None = None) -> Page[Implementation]:
    """What the body may and must handle, by kind and code: its powers, then its public services (权力清单).

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    return paging.page(_of(body), order=("task_code",), cursor=cursor, size=_POWERS)


def responsibility_list(body: Organisation, *, cursor: str | None = None) -> Page[Responsible]:
    """The duties of each of the body's items (责任清单).

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    page = paging.page(_of(body).select_related("current"), order=("task_code",), cursor=cursor, size=_DUTIES)
    told = {item.pk: duties(definition_of(item.current)) for item in page.items if item.current is not None}
    units = {one.unit for found in told.values() for one in found if one.unit}
    names = dict(Organisation.objects.filter(code__in=units).values_list("code", "name"))
    return page.map(lambda item: _responsible(item, told[item.pk], names, body.name))


def negative_list(body: Organisation | None = None) -> list[Industry]:
    """What may not be done without a permit, by industry: all of the city's, or those that a body grants (负面清单).

    行政许可法 art. 12, 81; 市场准入负面清单, 许可准入类. It lists what the catalogue has, not every permit there is.
    """
    rows = _in_force().filter(base__kind=PERMIT)
    if body is not None:
        rows = rows.filter(organisation=body)
    read = rows.order_by("base_id", "pk").values_list("base_id", "summary__result")
    results: dict[int, str] = {}
    counts: dict[int, int] = {}
    for base_id, result in read.iterator(chunk_size=2000):
        # What stands in brackets says who makes the licence, not what it is called.
        results.setdefault(base_id, (result or "").partition("（")[0])
        counts[base_id] = counts.get(base_id, 0) + 1
    bases = BaseItem.objects.filter(pk__in=counts).defer("search_text", "search").order_by("catalog_code")
    found: dict[str, list[Forbidden]] = {}
    for base in bases[:_PERMITS_MAX]:
        row = Forbidden(base=base, result=results[base.pk], bodies=counts[base.pk])
        found.setdefault(_industry(base.topics), []).append(row)
    return [Industry(name=topic_name(key), rows=tuple(found[key])) for key in sorted(found, key=_order)]


def _in_force(within: QuerySet[Implementation] | None = None) -> QuerySet[Implementation]:
    return (Implementation.objects.all() if within is None else within).filter(
        Q(state=Implementation.State.ACTIVE) | Q(state=Implementation.State.SUSPENDED), current__isnull=False
    )


def _of(body: Organisation) -> QuerySet[Implementation]:
    rows = _in_force().filter(organisation=body).select_related("base")
    return rows.defer("windows", "base__search_text", "base__search")


def _responsible(item: Implementation, told: tuple[Duty, ...], names: dict[str, str], body: str) -> Responsible:
    rows = tuple(
        DutyRow(duty=one, body=names.get(one.unit, "") if one.unit else body, role=ROLE_NAMES.get(one.role, ""))
        for one in told
    )
    current: Any = item.current
    return Responsible(item=item, rows=rows, complaint_phone=definition_of(current).complaint_phone)


def _industry(topics: list[str]) -> str:
    """The theme under which a permit stands: an industry's before one that every business meets; else persons'."""
    companies = sorted(one for one in topics if one.startswith("c:"))
    ordered = [one for one in companies if one not in _STAGES_OF_LIFE] + companies + sorted(topics)
    return ordered[0] if ordered else "c:999"


def _order(topic: str) -> tuple[bool, bool, str]:
    return topic.startswith("p:"), topic in _STAGES_OF_LIFE, topic
