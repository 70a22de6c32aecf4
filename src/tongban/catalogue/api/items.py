"""JSON API of the catalogue: read-only and public, with ETags so that a copy costs nothing to keep up to date."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tongban.base.web.api import link_page, with_etag
from tongban.base.web.offering import open_reading
from tongban.catalogue import queries
from tongban.catalogue.models import Implementation, ItemVersion

router = Router(tags=["items"])


class ItemFilter(Schema):
    """What to list."""

    q: str = Field("", max_length=100, description="Words, everyday words or pinyin initials.")
    division: str = Field("", max_length=12, description="12-character division in which the person is.")
    target: str = Field(
        "", max_length=20, description="person, company, institution, social_organisation, agency, other."
    )
    cursor: str | None = Field(None, max_length=1000, description="From `next` or `previous` of a page.")
    size: int = Field(20, ge=1, le=100)


class ItemSummary(Schema):
    """One implementation in a list."""

    task_code: str
    catalog_code: str
    name: str
    kind: str = Field(description="事项类型, GB/T 39046-2020.")
    organisation_code: str
    organisation: str
    division: str
    version: int
    state: str


class ItemPage(Schema):
    """A page of implementations; `next` and `previous` are cursors or null."""

    items: list[ItemSummary]
    next: str | None
    previous: str | None


class ItemDetail(ItemSummary):
    """An implementation with the definition of its version in force."""

    published_at: str
    digest: str
    official_code: bool
    sample_fields: list[str]
    definition: dict[str, Any]


class FormDetail(Schema):
    """The form of an item as JSON Schema 2020-12."""

    task_code: str
    version: int
    form: dict[str, Any] = Field(alias="schema", serialization_alias="schema")


@open_reading(router, "/items", ItemPage, "List service items")
def list_items(request: HttpRequest, filters: Query[ItemFilter]) -> HttpResponse:
    """Implementations that take new cases, by code."""
    page = queries.list_implementations(
        filters.q, division=filters.division, target=filters.target, cursor=filters.cursor, size=filters.size
    )
    body = {"items": [_summary(row) for row in page.items], "next": page.next, "previous": page.previous}
    seen = "|".join(f"{row.task_code}:{row.current_id}:{row.state}" for row in page.items)
    response = with_etag(request, body, f"{seen}|{page.next}|{page.previous}")
    link_page(request, response, page)
    return response


@open_reading(router, "/items/{task_code}", ItemDetail, "Read a service item")
def read_item(request: HttpRequest, task_code: str) -> HttpResponse:
    """The definition in force: conditions, questions, form, materials, steps, limits, fees, result."""
    version = queries.current_version(task_code)
    item = version.implementation
    body = _summary(item) | {
        "published_at": version.published_at.isoformat(),
        "digest": version.digest,
        "official_code": item.base.official_code,
        "sample_fields": item.base.sample_fields,
        "definition": version.definition,
    }
    return with_etag(request, body, _mark(version))


@open_reading(router, "/items/{task_code}/form", FormDetail, "Read an item's form", by_alias=True)
def read_form(request: HttpRequest, task_code: str) -> HttpResponse:
    """The JSON Schema that the form data of an application must fit."""
    version = queries.current_version(task_code)
    body = {"task_code": task_code, "version": version.number, "schema": version.definition["form"]}
    return with_etag(request, body, f"form|{_mark(version)}")


def _summary(item: Implementation) -> dict[str, Any]:
    assert item.current is not None  # only published implementations are found
    return {
        "task_code": item.task_code,
        "catalog_code": item.base.catalog_code,
        "name": item.base.name,
        "kind": item.base.kind,
        "organisation_code": item.organisation.code,
        "organisation": item.organisation.name,
        "division": item.division_id,
        "version": item.current.number,
        "state": item.state,
    }


def _mark(version: ItemVersion) -> str:
    return f"{version.implementation.task_code}:{version.number}:{version.digest}:{version.implementation.state}"
