"""A filled form in words: for the page to confirm, the application document and the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.catalogue.forms.schema import FormSchema, active_fields, label_of, widget_of


@dataclass(frozen=True)
class Line:
    """One field in words; a table has `columns` and `rows` instead of a value."""

    name: str
    group: str
    title: str
    value: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def in_words(
    schema: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    answers: Mapping[str, object] | None = None,
    division_name: Callable[[str], str] = str,
) -> tuple[Line, ...]:
    """The fields that were filled and count, in the form's order; `division_name` names a division code."""
    form = FormSchema(schema)
    titles = {str(group["key"]): str(group["title"]) for group in form.groups}
    active = active_fields(schema, answers or {}, data)
    return tuple(
        _line(name, titles.get(str(field.get("x-group", "")), ""), field, data[name], division_name)
        for name, field in form.ordered()
        if name in active and data.get(name) not in (None, "", [], {})
    )


def _line(name: str, group: str, field: Mapping[str, Any], value: Any, division_name: Callable[[str], str]) -> Line:
    title = str(field.get("title", name))
    if widget_of(field) == "table" and isinstance(value, list):
        parts: Mapping[str, Mapping[str, Any]] = field.get("items", {}).get("properties", {})
        rows = tuple(
            tuple(display(part, row.get(column), division_name) for column, part in parts.items())
            for row in value
            if isinstance(row, Mapping)
        )
        return Line(name, group, title, "", tuple(str(part.get("title", "")) for part in parts.values()), rows)
    return Line(name, group, title, display(field, value, division_name))


def display(field: Mapping[str, Any], value: Any, division_name: Callable[[str], str]) -> str:
    """One value in words."""
    widget = widget_of(field)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if widget == "money" and isinstance(value, int):
        return f"¥ {value / 100:,.2f}"
    if widget == "address" and isinstance(value, Mapping):
        division = str(value.get("division", ""))
        return (division_name(division) if division else "") + str(value.get("detail", ""))
    if widget == "date" and isinstance(value, str) and len(value) == 10:
        year, month, day = value.split("-")
        return f"{year}年{int(month)}月{int(day)}日"
    if isinstance(value, list):
        return "、".join(label_of(field.get("items", {}), item) for item in value)
    unit = f" {field['x-unit']}" if "x-unit" in field else ""
    return label_of(field, value) + unit
