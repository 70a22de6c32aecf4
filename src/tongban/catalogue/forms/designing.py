"""Designing a form: every act of the designer, from one JSON Schema to the next; the one given is never changed. Pure.

What an act makes may still have faults (a list without options); `tongban.catalogue.checking` tells them. An act that
makes no sense at all is refused.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tongban.catalogue.forms.prefill import Known
from tongban.catalogue.forms.schema import ROWS_MAX, FormSchema, widget_of
from tongban.kernel.problems import Invalid, NotFound

Schema = dict[str, Any]

#: Most fields of a form, as `form_rules` has it.
FIELDS_MAX: Final = 80
GROUPS_MAX: Final = 20
_NAME: Final = re.compile(r"^[a-z][a-z0-9_]{0,49}$")
_ADDRESS: Final[Mapping[str, Any]] = {
    "division": {"type": "string", "title": "所在乡镇（街道）", "maxLength": 12, "format": "division"},
    "detail": {"type": "string", "title": "路、门牌号、楼层", "minLength": 3, "maxLength": 100},
}
#: Kinds of fields in the words of the desk, with the schema that each begins with.
KINDS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "text": ("单行文字", {"type": "string", "maxLength": 100}),
    "textarea": ("多行文字", {"type": "string", "maxLength": 1000, "x-widget": "textarea"}),
    "integer": ("整数", {"type": "integer", "minimum": 0}),
    "number": ("数字（可以有小数）", {"type": "number", "minimum": 0}),
    "money": ("金额（元）", {"type": "integer", "minimum": 0, "x-widget": "money"}),
    "date": ("日期", {"type": "string", "format": "date", "maxLength": 10, "x-widget": "date"}),
    "id_number": (
        "公民身份号码",
        {"type": "string", "format": "resident-id", "maxLength": 18, "x-widget": "id_number"},
    ),
    "uscc": ("统一社会信用代码", {"type": "string", "format": "uscc", "maxLength": 18, "x-widget": "uscc"}),
    "phone": ("联系电话", {"type": "string", "format": "phone", "maxLength": 20, "x-widget": "phone"}),
    "radio": ("单选", {"type": "string", "enum": [], "x-labels": {}, "x-widget": "radio"}),
    "select": ("下拉选择", {"type": "string", "enum": [], "x-labels": {}, "x-widget": "select"}),
    "checks": (
        "多选",
        {
            "type": "array",
            "uniqueItems": True,
            "x-widget": "checks",
            "items": {"type": "string", "enum": [], "x-labels": {}},
        },
    ),
    "yesno": ("是否", {"type": "boolean", "x-widget": "yesno"}),
    "checkbox": ("承诺（勾选）", {"type": "boolean", "const": True, "x-widget": "checkbox"}),
    "address": (
        "地址",
        {
            "type": "object",
            "x-widget": "address",
            "additionalProperties": False,
            "required": ["division", "detail"],
            "properties": _ADDRESS,
        },
    ),
    "table": (
        "表格",
        {
            "type": "array",
            "x-widget": "table",
            "minItems": 1,
            "maxItems": 20,
            "items": {"type": "object", "additionalProperties": False, "required": [], "properties": {}},
        },
    ),
}
#: Kinds that a column of a table may have.
COLUMN_KINDS: Final = ("text", "integer", "number", "money", "date", "id_number", "uscc", "phone", "select")

#: Where a value may be known from, in words, with a sample for trying the form.
SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "person.name": ("申请人姓名", "张示例"),
    "person.document_number": ("申请人证件号码", "430202199001011233"),
    "person.phone": ("申请人手机号", "13900000000"),
    "person.address": ("申请人住址", "株洲市天元区示例路 1 号"),
    "company.name": ("企业名称", "株洲示例有限公司"),
    "company.uscc": ("企业统一社会信用代码", "91430200MA00000008"),
    "company.legal_representative": ("法定代表人", "李示例"),
    "company.address": ("企业住所", "株洲市荷塘区示例街 2 号"),
    "company.phone": ("企业电话", "0731-28680000"),
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the designer's form says of one field; what its kind does not have is ignored."""

    title: str
    hint: str = ""
    required: bool = False
    group: str = ""
    prefill: str = ""
    unit: str = ""
    when: Mapping[str, Any] | None = None
    #: (value, label) of each option.
    options: Sequence[tuple[str, str]] = ()
    #: Longest text, or most rows of a table.
    longest: int | None = None
    least: float | None = None
    most: float | None = None


def blank() -> Schema:
    """A form without fields."""
    return {"type": "object", "additionalProperties": False, "required": [], "properties": {}}


def kind_of(field: Mapping[str, Any]) -> str:
    """The kind of a field, as `KINDS` names it."""
    widget = widget_of(field)
    if widget == "number" and field.get("type") == "integer":
        return "integer"
    return widget if widget in KINDS else "text"


