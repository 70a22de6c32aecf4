"""What is wrong with a draft, in sentences for the person who writes it. Pure.

A draft is plain JSON of the shape of a `Definition` and may be incomplete or faulty. Fields that cannot be read are
told one by one; the rules across fields are applied to what can be read, so that one empty field hides nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tongban.catalogue import limits
from tongban.catalogue.base_elements import BaseElements
from tongban.catalogue.definition import Definition
from tongban.catalogue.faults import Fault
from tongban.catalogue.rules import RULES

#: More faults than this are not told at once.
FAULTS_MAX: Final = 200

_SENTENCES: Final = {
    "missing": "请填写",
    "extra_forbidden": "不认识这一项，请删去",
    "string_type": "应当是文字",
    "string_too_short": "请填写",
    "string_too_long": "太长，最多 {max_length} 个字",
    "int_type": "请填写整数",
    "int_parsing": "请填写整数",
    "int_from_float": "请填写整数",
    "bool_type": "请选择是或者否",
    "bool_parsing": "请选择是或者否",
    "literal_error": "请从给出的选项里选择",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "条件写得不完整，请重新选择",
}
#: What a text of a fixed form looks like, by the name of its field.
_PATTERNS: Final = {
    "catalog_code": "基本编码是 12 位：9 位数字，后面是 3 位数字或者 00Y",
    "licence_type": "证照类型代码是 21 位大写字母和数字",
    "unit": "承办单位请填 18 位统一社会信用代码",
    "window_organisations": "代收单位请填 18 位统一社会信用代码",
    "number": "序号是两位数字",
    "topics": "主题请从列表里选择",
    "url": "网址以 http:// 或者 https:// 开头",
    "codes": "编号里的代码是 1 至 4 位大写字母和数字",
}
_KEY_SENTENCE: Final = "代号用小写字母、数字和下划线，以字母开头，最多 50 个字符"

#: A value that stands for a required field that cannot be read; no rule gets to see it.
_STAND_IN: Final[Mapping[str, Any]] = {
    "name": "未填写",
    "catalog_code": "000000000000",
    "kind": "20",
    "project_type": "promised",
    "service_targets": ["person"],
    "legal_basis": [{"title": "未填写", "kind": "law"}],
    "conditions": ["未填写"],
    "form": {},
    "steps": [{"key": "a", "name": "未填写", "kind": "approval", "role": "leader"}],
    "statutory": {"amount": 1, "unit": "working_days"},
    "statutory_basis": "未填写",
    "promised": {"amount": 1, "unit": "working_days"},
    "result": {"kind": "none"},
    "handle_forms": ["web"],
    "windows": ["未填写"],
    "consult_phone": "未填写",
    "complaint_phone": "未填写",
    "remedies": {"review_body": "未填写", "court": "未填写"},
    "delivery": ["electronic"],
    "flow": "未填写",
    "topics": ["p:999"],
}


class _UnreadableError(Exception):
    """A rule looks at a field that cannot be read."""


class _Readable:
    """A definition of which some fields cannot be read."""

    def __init__(self, definition: Definition, unreadable: Collection[str]) -> None:
        self._definition = definition
        self._unreadable = unreadable

    def __getattr__(self, name: str) -> Any:
        if name in self._unreadable:
            raise _UnreadableError(name)
        return getattr(self._definition, name)


def check(content: Mapping[str, Any], units: Collection[str] | None = None) -> tuple[Fault, ...]:
    """Everything wrong with the draft, fields first and then the rules across them, at most `FAULTS_MAX`.

    `units`: credit codes of the organisations in being; without them it is not checked that the steps' units exist.
    """
    definition, found, unreadable = _read(content)
    if definition is not None:
        readable = cast("Definition", _Readable(definition, unreadable))
        for rule in RULES:
            try:
                # One by one: what a rule told before it came to an unreadable field stands.
                found.extend(rule(readable))
            except _UnreadableError:
                continue
        if units is not None and "steps" not in unreadable:
            found.extend(limits.units(definition, units))
    return tuple(dict.fromkeys(found))[:FAULTS_MAX]


def check_elements(content: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything wrong with the base elements of an entry of the directory."""
    try:
        BaseElements.model_validate(content)
    except ValidationError as error:
        return tuple(_told(one) for one in error.errors(include_url=False, include_input=False))[:FAULTS_MAX]
    return ()


def check_entries(entries: Any) -> tuple[Fault, ...]:
    """Everything wrong with the entries into which others are split or merged (`into` of the draft)."""
    if not isinstance(entries, list):
        return (Fault("field.missing", "into", "请写明新事项"),)
    found = [
        Fault(fault.code, f"into.{number}.{fault.path}", fault.message)
        for number, one in enumerate(entries)
        for fault in check_elements(one if isinstance(one, Mapping) else {})
    ]
    return tuple(found)[:FAULTS_MAX]


def parsed(content: Mapping[str, Any]) -> Definition | None:
    """The draft as a definition, None where it cannot be read; it may have faults all the same."""
    try:
        return Definition.model_validate(content)
    except ValidationError:
        return None


def partly(content: Mapping[str, Any]) -> Definition:
    """The draft as a definition for a preview: a field that cannot be read is as if it were not there."""
    definition, _found, _unreadable = _read(content)
    return definition or Definition.model_validate(dict(_STAND_IN))


def _read(content: Mapping[str, Any]) -> tuple[Definition | None, list[Fault], set[str]]:
    try:
        return Definition.model_validate(content), [], set()
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    found = [_told(one) for one in details]
    unreadable = {str(one["loc"][0]) for one in details if one["loc"]}
    kept = {name: value for name, value in content.items() if name not in unreadable}
    stand_in = {name: value for name, value in _STAND_IN.items() if name in unreadable}
    try:
        return Definition.model_validate(kept | stand_in), found, unreadable
    except ValidationError:
        return None, found, unreadable


def _told(one: ErrorDetails) -> Fault:
    return Fault(f"field.{one['type']}", ".".join(map(str, one["loc"])), _sentence(one))


def _sentence(one: ErrorDetails) -> str:
    kind, context = one["type"], one.get("ctx", {})
    if kind == "string_pattern_mismatch":
        named = [str(part) for part in one["loc"] if not isinstance(part, int)]
        return next((_PATTERNS[name] for name in reversed(named) if name in _PATTERNS), _KEY_SENTENCE)
    return _SENTENCES.get(kind, "这一项的写法不对，请重新填写").format(**context)
