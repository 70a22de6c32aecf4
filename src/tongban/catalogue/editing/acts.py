"""Adding, moving and removing the rows of a list."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tongban.catalogue.editing.entries import Rows, Section, put, value_at
from tongban.kernel.problems import Invalid, NotFound

_WORDS: Final = ("add", "remove", "up", "down")


@dataclass(frozen=True)
class Act:
    """What a button does: `word` of add, remove, up, down; `path` of the list, or of the row."""

    word: str
    path: str


def parse_act(text: str) -> Act | None:
    """A button's value (``add:materials``, ``up:materials.2``); None for the button that only saves.

    Raises:
        Invalid: something else.
    """
    if text in ("", "save"):
        return None
    word, _, path = text.partition(":")
    if word not in _WORDS or not path or len(path) > 200:
        raise Invalid("不认识这个按钮，请刷新页面后重试。", code="act_unknown")
    return Act(word, path)


def act(section: Section, content: Mapping[str, Any], one: Act) -> tuple[dict[str, Any], str]:
    """The content after the act, and the path of the row to look at then.

    Raises:
        NotFound: the section has no such list or row.
        Invalid: `rows_most`, there is no room for more.
    """
    made = copy.deepcopy(dict(content))
    if one.word == "add":
        return made, _add(_rows_of(section, one.path), made, one.path)
    path, _, number = one.path.rpartition(".")
    rows = _rows_of(section, path)
    members = value_at(made, path)
    if not isinstance(members, list) or not number.isdecimal() or int(number) >= len(members):
        raise NotFound(f"这个{rows.noun}")
    at = int(number)
    if one.word == "remove":
        del members[at]
        return made, f"{path}.{min(at, len(members) - 1)}" if members else path
    to = at + (-1 if one.word == "up" else 1)
    if 0 <= to < len(members):
        members[at], members[to] = members[to], members[at]
        at = to
    return made, f"{path}.{at}"


def _add(rows: Rows, made: dict[str, Any], path: str) -> str:
    members = value_at(made, path)
    if not isinstance(members, list):
        members = []
        put(made, path, members)
    if len(members) >= rows.most:
        raise Invalid(f"最多 {rows.most} 个{rows.noun}。", code="rows_most")
    new = copy.deepcopy(dict(rows.blank))
    if rows.key:
        taken = {one.get(rows.key) for one in members if isinstance(one, Mapping)}
        new[rows.key] = next(name for name in _names(rows.prefix) if name not in taken)
    if path == "steps":
        return f"steps.{_place_step(members, new)}"
    members.append(new)
    return f"{path}.{len(members) - 1}"


def _names(prefix: str) -> Iterator[str]:
    number = 1
    while True:
        # Numbers alone (of handling items) have two digits.
        yield f"{prefix}_{number}" if prefix else f"{number:02d}"
        number += 1


def _place_step(members: list[Any], new: dict[str, Any]) -> int:
    """A new step goes before the decision: it waits for what the decision waited for, and the decision for it."""
    last = next(
        (n for n, one in enumerate(members) if isinstance(one, Mapping) and one.get("kind") == "approval"), None
    )
    if last is None:
        members.append(new)
        return len(members) - 1
    decision = members[last]
    new["after"] = list(decision.get("after") or ())
    decision["after"] = [new["key"]]
    members.insert(last, new)
    return last


def _rows_of(section: Section, path: str) -> Rows:
    steps = path.split(".")
    for part in section.parts:
        if not isinstance(part, Rows):
            continue
        if path == part.path:
            return part
        inner = part.inner
        if inner is not None and len(steps) == 3 and [steps[0], steps[2]] == [part.path, inner.path]:
            return inner
    raise NotFound("这个列表")
