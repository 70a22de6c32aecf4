"""Conditions as the desk shows them: ticks beside answers where that says it all, words and JSON where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tongban.catalogue.editing.entries import Choice
from tongban.catalogue.forms.schema import label_of, widget_of

#: (heading, choices) of each question and field that a condition may ask for.
Groups = tuple[tuple[str, tuple[Choice, ...]], ...]
_NONE: Final = "（已经没有的问题或者表单项）"


def ticks(condition: Any) -> tuple[str, ...] | None:
    """The condition as ticks; None where ticks cannot say it."""
    if condition is None:
        return ()
    if not isinstance(condition, Mapping):
        return None
    parts = condition["all"] if set(condition) == {"all"} else [condition]
    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    for part in parts if isinstance(parts, (list, tuple)) else ():
        source = next((one for one in ("answer", "field") if isinstance(part, Mapping) and one in part), None)
        if source is None or set(part) != {source, "in"} or not isinstance(part["in"], (list, tuple)):
            return None
        if (source, str(part[source])) in seen:
            return None
        seen.add((source, str(part[source])))
        found += [mark(source, str(part[source]), value) for value in part["in"]]
    return tuple(found) or None


def same_ticks(one: Any, other: Any) -> bool:
    """Whether two conditions are the same ticks, in whatever order."""
    return sorted(ticks(one) or ()) == sorted(ticks(other) or ())


def mark(source: str, key: str, value: Any) -> str:
    """One tick as it stands in a form."""
    return f"{source}:{key}:{json.dumps(value, ensure_ascii=False)}"


def made(marks: Iterable[str]) -> dict[str, Any] | None:
    """The condition that ticks say: any of the answers to each question, for all the questions; None without ticks."""
    leaves: dict[tuple[str, str], list[Any]] = {}
    for one in marks:
        source, _, rest = one.partition(":")
        key, _, value = rest.partition(":")
        try:
            read = json.loads(value)
        except ValueError:
            continue
        if source in ("answer", "field") and key and isinstance(read, (str, int, bool)):
            leaves.setdefault((source, key), []).append(read)
    parts: list[dict[str, Any]] = [{source: key, "in": values} for (source, key), values in leaves.items()]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"all": parts}


def groups(content: Mapping[str, Any], chosen: Iterable[str] = ()) -> Groups:
    """What a condition may ask for: the answers to questions, and fields that are chosen or ticked."""
    found: list[tuple[str, tuple[Choice, ...]]] = []
    for question in _dicts(content.get("questions")):
        key = str(question.get("key", ""))
        options = _dicts(question.get("options"))
        choices = tuple(
            (mark("answer", key, one.get("value", "")), str(one.get("label") or one.get("value", "")))
            for one in options
        )
        found.append((str(question.get("text") or key), choices))
    form = content.get("form")
    fields = form.get("properties") if isinstance(form, Mapping) else None
    for name, field in fields.items() if isinstance(fields, Mapping) else ():
        if isinstance(field, Mapping) and (choices := _field_choices(name, field)):
            found.append((f"表单：{field.get('title', name)}", choices))
    known = {value for _heading, choices in found for value, _label in choices}
    lost = tuple((one, one) for one in chosen if one not in known)
    return (*found, (_NONE, lost)) if lost else tuple(found)


def words(content: Mapping[str, Any], condition: Any) -> str:
    """The condition as people say it; "" where it always holds."""
    if not isinstance(condition, Mapping):
        return ""
    for word, between in (("all", "，并且"), ("any", "，或者")):
        parts = condition.get(word)
        if isinstance(parts, (list, tuple)):
            return between.join(words(content, part) for part in parts)
    if "not" in condition:
        return f"不是（{words(content, condition['not'])}）"
    source = "answer" if "answer" in condition else "field"
    key = str(condition.get(source, ""))
    heading, choices = _named(content, source, key)
    if "given" in condition:
        return f"{heading}{'已填' if condition['given'] else '未填'}"
    values = condition.get("in")
    said = (
        [choices.get(mark(source, key, one), str(one)) for one in values] if isinstance(values, (list, tuple)) else []
    )
    return f"{heading}为{'、'.join(said)}"


def _named(content: Mapping[str, Any], source: str, key: str) -> tuple[str, dict[str, str]]:
    start = f"{source}:{key}:"
    for heading, choices in groups(content):
        if choices and choices[0][0].startswith(start):
            return f"“{heading.removeprefix('表单：')}”", dict(choices)
    return f"“{key}”", {}


def _field_choices(name: str, field: Mapping[str, Any]) -> tuple[Choice, ...]:
    widget = widget_of(field)
    if widget in ("yesno", "checkbox"):
        return (mark("field", name, True), "是"), (mark("field", name, False), "否")
    place = field.get("items", {}) if widget == "checks" else field
    options = place.get("enum") if isinstance(place, Mapping) else None
    if not isinstance(options, (list, tuple)):
        return ()
    return tuple((mark("field", name, one), label_of(place, one)) for one in options)


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []
