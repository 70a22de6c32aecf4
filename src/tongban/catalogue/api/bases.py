"""The directory of items (基本目录), for those who keep a copy of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tongban.base.web.api import link_page, with_etag
from tongban.base.web.offering import open_reading
from tongban.catalogue import queries
from tongban.catalogue.models import BaseItem

router = Router(tags=["items"])


class BaseFilter(Schema):
    """What to list."""

    kind: str = Field("", max_length=2, description="事项类型, GB/T 39046-2020.")
    state: str = Field("", max_length=10, description="active, suspended, cancelled.")
    cursor: str | None = Field(None, max_length=1000, description="From `next` or `previous` of a page.")
    size: int = Field(20, ge=1, le=100)


class BaseSummary(Schema):
    """One entry of the directory."""

    catalog_code: str
    name: str
    kind: str
    state: str
    number: int = Field(description="Number of the version of the elements in force.")
    official_code: bool


class BasePage(Schema):
    """A page of the directory; `next` and `previous` are cursors or null."""

    items: list[BaseSummary]
    next: str | None
    previous: str | None


class BaseDetail(BaseSummary):
    """An entry with its elements, which every body that runs it has in common."""

    state_reason: str
    successors: list[str] = Field(description="Base codes of what replaces it after it was split or merged.")
    elements: dict[str, Any]


class BodyFilter(Schema):
    """Which page."""

    cursor: str | None = Field(None, max_length=1000, description="From `next` or `previous` of a page.")
    size: int = Field(20, ge=1, le=100)


class BodyOut(Schema):
    """One body's implementation."""

    task_code: str
    organisation_code: str
    organisation: str
    division: str
    level: str
    state: str


class BodyPage(Schema):
    """The bodies that run an entry, or ran it."""

    items: list[BodyOut]
    next: str | None
    previous: str | None


@open_reading(router, "/base-items", BasePage, "List the directory")
def list_base_items(request: HttpRequest, filters: Query[BaseFilter]) -> HttpResponse:
    """Every entry by code, also those that are suspended or have ended."""
    page = queries.list_bases(kind=filters.kind, state=filters.state, cursor=filters.cursor, size=filters.size)
    body = {"items": [_summary(one) for one in page.items], "next": page.next, "previous": page.previous}
    seen = "|".join(f"{one.catalog_code}:{one.number}:{one.state}" for one in page.items)
    response = with_etag(request, body, f"bases|{seen}|{page.next}|{page.previous}")
    link_page(request, response, page)
    return response


@open_reading(router, "/base-items/{catalog_code}", BaseDetail, "Read an entry of the directory")
def read_base_item(request: HttpRequest, catalog_code: str) -> HttpResponse:
    """The elements in force: name, kind, legal basis, levels."""
    found = queries.base_item(catalog_code)
    body = _summary(found) | {
        "state_reason": found.state_reason,
        "successors": found.successors,
        "elements": found.elements,
    }
    return with_etag(request, body, f"base|{found.catalog_code}|{found.number}|{found.state}|{found.state_reason}")


@open_reading(router, "/base-items/{catalog_code}/bodies", BodyPage, "List who runs an entry")
def list_bodies(
    request: HttpRequest, response: HttpResponse, catalog_code: str, filters: Query[BodyFilter]
) -> BodyPage:
    """The bodies that run the entry or ran it, by implementation code."""
    page = queries.bodies_of(queries.base_item(catalog_code), cursor=filters.cursor, size=filters.size)
    link_page(request, response, page)
    items = [
        BodyOut(
            task_code=one.task_code,
            organisation_code=one.organisation.code,
            organisation=one.organisation.name,
            division=one.division_id,
            level=one.level,
            state=one.state,
        )
        for one in page.items
    ]
    return BodyPage(items=items, next=page.next, previous=page.previous)


def _summary(base: BaseItem) -> dict[str, Any]:
    return {
        "catalog_code": base.catalog_code,
        "name": base.name,
        "kind": base.kind,
        "state": base.state,
        "number": base.number,
        "official_code": base.official_code,
    }
