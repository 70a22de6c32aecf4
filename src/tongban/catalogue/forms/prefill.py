"""What is already known about the applicant, brought into the form with its source (never ask twice)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tongban.catalogue.forms.schema import FormSchema


@dataclass(frozen=True)
class Known:
    """A value that government already holds: where it comes from in words, and its trust level (domain.md 2.8).

    With `locked` the value is shown and not asked: what comes back from the page for it is ignored.
    """

    value: Any
    source: str
    level: Literal["A", "B", "C", "D"]
    locked: bool = True


def prefill(schema: Mapping[str, Any], sources: Mapping[str, Known]) -> dict[str, Known]:
    """The known value of each field, by its ``x-prefill`` name (``person.name``); unknown and empty ones left out."""
    found: dict[str, Known] = {}
    for name, field in FormSchema(schema).properties.items():
        known = sources.get(str(field.get("x-prefill", "")))
        if known is not None and known.value not in (None, "", []):
            found[name] = known
    return found
