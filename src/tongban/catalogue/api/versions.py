"""Every version of an item, for those who keep cases or decisions made under an earlier one."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tongban.base.web.api import link_page, with_etag
from tongban.base.web.offering import open_reading
from tongban.catalogue import queries
from tongban.catalogue.difference import differences

router = Router(tags=["items"])


class VersionFilter(Schema):
    """Which page."""

    cursor: str | None = Field(None, max_length=1000, description="From `next` or `previous` of a page.")
    size: int = Field(20, ge=1, le=100)


class VersionSummary(Schema):
    """One version in the list."""

    number: int
    digest: str = Field(description="SHA-256 over the canonical definition, hex.")
    published_at: datetime
    in_force: bool = Field(description="Whether new cases are filed under it while the item takes any.")


class VersionPage(Schema):
    """Versions, the newest first; `next` and `previous` are cursors or null."""

    items: list[VersionSummary]
    next: str | None
    previous: str | None


class Between(Schema):
    """Between which versions."""

    before: int = Field(ge=1, lt=2**31, description="Number of the earlier version.")
    after: int = Field(ge=1, lt=2**31, description="Number of the later version.")


class DifferenceOut(Schema):
    """One thing that differs; of an order `before` and `after` are the lists of keys."""

    path: list[str] = Field(description='Names; a member of a list with keys is "[key=…]".')
    op: Literal["add", "remove", "change", "order"]
    before: Any
    after: Any


class DifferenceList(Schema):
    """What differs between two versions: applied to the first, it gives the second."""

    task_code: str
    items: list[DifferenceOut]


class VersionDetail(VersionSummary):
    """A version with its definition."""

    task_code: str
    definition: dict[str, Any]


@open_reading(router, "/items/{task_code}/versions", VersionPage, "List an item's versions")
def list_item_versions(
    request: HttpRequest, response: HttpResponse, task_code: str, filters: Query[VersionFilter]
) -> VersionPage:
    """Every version that was ever published, also of an item that is suspended or cancelled."""
    current = queries.implementation(task_code).current_id
    page = queries.versions_of(task_code, cursor=filters.cursor, size=filters.size)
    link_page(request, response, page)
    items = [
        VersionSummary(number=one.number, digest=one.digest, published_at=one.published_at, in_force=one.pk == current)
        for one in page.items
    ]
    return VersionPage(items=items, next=page.next, previous=page.previous)


@open_reading(router, "/items/{task_code}/versions/{number}", VersionDetail, "Read a version of an item")
def read_item_version(request: HttpRequest, task_code: str, number: int) -> HttpResponse:
    """The definition as it was published; it never changes."""
    version = queries.numbered_version(task_code, number)
    in_force = version.pk == version.implementation.current_id
    body = {
        "task_code": version.implementation.task_code,
        "number": version.number,
        "digest": version.digest,
        "published_at": version.published_at.isoformat(),
        "in_force": in_force,
        "definition": version.definition,
    }
    return with_etag(request, body, f"version|{version.implementation.task_code}|{version.digest}|{in_force}")


@open_reading(router, "/items/{task_code}/difference", DifferenceList, "Compare two versions of an item")
def read_difference(request: HttpRequest, task_code: str, between: Query[Between]) -> HttpResponse:
    """Everything that differs, place by place."""
    before, after = (queries.numbered_version(task_code, one) for one in (between.before, between.after))
    found = differences(before.definition, after.definition)
    body = {
        "task_code": before.implementation.task_code,
        "items": [{"path": one.path, "op": one.op, "before": one.before, "after": one.after} for one in found],
    }
    return with_etag(request, body, f"difference|{before.digest}|{after.digest}")
