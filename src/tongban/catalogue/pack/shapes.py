"""Shapes of the pack's files about items."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tongban.base.pack import Shape

_Ref = Annotated[str, Field(min_length=3, max_length=60)]


class EachShape(Shape):
    """All bodies of one key at one level, for example every county's 市场监督管理局."""

    level: Literal["city", "county", "town", "village"]
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    #: Only bodies in or under these divisions (12 digits); empty: everywhere in the city.
    within: tuple[Annotated[str, Field(pattern=r"^\d{12}$")], ...] = ()


class ImplementationShape(Shape):
    """Who implements the item: bodies by reference, or each of a kind; `overrides` replace parts of the definition."""

    organisations: tuple[_Ref, ...] = ()
    each: EachShape | None = None
    overrides: dict[str, Any] = Field(default_factory=dict)


class ItemShape(Shape):
    """One file `items/<slug>.yaml`."""

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
    #: Whether the base code is the official one.
    official_code: bool
    rank: Annotated[int, Field(ge=1, le=30000)] = 1000
    sample_fields: tuple[Annotated[str, Field(max_length=100)], ...] = ()
    implementations: Annotated[tuple[ImplementationShape, ...], Field(min_length=1)]
    definition: dict[str, Any]


class SampleShape(Shape):
    """One file `samples/<slug>.yaml`: a made-up application, complete and plausible, for demonstration and tests."""

    note: str = ""
    applicant: dict[str, Any]
    answers: dict[str, Any]
    form: dict[str, Any]
