"""Every version that was ever published of an item."""

from django.utils.translation import gettext as _

from tongban.base import paging
from tongban.catalogue.models import ItemVersion
from tongban.catalogue.queries.items import implementation
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound


def versions_of(task_code: str, *, cursor: str | None = None, size: int | None = None) -> Page[ItemVersion]:
    """The versions of an implementation in any state, the newest first, without their definitions.

    Raises:
        NotFound: unknown code, or nothing was ever published under it.
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = ItemVersion.objects.filter(implementation=implementation(task_code)).defer("definition")
    return paging.page(rows, order=("-number",), cursor=cursor, size=size)


def numbered_version(task_code: str, number: int) -> ItemVersion:
    """A version of an implementation by its number, with its implementation.

    Raises:
        NotFound: there is none.
    """
    rows = ItemVersion.objects.select_related("implementation__base", "implementation__organisation")
    # Beyond the column: PostgreSQL would refuse the comparison.
    found = rows.filter(implementation__task_code=task_code, number=number).first() if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(_("这个事项版本"), code="item_not_found")
    return found