def add(schema: Mapping[str, Any], *, kind: str, title: str, group: str = "", table: str = "") -> tuple[Schema, str]:
    """A new field at the end of its part (or column of the table); the schema and the field's name.

    Raises:
        Invalid: unknown kind, no title, or too many fields.
        NotFound: no such table.
    """
    made, place = _inside(schema, table)
    if kind not in (COLUMN_KINDS if table else KINDS):
        raise Invalid("请选择表单项的种类。", fields={"kind": "请选择种类"}, code="field_kind")
    if not title.strip():
        raise Invalid("请填写表单项的名称。", fields={"title": "请填写名称"}, code="field_title")
    fields: dict[str, Any] = place.setdefault("properties", {})
    if len(fields) >= FIELDS_MAX:
        raise Invalid(f"表单最多 {FIELDS_MAX} 项。", code="field_count")
    number = next(number for number in range(1, FIELDS_MAX + 2) if f"{kind}_{number}" not in fields)
    name = f"{kind}_{number}"
    groups = [] if table else [one["key"] for one in made.get("x-groups", ())]
    part = {"x-group": group if group in groups else groups[-1]} if groups else {}
    begun = copy.deepcopy(dict(KINDS[kind][1]))
    fields[name] = {"title": title.strip()[:200], **begun, **part, "x-order": _last(fields) + 1}
    return made, name


def change(schema: Mapping[str, Any], name: str, to: Change, *, table: str = "") -> Schema:
    """The field with what the designer's form says of it.

    Raises:
        NotFound: no such field or table.
    """
    made, place = _inside(schema, table)
    field = _field(place, name)
    field["title"] = to.title.strip()[:200]
    words = {"description": to.hint.strip()[:1000], "x-prefill": to.prefill.strip()[:100], "x-unit": to.unit.strip()}
    for word, value in words.items():
        _set(field, word, value or None)
    if not table:
        _set(field, "x-when", dict(to.when) if to.when else None)
        if made.get("x-groups"):
            _set(field, "x-group", to.group)
    _set_required(place, name, field, required=to.required)
    _set_bounds(field, to)
    return made


def rename(schema: Mapping[str, Any], name: str, new: str, *, table: str = "") -> Schema:
    """The field under another name, also where conditions of the form ask for it.

    Raises:
        NotFound: no such field or table.
        Invalid: the name is taken or not one.
    """
    made, place = _inside(schema, table)
    _field(place, name)
    if new == name:
        return made
    if not _NAME.match(new):
        message = "代号用小写字母、数字和下划线，以字母开头。"
        raise Invalid(message, fields={"name": message}, code="field_name")
    if new in place["properties"]:
        message = f"代号“{new}”已经用了，请换一个。"
        raise Invalid(message, fields={"name": message}, code="field_name_taken")
    place["properties"] = {new if key == name else key: field for key, field in place["properties"].items()}
    place["required"] = [new if key == name else key for key in place.get("required", ())]
    if not table:
        for field in made["properties"].values():
            if "x-when" in field:
                field["x-when"] = renamed(field["x-when"], "field", name, new)
    return made


def renamed(condition: Any, source: str, name: str, new: str) -> Any:
    """The condition with another name of a field (`source` is ``field``) or question (``answer``)."""
    if isinstance(condition, Mapping):
        return {
            key: new if key == source and value == name else renamed(value, source, name, new)
            for key, value in condition.items()
        }
    if isinstance(condition, (list, tuple)):
        return [renamed(part, source, name, new) if isinstance(part, Mapping) else part for part in condition]
    return condition


def move(schema: Mapping[str, Any], name: str, *, up: bool, table: str = "") -> Schema:
    """The field one place up or down within its part; at the end of it nothing changes.

    Raises:
        NotFound: no such field or table.
    """
    made, place = _inside(schema, table)
    part = _field(place, name).get("x-group", "")
    order = [key for key, _one in FormSchema(place).ordered()]
    beside = [key for key in order if place["properties"][key].get("x-group", "") == part]
    at = beside.index(name) + (-1 if up else 1)
    if 0 <= at < len(beside):
        one, other = order.index(name), order.index(beside[at])
        order[one], order[other] = order[other], order[one]
    place["properties"] = {key: place["properties"][key] | {"x-order": n} for n, key in enumerate(order, 1)}
    return made


def remove(schema: Mapping[str, Any], name: str, *, table: str = "") -> Schema:
    """The form without the field; conditions that ask for it become faults that say so.

    Raises:
        NotFound: no such field or table.
    """
    made, place = _inside(schema, table)
    _field(place, name)
    del place["properties"][name]
    place["required"] = [key for key in place.get("required", ()) if key != name]
    return made


