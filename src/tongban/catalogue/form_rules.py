"""Rules of an item's form: a bounded JSON Schema that we can render, check and prefill. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import jsonschema_rs

from tongban.catalogue.conditions import ConditionError, checked
from tongban.catalogue.definition import Definition
from tongban.catalogue.faults import Fault
from tongban.catalogue.forms.formats import FORMATS
from tongban.catalogue.forms.schema import LENGTH_MAX, ROWS_MAX, WIDGETS, widget_of

_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,49}$")
_PREFILL: Final = re.compile(
    r"^(person\.(name|document_number|phone|address)|company\.(name|uscc|legal_representative|address|phone)"
    r"|licence\.[0-9A-Z]{21}\.[a-z_]{1,50})$"
)
#: Words of JSON Schema whose messages we can write (`forms.validation`) and our own.
_WORDS: Final = frozenset(
    [
        "type",
        "title",
        "description",
        "enum",
        "const",
        "format",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "items",
        "properties",
        "required",
        "additionalProperties",
        "x-widget",
        "x-group",
        "x-order",
        "x-labels",
        "x-unit",
        "x-prefill",
        "x-when",
        "x-required",
        "x-autocomplete",
        "x-pattern-message",
        "x-placeholder",
    ]
)
_FIELDS_MAX: Final = 80
#: The shape of our own words, and of what the rules read; the rest is the standard's own schema.
_SHAPE: Final = jsonschema_rs.Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}},
            "required": {"type": "array", "items": {"type": "string"}},
            "x-groups": {
                "type": "array",
                "maxItems": 20,
                "items": {
                    "type": "object",
                    "required": ["key"],
                    "additionalProperties": {"type": "string", "maxLength": 400},
                },
            },
        },
        "$defs": {
            "field": {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string", "maxLength": 200},
                    "description": {"type": "string", "maxLength": 1000},
                    "format": {"type": "string"},
                    "enum": {"type": "array", "maxItems": 200, "items": {"type": ["string", "number", "boolean"]}},
                    "maxLength": {"type": "integer"},
                    "maxItems": {"type": "integer"},
                    "minItems": {"type": "integer"},
                    "required": {"type": "array", "items": {"type": "string"}},
                    "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/field"}},
                    "items": {"$ref": "#/$defs/field"},
                    "x-widget": {"type": "string"},
                    "x-group": {"type": "string"},
                    "x-order": {"type": "integer"},
                    "x-labels": {"type": "object", "additionalProperties": {"type": "string"}},
                    "x-unit": {"type": "string"},
                    "x-prefill": {"type": "string"},
                    "x-when": {"type": "object"},
                    "x-required": {"type": "boolean"},
                    "x-autocomplete": {"type": "string"},
                    "x-pattern-message": {"type": "string"},
                    "x-placeholder": {"type": "string"},
                },
            }
        },
    }
)
_FLAT: Final = frozenset(["text", "number", "date", "select", "id_number", "uscc", "phone", "money"])


def form(it: Definition) -> Iterator[Fault]:
    """The form is a valid, closed, bounded schema of fields that can be shown."""
    schema = it.form
    wrong = next(_SHAPE.iter_errors(dict(schema)), None)
    if wrong is not None:
        path = ".".join(("form", *map(str, wrong.instance_path)))
        yield Fault("form.shape", path, "表单的这一处写法不对，请重新填写")
        return
    if schema.get("type") != "object" or not isinstance(schema.get("properties"), Mapping):
        yield Fault("form.object", "form", "表单要是 type: object，并写明 properties")
        return
    if schema.get("additionalProperties") is not False:
        yield Fault("form.closed", "form", "表单要写 additionalProperties: false，没有列出的内容不得要求填写")
    try:
        jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, formats=FORMATS)
    except jsonschema_rs.ValidationError as error:
        yield Fault("form.schema", "form", f"不是合法的 JSON Schema（2020-12）：{error.message}")
        return
    properties: Mapping[str, Any] = schema["properties"]
    if not properties or len(properties) > _FIELDS_MAX:
        yield Fault("form.count", "form.properties", f"表单要有 1 至 {_FIELDS_MAX} 项")
    for name in schema.get("required", ()):
        if name not in properties:
            yield Fault("form.required", "form.required", f"必填项“{name}”不在表单里")
        elif "x-when" in properties[name]:
            yield Fault(
                "form.required_when", f"form.properties.{name}", "有条件才填的项，用 x-required，不列入 required"
            )
    groups = {group.get("key") for group in schema.get("x-groups", ())}
    for name, field in properties.items():
        yield from _field(name, field, groups)


def _field(name: str, field: Mapping[str, Any], groups: set[Any]) -> Iterator[Fault]:
    path = f"form.properties.{name}"
    if not _NAME.match(name):
        yield Fault("form.name", path, "表单项的名字用小写字母、数字和下划线，以字母开头")
    if groups and field.get("x-group") not in groups:
        yield Fault("form.group", path, "表单项要写明所在的分组 x-group，并在 x-groups 里列出")
    prefill = field.get("x-prefill")
    if prefill is not None and not _PREFILL.match(str(prefill)):
        yield Fault("form.prefill", path, f"不认识的预填来源“{prefill}”")
    if "x-when" in field:
        try:
            checked(field["x-when"])
        except ConditionError as error:
            yield Fault("form.when", path, f"条件写得不对：{error}")
    yield from _part(path, field)
    if widget_of(field) == "table":
        yield from _table(path, field)
    elif widget_of(field) == "address":
        if set(field.get("properties", ())) != {"division", "detail"}:
            yield Fault("form.address", path, "地址项的 properties 是 division 和 detail")
        for part in field.get("properties", {}).values():
            yield from _part(path, part)


def _part(path: str, field: Mapping[str, Any]) -> Iterator[Fault]:
    if not field.get("title"):
        yield Fault("form.title", path, "表单项要有 title")
    unknown = set(field) - _WORDS
    if unknown:
        yield Fault("form.word", path, f"不支持的写法：{'、'.join(sorted(unknown))}")
    if widget_of(field) not in WIDGETS:
        yield Fault("form.widget", path, f"不认识的控件“{widget_of(field)}”")
    bounded = "enum" in field or field.get("maxLength", LENGTH_MAX + 1) <= LENGTH_MAX
    if field.get("type") == "string" and not bounded:
        yield Fault("form.bound", path, f"文字项要写 maxLength，不超过 {LENGTH_MAX}")
    labels = field.get("x-labels", {})
    if "enum" in field and any(str(option) not in labels for option in field["enum"]):
        yield Fault("form.labels", path, "每个选项都要在 x-labels 里有文字")
    if "format" in field and field["format"] not in FORMATS:
        yield Fault("form.format", path, f"不认识的格式“{field['format']}”")


def _table(path: str, field: Mapping[str, Any]) -> Iterator[Fault]:
    items = field.get("items", {})
    if field.get("type") != "array" or not isinstance(items.get("properties"), Mapping):
        yield Fault("form.table", path, "表格项要是 type: array，items 写明各列")
        return
    if not 0 < field.get("maxItems", 0) <= ROWS_MAX:
        yield Fault("form.table_rows", path, f"表格项要写 maxItems，不超过 {ROWS_MAX}")
    if items.get("additionalProperties") is not False:
        yield Fault("form.closed", path, "表格的 items 要写 additionalProperties: false")
    if not items["properties"]:
        yield Fault("form.table_columns", path, "表格至少要有一列")
    for name, column in items["properties"].items():
        yield from _part(f"{path}.items.properties.{name}", column)
        if widget_of(column) not in _FLAT:
            yield Fault("form.table_column", path, f"表格的列不能用“{widget_of(column)}”控件")
