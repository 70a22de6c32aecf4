"""The written order of a form's fields, kept where the database keeps none.

A published definition is stored as jsonb, which sorts the keys of objects. So every field gets its place as ``x-order``
when a definition is read from a pack, and the fields are put back by it when it is read from the database.
"""

from collections.abc import Mapping
from typing import Any


def in_order(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with its properties in order, at every level; a field without ``x-order`` gets its written place."""
    made = dict(schema)
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        placed = {
            name: _placed(field, number) if isinstance(field, Mapping) else field
            for number, (name, field) in enumerate(properties.items(), 1)
        }
        made["properties"] = dict(sorted(placed.items(), key=lambda pair: _place(pair[1])))
    items = schema.get("items")
    if isinstance(items, Mapping):
        made["items"] = in_order(items)
    return made


def _placed(field: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {"x-order": number, **in_order(field)}


def _place(field: Any) -> int:
    order = field.get("x-order", 0) if isinstance(field, Mapping) else 0
    return order if isinstance(order, int) else 0