def add_group(schema: Mapping[str, Any], title: str) -> Schema:
    """A new part of the form; with the first one all fields go into it.

    Raises:
        Invalid: no title, or too many parts.
    """
    made = copy.deepcopy(dict(schema))
    groups: list[dict[str, Any]] = made.setdefault("x-groups", [])
    if not title.strip():
        raise Invalid("请填写分组的名称。", fields={"title": "请填写名称"}, code="group_title")
    if len(groups) >= GROUPS_MAX:
        raise Invalid(f"最多 {GROUPS_MAX} 个分组。", code="group_count")
    taken = {one["key"] for one in groups}
    key = next(f"part_{number}" for number in range(1, GROUPS_MAX + 2) if f"part_{number}" not in taken)
    groups.append({"key": key, "title": title.strip()[:200]})
    if len(groups) == 1:
        for field in made.get("properties", {}).values():
            field["x-group"] = key
    return made


def change_group(schema: Mapping[str, Any], key: str, title: str, hint: str = "") -> Schema:
    """The part with another title and hint.

    Raises:
        NotFound: no such part.
    """
    made = copy.deepcopy(dict(schema))
    group = _group(made, key)
    group["title"] = title.strip()[:200]
    _set(group, "hint", hint.strip()[:400] or None)
    return made


def move_group(schema: Mapping[str, Any], key: str, *, up: bool) -> Schema:
    """The part one place up or down.

    Raises:
        NotFound: no such part.
    """
    made = copy.deepcopy(dict(schema))
    groups = made.get("x-groups", [])
    at = groups.index(_group(made, key))
    to = at + (-1 if up else 1)
    if 0 <= to < len(groups):
        groups[at], groups[to] = groups[to], groups[at]
    return made


def remove_group(schema: Mapping[str, Any], key: str) -> Schema:
    """The form without the part; its fields go to the part before it, or, of the first, to the next.

    Raises:
        NotFound: no such part.
    """
    made = copy.deepcopy(dict(schema))
    groups = made.get("x-groups", [])
    at = groups.index(_group(made, key))
    del groups[at]
    for field in made.get("properties", {}).values():
        if field.get("x-group") == key or not groups:
            _set(field, "x-group", groups[max(at - 1, 0)]["key"] if groups else None)
    if not groups:
        del made["x-groups"]
    return made


def samples() -> dict[str, Known]:
    """What would be known of a made-up applicant, for trying the form."""
    return {key: Known(value, "示例数据", "A") for key, (_words, value) in SOURCES.items()}


def _inside(schema: Mapping[str, Any], table: str) -> tuple[Schema, Schema]:
    """A copy, and the object in it whose properties are meant: the form's, or those of a table's rows."""
    made = copy.deepcopy(dict(schema))
    if not table:
        return made, made
    field = made.get("properties", {}).get(table)
    if not isinstance(field, dict) or widget_of(field) != "table" or not isinstance(field.get("items"), dict):
        raise NotFound("这个表格")
    return made, field["items"]


def _field(place: Schema, name: str) -> dict[str, Any]:
    field = place.get("properties", {}).get(name)
    if not isinstance(field, dict):
        raise NotFound("这个表单项")
    return field


def _group(schema: Schema, key: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((one for one in schema.get("x-groups", ()) if one.get("key") == key), None)
    if found is None:
        raise NotFound("这个分组")
    return found


def _last(fields: Mapping[str, Any]) -> int:
    return max((int(one.get("x-order", 0)) for one in fields.values()), default=0)


def _set(holder: dict[str, Any], word: str, value: Any) -> None:
    if value is None:
        holder.pop(word, None)
    else:
        holder[word] = value


def _set_required(place: Schema, name: str, field: dict[str, Any], *, required: bool) -> None:
    # A field that does not always count has a word of its own: `required` of the standard knows no condition.
    conditional = "x-when" in field
    listed = [key for key in place.get("required", ()) if key != name]
    place["required"] = [*listed, name] if required and not conditional else listed
    _set(field, "x-required", True if required and conditional else None)


def _set_bounds(field: dict[str, Any], to: Change) -> None:
    kind = kind_of(field)
    if kind in ("radio", "select", "checks"):
        place = field["items"] if kind == "checks" else field
        place["enum"] = [value for value, _label in to.options]
        place["x-labels"] = dict(to.options)
    elif kind == "table" and to.longest is not None:
        field["maxItems"] = max(1, min(to.longest, ROWS_MAX))
        field["minItems"] = min(int(field.get("minItems", 0)), field["maxItems"])
    elif kind in ("text", "textarea") and to.longest is not None:
        field["maxLength"] = max(1, to.longest)
    elif kind in ("integer", "number", "money"):
        whole = kind != "number"
        for word, value in (("minimum", to.least), ("maximum", to.most)):
            _set(field, word, None if value is None else int(value) if whole else value)
