"""A form's schema read once: its fields in order, their widgets, and which of them count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tongban.catalogue.conditions import holds, names

WIDGETS: Final = frozenset(
    [
        "text",
        "textarea",
        "number",
        "date",
        "select",
        "radio",
        "checkbox",
        "checks",
        "yesno",
        "id_number",
        "uscc",
        "phone",
        "address",
        "money",
        "table",
    ]
)
#: Rows of a table that a schema may allow at most.
ROWS_MAX: Final = 50
#: Characters of one text that a schema may allow at most.
LENGTH_MAX: Final = 10_000


@dataclass(frozen=True)
class FormSchema:
    """A view on the dict of a schema; it never changes it."""

    schema: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Mapping[str, Any]]:
        """Field name to its schema."""
        found: Mapping[str, Mapping[str, Any]] = self.schema.get("properties", {})
        return found

    @property
    def groups(self) -> list[Mapping[str, Any]]:
        """The parts of the page; one without a title if the schema names none."""
        return list(self.schema.get("x-groups", ())) or [{"key": "", "title": "", "hint": ""}]

    def ordered(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Fields by part, then ``x-order``, then as written."""
        places = {group["key"]: index for index, group in enumerate(self.groups)}
        names_ = list(self.properties)

        def place(name: str) -> tuple[int, int, int]:
            field = self.properties[name]
            return places.get(field.get("x-group", ""), 0), int(field.get("x-order", 0)), names_.index(name)

        for name in sorted(names_, key=place):
            yield name, self.properties[name]

    def required(self) -> frozenset[str]:
        """Fields that must be given whatever else holds."""
        return frozenset(self.schema.get("required", ()))


def widget_of(field: Mapping[str, Any]) -> str:
    """The widget named by the field, or the usual one for its type."""
    named = field.get("x-widget")
    if named:
        return str(named)
    if "enum" in field:
        return "radio" if len(field["enum"]) <= 4 else "select"
    usual = {"boolean": "yesno", "integer": "number", "number": "number", "array": "checks"}
    return usual.get(str(field.get("type")), "text")


def active_fields(
    schema: Mapping[str, Any], answers: Mapping[str, object], data: Mapping[str, object]
) -> frozenset[str]:
    """Names of the fields that count for these answers and this data."""
    form = FormSchema(schema)
    return frozenset(name for name, field in form.properties.items() if holds(field.get("x-when"), answers, data))


def decided_by_answers(field: Mapping[str, Any]) -> bool:
    """Whether the field's condition looks at answers only, so that it is settled before the page is shown."""
    return all(source == "answer" for source, _, _ in names(field.get("x-when")))


def label_of(field: Mapping[str, Any], value: object) -> str:
    """The text for a value of an ``enum``."""
    labels = field.get("x-labels", {})
    return str(labels.get(str(value), value))
