"""From a posted body to data: exactly the fields of the schema, bounded, in the schema's types; the rest is dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

from tongban.catalogue.forms.schema import LENGTH_MAX, ROWS_MAX, FormSchema, widget_of

#: Control characters have no place in a form; line breaks and tabs stay in long texts.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CODE_WIDGETS: Final = frozenset({"id_number", "uscc", "phone", "date", "number", "money"})
_UPPER_WIDGETS: Final = frozenset({"id_number", "uscc"})
_WHOLE: Final = re.compile(r"^[+-]?\d{1,15}$")
_DECIMAL: Final = re.compile(r"^[+-]?\d{1,15}(\.\d{1,6})?$")


class Body(Protocol):
    """What of Django's QueryDict is used."""

    def get(self, key: str, default: Any = None, /) -> Any: ...

    def getlist(self, key: str, /) -> list[Any]: ...


def clean(schema: Mapping[str, Any], body: Body, locked: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The data of the form in the body; empty fields are left out, values that do not fit their type stay text.

    The schema is walked, not the body, so that its work does not depend on how many keys were sent. A value in `locked`
    (field to value known already) stands whatever the body says.
    """
    data: dict[str, Any] = {}
    for name, field in FormSchema(schema).properties.items():
        value = locked[name] if locked and name in locked else _value(name, field, body)
        if value not in (None, "", [], {}):
            data[name] = value
    return data


def _value(name: str, field: Mapping[str, Any], body: Body) -> Any:
    widget = widget_of(field)
    if widget == "table":
        return _rows(name, field, body)
    if widget == "address":
        parts = {part: _text(body.get(f"{name}.{part}"), "text") for part in ("division", "detail")}
        return {part: text for part, text in parts.items() if text}
    if widget == "checks":
        options = [str(option) for option in field.get("items", {}).get("enum", ())]
        given = {_text(value, "text") for value in body.getlist(name)[: len(options) + 1]}
        return [option for option in options if option in given]
    return _scalar(_text(body.get(name), widget), widget, field)


def _rows(name: str, field: Mapping[str, Any], body: Body) -> list[dict[str, Any]]:
    columns: Mapping[str, Mapping[str, Any]] = field.get("items", {}).get("properties", {})
    rows: list[dict[str, Any]] = []
    for number in range(min(int(field.get("maxItems", ROWS_MAX)), ROWS_MAX)):
        row: dict[str, Any] = {}
        for column, part in columns.items():
            widget = widget_of(part)
            value = _scalar(_text(body.get(f"{name}.{number}.{column}"), widget), widget, part)
            if value not in (None, ""):
                row[column] = value
        if row:
            rows.append(row)
    return rows


def _text(value: object, widget: str) -> str:
    if not isinstance(value, str):
        return ""
    # One character more than any schema allows, so that a text that is too long is still told to be so.
    text = _CONTROLS.sub("", value[: LENGTH_MAX + 1].replace("\r\n", "\n"))
    if widget in _CODE_WIDGETS:
        # Numbers are pasted with full-width digits and with spaces between groups.
        text = "".join(unicodedata.normalize("NFKC", text).split())
    if widget in _UPPER_WIDGETS:
        text = text.upper()
    return text.strip() if widget == "textarea" else " ".join(text.split())


def _scalar(text: str, widget: str, field: Mapping[str, Any]) -> Any:
    if not text:
        return None
    if field.get("type") == "boolean":
        return {"yes": True, "on": True, "true": True, "no": False, "false": False}.get(text, text)
    if widget == "money":
        return _fen(text)
    if widget == "number":
        return _number(text, field)
    if field.get("type") == "integer" and _WHOLE.match(text):
        return int(text)
    return text


def _number(text: str, field: Mapping[str, Any]) -> int | float | str:
    if _WHOLE.match(text):
        return int(text)
    if field.get("type") == "number" and _DECIMAL.match(text):
        return float(text)
    return text


def _fen(text: str) -> int | str:
    plain = text.replace(",", "").removeprefix("¥").strip()
    if not _DECIMAL.match(plain):
        return text
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation:
        return text
    return int(fen) if fen == fen.to_integral_value() else text
