"""Checking data against a form's schema: every error at once, each at its field, in Chinese."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs
from django.utils.translation import gettext, gettext_noop

from tongban.catalogue.forms.formats import FORMATS, format_message
from tongban.catalogue.forms.schema import FormSchema, active_fields, label_of, widget_of

#: More errors than this help nobody and cost time.
ERRORS_MAX: Final = 200
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


def validate(
    schema: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    answers: Mapping[str, object] | None = None,
    partial: bool = False,
) -> dict[str, str]:
    """Messages by field path (``name``, ``address.detail``, ``staff.0.name``), in the order of the form.

    Fields whose ``x-when`` does not hold count for nothing. With `partial` (a draft) nothing is missed.
    """
    active = active_fields(schema, answers or {}, data)
    counted = {
        name: value for name, value in data.items() if name in active or name not in FormSchema(schema).properties
    }
    found: dict[str, str] = {}
    for number, error in enumerate(_validator(_key(schema), _Holder(schema)).iter_errors(counted)):
        if number >= ERRORS_MAX:
            break
        path, message = _told(schema, error, active, partial=partial)
        if path and message:
            found.setdefault(path, message)
    if not partial:
        for name in _missing(schema, counted, active):
            found.setdefault(name, _missing_message(FormSchema(schema).properties[name]))
    return _in_order(schema, found)


class _Holder:
    """Carries the schema past the cache: equal for every schema, the key tells them apart."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)

    def __hash__(self) -> int:
        return 0


def _key(schema: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(schema, sort_keys=True, default=dict).encode()).hexdigest()


@lru_cache(maxsize=512)
def _validator(_key: str, holder: _Holder) -> jsonschema_rs.Draft202012Validator:
    plain = json.loads(json.dumps(holder.schema, default=dict))
    return jsonschema_rs.Draft202012Validator(plain, validate_formats=True, formats=FORMATS)


def _missing(schema: Mapping[str, Any], data: Mapping[str, Any], active: frozenset[str]) -> list[str]:
    return [
        name
        for name, field in FormSchema(schema).properties.items()
        if name in active and field.get("x-required") and data.get(name) in _EMPTY
    ]


def _told(schema: Mapping[str, Any], error: Any, active: frozenset[str], *, partial: bool) -> tuple[str, str]:
    """Path and message of one error of the validator; empty path: of no consequence here."""
    path = [str(part) for part in error.instance_path]
    words: dict[str, Any] = error.kind.as_dict()
    if error.kind.name == "required":
        if partial:
            return "", ""
        path = [*path, str(words["property"])]
        if path[0] not in active:
            return "", ""
        return ".".join(path), _missing_message(_field_at(schema, path))
    if error.kind.name in ("additionalProperties", "unevaluatedProperties"):
        unexpected = words.get("unexpected") or ["?"]
        return ".".join([*path, str(unexpected[0])]), gettext("表单里没有这一项，请删去")
    if partial and error.kind.name in ("minItems", "minLength", "minProperties"):
        return "", ""
    if not path:
        return "form", gettext("表单内容不完整，请重新填写")
    return ".".join(path), _message(error.kind.name, words, _field_at(schema, path), error.instance)


def _field_at(schema: Mapping[str, Any], path: list[str]) -> Mapping[str, Any]:
    """The schema of the value at the path; an empty one where it leads nowhere."""
    here: Mapping[str, Any] = schema
    for part in path:
        inside = here.get("items", {}) if part.isdigit() else here.get("properties", {}).get(part, {})
        here = inside if isinstance(inside, Mapping) else {}
    return here


def _missing_message(field: Mapping[str, Any]) -> str:
    chosen = widget_of(field) in ("select", "radio", "checks", "yesno", "date")
    if widget_of(field) == "checkbox":
        return gettext("请勾选“%(title)s”") % {"title": _title(field)}
    told = gettext("请选择%(title)s") if chosen else gettext("请填写%(title)s")
    return told % {"title": _title(field)}


def _title(field: Mapping[str, Any]) -> str:
    return str(field.get("title") or gettext("这一项"))


def _message(kind: str, words: Mapping[str, Any], field: Mapping[str, Any], instance: object) -> str:
    writer = _WRITERS.get(kind)
    text = writer(_title(field), words, field, instance) if writer else ""
    return text or gettext("%(title)s不符合要求，请检查") % {"title": _title(field)}


