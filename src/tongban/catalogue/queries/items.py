"""Finding items and their versions. All of it is public: 行政许可法 art. 30 wants guides published."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from tongban.base import paging, reference
from tongban.catalogue.models import Implementation, ItemVersion
from tongban.catalogue.searching.finding import bases_found, find
from tongban.catalogue.searching.narrowing import Narrow
from tongban.catalogue.searching.rows import ItemRow, in_reach
from tongban.directory.models import Organisation
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound


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
    text: str = "", *, cursor: str | None = None, size: int | None = None, **narrowed: str
) -> Page[ItemRow]:
    """A page of `find`, where nothing is told of how it was found; `narrowed`: fields of `Narrow`.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    return find(text, Narrow(**narrowed), cursor=cursor, size=size).page


def popular(limit: int = 8, *, division: str = "") -> list[ItemRow]:
    """The items that editors placed first, at most `limit` (1 to 50)."""
    return find("", Narrow(division=division), size=min(max(limit, 1), 50)).page.items


def implementations_of(slug: str, *, division: str = "") -> list[Implementation]:
    """The bodies that run an item and take cases, in the order of divisions, to choose one from.

    Raises:
        NotFound: unknown item, or nobody in reach takes cases.
    """
    rows = in_reach(division).filter(base__slug=slug).select_related("organisation", "division", "base")
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
    rows = in_reach(division).select_related("base", "organisation", "division", "current")
    if text.strip() or target:
        rows = rows.filter(base__in=bases_found(text, Narrow(target=target)))
    return paging.page(rows, order=("task_code",), cursor=cursor, size=size)
