"""The directory (基本目录): its entries, their elements and who runs them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from tongban.base import paging
from tongban.catalogue.models import BaseItem, BaseVersion, Implementation
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound


def list_bases(
    *, name: str = "", kind: str = "", state: str = "", cursor: str | None = None, size: int | None = None
) -> Page[BaseItem]:
    """Entries of the directory by code, those that have ended too; an unknown kind or state finds nothing.

    `name` is part of the name, or the whole code.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = BaseItem.objects.defer("search_text", "search")
    if name:
        rows = rows.filter(Q(name__contains=name) | Q(catalog_code=name))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return paging.page(rows, order=("catalog_code",), cursor=cursor, size=size)


def base_item(catalog_code: str) -> BaseItem:
    """An entry of the directory in any state.

    Raises:
        NotFound: unknown code.
    """
    found = BaseItem.objects.defer("search_text", "search").filter(catalog_code=catalog_code).first()
    if found is None:
        raise NotFound(_("这个目录事项"), code="base_not_found")
    return found


def base_versions(base: BaseItem) -> list[BaseVersion]:
    """What the elements were, the newest first, at most a hundred."""
    return list(base.versions.order_by("-number")[:100])


def bodies_of(base: BaseItem, *, cursor: str | None = None, size: int | None = None) -> Page[Implementation]:
    """The bodies that run an entry or ran it, by code; what was never published is not told.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = base.implementations.filter(current__isnull=False).select_related("organisation")
    return paging.page(rows, order=("task_code",), cursor=cursor, size=size)


def numbers_of_bodies(bases: Sequence[BaseItem]) -> dict[int, int]:
    """How many bodies run each of these entries now, by the entry's key; those that none runs are left out."""
    rows = Implementation.objects.filter(base__in=bases, state=Implementation.State.ACTIVE)
    return dict(rows.values("base_id").annotate(count=Count("pk")).order_by().values_list("base_id", "count"))