def _type(title: str, words: Mapping[str, Any], field: Mapping[str, Any], _: object) -> str:
    if widget_of(field) == "money":
        return gettext("%(title)s请填写金额，例如 15.00，最多两位小数") % {"title": title}
    kinds = {
        "integer": gettext("%(title)s请填写整数") % {"title": title},
        "number": gettext("%(title)s请填写数字") % {"title": title},
        "boolean": gettext("请选择%(title)s") % {"title": title},
        "array": gettext("%(title)s请逐行填写") % {"title": title},
        "object": gettext("%(title)s填写不完整") % {"title": title},
        "string": gettext("%(title)s请填写文字") % {"title": title},
    }
    return kinds.get(str(words["types"][0]), "")


def _pattern(title: str, _: Mapping[str, Any], field: Mapping[str, Any], __: object) -> str:
    return str(field.get("x-pattern-message") or gettext("%(title)s的格式不对，请检查") % {"title": title})


def _bound(told: str) -> Callable[[str, Mapping[str, Any], Mapping[str, Any], object], str]:
    def write(title: str, words: Mapping[str, Any], field: Mapping[str, Any], _: object) -> str:
        limit = words["limit"]
        if widget_of(field) == "money":
            said = gettext("%(n)s 元") % {"n": f"{limit / 100:.2f}"}
        else:
            said = f"{limit:g}{' ' + field['x-unit'] if 'x-unit' in field else ''}"
        return gettext(told) % {"title": title, "limit": said}

    return write


def _enum(title: str, _: Mapping[str, Any], field: Mapping[str, Any], __: object) -> str:
    options = field.get("enum") or ()
    labels = "、".join(label_of(field, option) for option in options[:6])
    return gettext("请在给出的选项中选择%(title)s") % {"title": title} + (
        f"：{labels}" if labels and len(options) <= 6 else ""
    )


_WRITERS: Final[dict[str, Callable[[str, Mapping[str, Any], Mapping[str, Any], object], str]]] = {
    "type": _type,
    "pattern": _pattern,
    "enum": _enum,
    "minLength": lambda title, words, _, value: (
        gettext("%(title)s至少 %(limit)s 个字，现在 %(value)s 个字")
        % {"title": title, "limit": words["limit"], "value": len(str(value))}
    ),
    "maxLength": lambda title, words, _, value: (
        gettext("%(title)s最多 %(limit)s 个字，现在 %(value)s 个字")
        % {"title": title, "limit": words["limit"], "value": len(str(value))}
    ),
    "minimum": _bound(gettext_noop("%(title)s不能小于 %(limit)s")),
    "maximum": _bound(gettext_noop("%(title)s不能大于 %(limit)s")),
    "exclusiveMinimum": _bound(gettext_noop("%(title)s要大于 %(limit)s")),
    "exclusiveMaximum": _bound(gettext_noop("%(title)s要小于 %(limit)s")),
    "multipleOf": lambda title, words, _, __: (
        gettext("%(title)s要是 %(multiple_of)s 的倍数") % {"title": title, "multiple_of": f"{words['multiple_of']:g}"}
    ),
    "minItems": lambda title, words, _, __: (
        gettext("%(title)s至少要有 %(limit)s 项") % {"title": title, "limit": words["limit"]}
    ),
    "maxItems": lambda title, words, _, __: (
        gettext("%(title)s最多 %(limit)s 项") % {"title": title, "limit": words["limit"]}
    ),
    "uniqueItems": lambda title, _, __, ___: gettext("%(title)s里有重复的内容，请删去") % {"title": title},
    "const": lambda title, _, __, ___: gettext("请先确认：%(title)s") % {"title": title},
    "format": lambda title, words, _, value: format_message(str(words["format"]), title, value),
}


def _in_order(schema: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, str]:
    places = {name: index for index, (name, _) in enumerate(FormSchema(schema).ordered())}

    def place(path: str) -> tuple[int, list[tuple[int, str]]]:
        head, *rest = path.split(".")
        return places.get(head, len(places)), [(int(part) if part.isdigit() else 0, part) for part in rest]

    return {path: found[path] for path in sorted(found, key=place)}
