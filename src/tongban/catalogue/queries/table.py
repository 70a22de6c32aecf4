"""The table of implementations at the desk: filters, order, pages, however many there are."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base import paging
from tongban.catalogue.models import BaseItem, Implementation
from tongban.catalogue.queries.reach import within_reach
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Page
from tongban.kernel.problems import Invalid

#: Calendar days of the promise, by key: at once, a week, two, four, longer.
PROMISES: Final = {
    "instant": gettext_lazy("即办"),
    "week": gettext_lazy("5 个工作日以内"),
    "fortnight": gettext_lazy("10 个工作日以内"),
    "month": gettext_lazy("20 个工作日以内"),
    "longer": gettext_lazy("20 个工作日以上"),
}
_PROMISE_DAYS: Final = {"instant": (0, 0), "week": (0, 7), "fortnight": (0, 14), "month": (0, 28), "longer": (28, None)}
VISITS: Final = {"0": gettext_lazy("不用跑"), "1": gettext_lazy("跑 1 次"), "2": gettext_lazy("跑 2 次以上")}
#: Order by key: `code` by implementation code, `recent` what was published last.
SORTS: Final = {"code": ("task_code",), "recent": ("-current_id",)}
_TEXT_MAX: Final = 100
#: Bodies that a name may fit.
_BODIES_MAX: Final = 500


@dataclass(frozen=True, kw_only=True)
class TableFilters:
    """What stands in the address; empty is everything."""

    q: str = ""
    body: str = ""
    level: str = ""
    kind: str = ""
    state: str = ""
    promised: str = ""
    visits: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> TableFilters:
        """The filters of an address.

        Raises:
            Invalid: a filter that is not offered (`bad_filter`).
        """
        told = {one.name: query.get(one.name, "").strip()[:_TEXT_MAX] for one in fields(cls)}
        offered: dict[str, Collection[str]] = {
            "promised": PROMISES,
            "visits": VISITS,
            "sort": SORTS,
            "state": Implementation.State.values,
            "level": "1234567",
        }
        if any(told[name] and told[name] not in values for name, values in offered.items()):
            raise Invalid(_("没有这样的筛选条件，请从页面上重新选择。"), code="bad_filter")
        return cls(**told)

    def without(self, name: str) -> TableFilters:
        """The same without one of them."""
        return replace(self, **{name: ""})

    def plain(self) -> dict[str, str]:
        """What is set, by name."""
        return {name: value for name, value in asdict(self).items() if value}


def implementation_table(
    actor: Actor, filters: TableFilters, *, cursor: str | None = None, size: int | None = None
) -> Page[Implementation]:
    """A page of what the actor may see, with bodies, entries and the numbers of versions.

    Raises:
        NotFound: the actor has no post that reads the catalogue.
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = _rows(actor, filters).annotate(version=F("current__number"))
    rows = rows.select_related("organisation", "base").defer(
        "base__search_text", "base__search", "base__elements", "windows"
    )
    return paging.page(rows, order=SORTS[filters.sort or "code"], cursor=cursor, size=size)


def table_estimate(actor: Actor, filters: TableFilters) -> int:
    """About how many there are, as the planner guesses: counting 20,000 rows for a number nobody needs is too dear."""
    plan = json.loads(_rows(actor, filters).values("pk").explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def _rows(actor: Actor, filters: TableFilters) -> QuerySet[Implementation]:
    rows = within_reach(actor).filter(current__isnull=False)
    for name in ("level", "state"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.kind:
        rows = rows.filter(base__kind=filters.kind)
    if filters.q:
        # Entries are few beside what bodies run, so they are found first.
        named = BaseItem.objects.filter(Q(name__contains=filters.q) | Q(catalog_code=filters.q))
        rows = rows.filter(Q(base__in=list(named.values_list("pk", flat=True))) | Q(task_code=filters.q))
    if filters.body:
        bodies = Organisation.objects.filter(Q(name__contains=filters.body) | Q(code=filters.body))
        rows = rows.filter(organisation__in=list(bodies.values_list("pk", flat=True)[:_BODIES_MAX]))
    return _by_figures(rows, filters)


def _by_figures(rows: QuerySet[Implementation], filters: TableFilters) -> QuerySet[Implementation]:
    """Narrowed by what the summary says: the promise in calendar days, and visits."""
    if filters.promised:
        least, most = _PROMISE_DAYS[filters.promised]
        if filters.promised == "longer":
            rows = rows.filter(summary__promised_days__gt=least)
        else:
            rows = rows.filter(summary__promised_days__lte=most)
    if filters.visits:
        at_least = filters.visits == "2"
        rows = rows.filter(**{"summary__visits__gte" if at_least else "summary__visits": int(filters.visits)})
    return rows


def kinds_in_use() -> list[str]:
    """Kinds of the directory's entries, by code."""
    return list(BaseItem.objects.order_by("kind").values_list("kind", flat=True).distinct())
