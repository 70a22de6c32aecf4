"""Two versions of a definition side by side, in the words of the editors' desk. Pure.

Rows follow the order of the sections; within a text, what was taken out and what was put in is marked character by
character, so that a reviewer sees “十”→“七” and not two paragraphs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from tongban.catalogue.base_elements import LOCKED
from tongban.catalogue.condition_words import when_words
from tongban.catalogue.definition import Definition, Limit
from tongban.catalogue.difference import Difference, differences
from tongban.catalogue.editing.entries import Entry, Rows
from tongban.catalogue.editing.sections import BASE_SECTIONS, SECTIONS, section_of
from tongban.catalogue.words import limit_words
from tongban.kernel.money import yuan

#: Texts longer than this are shown whole, without marks.
_MARKED_MAX: Final = 2_000
_FORM_WORDS: Final = {
    "title": "名称", "description": "说明", "maxLength": "最长字数", "minLength": "最短字数", "minimum": "最小值",
    "maximum": "最大值", "enum": "选项", "x-labels": "选项文字", "x-when": "显示条件", "x-required": "显示时必填",
    "x-prefill": "自动带出", "x-group": "所在分组", "x-widget": "填写方式", "format": "格式", "type": "类型",
    "required": "必填项", "x-groups": "分组", "x-order": "顺序", "x-unit": "单位",
}  # fmt: skip
_CONDITION: Final = frozenset({"all", "any", "not", "answer", "field", "in", "given"})
_INNER_WORDS: Final = {"stop": "到此为止", "help": "说明", "next": "接着问", "end": "问完"}
Op = Literal["add", "remove", "change", "order"]
OP_WORDS: Final[Mapping[str, str]] = {"add": "新增", "remove": "删去", "change": "修改", "order": "调整顺序"}


@dataclass(frozen=True)
class Segment:
    """A run of characters: kept, taken out, or put in."""

    kind: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True)
class Compared:
    """One difference: where (in words and as a dotted path), how, and the two sides in lines of segments."""

    section: str
    path: str
    label: str
    op: Op
    before: tuple[Segment, ...]
    after: tuple[Segment, ...]

    @property
    def op_words(self) -> str:
        """新增, 删去, 修改, 调整顺序."""
        return OP_WORDS[self.op]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Compared, ...]:
    """Everything that differs, in the order of the sections."""
    sides = _whole(old), _whole(new)
    found = [_row(one, old, new, *sides) for one in _joined(old, new)]
    order = {section.title: number for number, section in enumerate(_ALL)}
    return tuple(sorted(found, key=lambda row: order.get(row.section, len(order))))


def _joined(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """The differences; amount and unit of a limit are one."""
    seen: set[tuple[str, ...]] = set()
    for one in differences(old, new):
        if one.path[-1] not in ("amount", "unit") or len(one.path) < 2 or one.path[0] == "form":
            yield one
        elif one.path[:-1] not in seen:
            above = one.path[:-1]
            seen.add(above)
            yield Difference(above, "change", before=_at(old, above), after=_at(new, above))


def _row(
    one: Difference, old: Mapping[str, Any], new: Mapping[str, Any], left: Definition | None, right: Definition | None
) -> Compared:
    label, entry = _label(one.path, old, new)
    if one.op == "order":
        before, after = (_order(keys, old, new, one.path) for keys in (one.before, one.after))
    else:
        before = "" if one.op == "add" else _said(one.before, entry, left)
        after = "" if one.op == "remove" else _said(one.after, entry, right)
    sides = _marked(before, after) if one.op == "change" else (_plain("out", before), _plain("in", after))
    return Compared(_section(one.path), one.dotted, label, one.op, *sides)


def _section(path: tuple[str, ...]) -> str:
    key = section_of(path[0])
    return next((section.title for section in SECTIONS if section.key == key), path[0])


def _label(path: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, Entry | Rows | None]:
    """Where a path leads, in words, and what is asked there."""
    if path[0] == "form":
        return _form_label(path, old, new), None
    entry, words = _ENTRIES.get(path[0]), []
    here: tuple[str, ...] = ()
    found: Entry | Rows | None = entry
    for step in path:
        here = (*here, step)
        if step.startswith("["):
            words.append(_member(here, found, old, new))
            continue
        pattern = ".".join("*" if part.startswith("[") else part for part in here)
        found = _ENTRIES.get(pattern)
        if found is not None and not (isinstance(found, Rows) and len(here) < len(path)):
            words.append(found.title)
    return " · ".join(words) or _LOCKED_WORDS.get(path[0], ".".join(path)), found


def _member(path: tuple[str, ...], rows: Entry | Rows | None, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    member = _at(new, path) or _at(old, path)
    noun, heading = (rows.noun, rows.heading) if isinstance(rows, Rows) else ("", "name")
    name = member.get(heading) if isinstance(member, Mapping) else None
    return f"{noun}“{name or path[-1].strip('[]').partition('=')[2]}”"


def _form_label(path: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    words = ["表单"]
    for number in range(1, len(path)):
        step = path[number]
        if step == "properties":
            continue
        if path[number - 1] == "properties":
            field = _at(new, path[: number + 1]) or _at(old, path[: number + 1])
            words.append(f"“{field.get('title', step)}”" if isinstance(field, Mapping) else step)
        else:
            words.append(_FORM_WORDS.get(step, step.strip("[]")))
    return " · ".join(words)


def _said(value: Any, entry: Entry | Rows | None, it: Definition | None) -> str:
    """A value in words."""
    if value is None or value in ("", [], {}):
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _said_mapping(value, entry, it)
    if isinstance(value, list):
        return "\n".join(_said(one, entry, it) for one in value)
    if isinstance(entry, Entry) and entry.kind == "money" and isinstance(value, int):
        return yuan(value)
    choices = dict(entry.choices) if isinstance(entry, Entry) else {}
    return str(choices.get(str(value), value))


def _said_mapping(value: Mapping[str, Any], entry: Entry | Rows | None, it: Definition | None) -> str:
    if set(value) == {"amount", "unit"}:
        try:
            return limit_words(Limit.model_validate(value))
        except ValueError:
            return f"{value['amount']} {value['unit']}"
    if set(value) <= _CONDITION:
        return when_words(it, value) if it is not None else json.dumps(value, ensure_ascii=False)
    if set(value) == {"question", "codes"}:  # digits of the number that an answer decides
        return "，".join(f"{answer}：{code}" for answer, code in value["codes"].items())
    if set(value) == {"kind", "message"}:  # an end of the questions
        return str(value["message"])
    if isinstance(entry, Rows):
        parts = {part.path: part for part in entry.entries if part.path}
        rest = {name: part for name, part in value.items() if name not in parts and part not in (None, "", [], False)}
        lines = [f"{part.title}：{_said(_at(value, tuple(path.split('.'))), part, it)}" for path, part in parts.items()
                 if _at(value, tuple(path.split("."))) not in (None, "", [], False)]  # fmt: skip
        inner = entry.inner
        for name, more in rest.items():
            title = inner.title if inner and inner.path == name else _INNER_WORDS.get(name, name)
            lines.append(f"{title}：{_said(more, inner, it)}")
        return "\n".join(lines)
    if "title" in value and "type" in value:  # a field of the form
        lines = [
            f"{_FORM_WORDS.get(name, name)}：{_said(part, None, it)}"
            for name, part in value.items()
            if name != "x-order"
        ]
        return "\n".join(lines)
    return json.dumps(value, ensure_ascii=False, indent=1)


def _whole(content: Mapping[str, Any]) -> Definition | None:
    """The content as a definition, for the words of its conditions; None while it is not one."""
    try:
        return Definition.model_validate(content)
    except ValueError:
        return None


def _order(keys: Any, old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...]) -> str:
    rows = _ENTRIES.get(".".join("*" if part.startswith("[") else part for part in path))
    return "\n".join(_member((*path, key), rows, old, new) for key in keys)


def _marked(before: str, after: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    if len(before) + len(after) > _MARKED_MAX:
        return _plain("out", before), _plain("in", after)
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            left.append(Segment("same", before[a:b]))
            right.append(Segment("same", after[c:d]))
            continue
        left.extend(_plain("out", before[a:b]))
        right.extend(_plain("in", after[c:d]))
    return tuple(left), tuple(right)


def _plain(kind: Literal["out", "in"], text: str) -> tuple[Segment, ...]:
    return (Segment(kind, text),) if text else ()


def _at(content: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path of differences; None where nothing does."""
    here = content
    for step in path:
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list):
            name, _, key = step.strip("[]").partition("=")
            here = next((one for one in here if isinstance(one, Mapping) and one.get(name) == key), None)
        else:
            return None
    return here


def _index(parts: tuple[Entry | Rows, ...], prefix: str = "") -> Iterator[tuple[str, Entry | Rows]]:
    for part in parts:
        if not part.path:
            continue
        yield prefix + part.path, part
        if isinstance(part, Rows):
            yield from _index(part.entries, f"{prefix}{part.path}.*.")
            if part.inner is not None:
                yield from _index((part.inner,), f"{prefix}{part.path}.*.")


_ALL: Final = (*SECTIONS, *BASE_SECTIONS)
_ENTRIES: Final[Mapping[str, Entry | Rows]] = {
    path: part for section in reversed(_ALL) for path, part in _index(section.parts)
}
_LOCKED_WORDS: Final = {
    **LOCKED,
    "task_code": "实施编码",
    "runs_in": "部省系统",
    "extras": "其他信息",
    "into": "新的目录事项",
    "result": "办理结果",
    "remedies": "救济",
    "contest": "复议、诉讼的联系方式",
}
