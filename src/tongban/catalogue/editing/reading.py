"""From a posted form to the content of a draft; what cannot be read is kept as it was typed, to be told as a fault."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tongban.catalogue.editing import conditions
from tongban.catalogue.editing.entries import Entry, Rows, Section, put, value_at
from tongban.kernel.money import parse_yuan

#: Names of the form to what was sent under them.
Posted = Mapping[str, Sequence[str]]
#: Longest text that is taken from one entry.
TEXT_MAX: Final = 20_000


def read(section: Section, content: Mapping[str, Any], posted: Posted) -> dict[str, Any]:
    """The content with what the section's form says; everything else, and what the form does not show, stays."""
    made = copy.deepcopy(dict(content))
    for part in section.parts:
        if isinstance(part, Rows):
            _read_rows(part, made, posted, part.path)
        else:
            _read_entry(part, made, posted, part.path)
    return tidy(made)


def tidy(content: dict[str, Any]) -> dict[str, Any]:
    """Without what is optional and holds nothing."""
    choice = value_at(content, "result.number_choice")
    if isinstance(choice, Mapping) and not choice.get("question"):
        put(content, "result.number_choice", None)
    contest = content.get("contest")
    if isinstance(contest, Mapping) and not any(
        text for one in contest.values() if isinstance(one, Mapping) for text in one.values()
    ):
        content["contest"] = None
    return content


def _read_rows(rows: Rows, made: dict[str, Any], posted: Posted, path: str) -> None:
    count = _one(posted, f"{path}.rows")
    if not count.isdecimal():
        return
    present = value_at(made, path)
    # A list that could not be read is left: its faults are told, and nobody's text is thrown away.
    if not isinstance(present, list):
        if present is not None:
            return
        put(made, path, [])
        present = []
    for number in range(min(int(count), rows.most)):
        if number >= len(present):
            present = [*present, copy.deepcopy(dict(rows.blank))]
            put(made, path, present)
        if not isinstance(present[number], dict):
            continue
        for entry in rows.entries:
            _read_entry(entry, made, posted, f"{path}.{number}.{entry.path}" if entry.path else f"{path}.{number}")
        if rows.inner is not None:
            _read_rows(rows.inner, made, posted, f"{path}.{number}.{rows.inner.path}")


def _read_entry(entry: Entry, made: dict[str, Any], posted: Posted, path: str) -> None:
    if (
        f"{path}.there" not in posted
        and path not in posted
        and not any(f"{path}.{part}" in posted for part in ("amount", "kind", "json", "add", "to"))
    ):
        return
    if entry.kind == "leads":
        _read_leads(made, posted, path)
        return
    value, present = _READERS[entry.kind](entry, posted, path), value_at(made, path)
    # What was chosen before keeps its order, so that saving without a change changes nothing.
    if entry.kind == "choices" and isinstance(present, list):
        value.sort(key=lambda one: present.index(one) if one in present else len(present))
    if entry.kind == "condition" and conditions.ticks(present) and conditions.same_ticks(present, value):
        return
    put(made, path, value)


def _line(entry: Entry, posted: Posted, path: str) -> Any:
    text = _one(posted, path).strip()
    if entry.kind == "line" and entry.offer:
        # The list beneath offers "code name".
        text = next(iter(text.split()), "")
    return text or entry.empty


def _lines(_entry: Entry, posted: Posted, path: str) -> Any:
    return [line.strip() for line in _one(posted, path).splitlines() if line.strip()]


def _number(entry: Entry, posted: Posted, path: str) -> Any:
    text = _one(posted, path).strip().translate(_DIGITS)
    if not text:
        return entry.empty if entry.empty != "" else None
    return int(text) if text.isdecimal() and len(text) < 12 else text


def _money(_entry: Entry, posted: Posted, path: str) -> Any:
    text = _one(posted, path).strip().translate(_DIGITS)
    try:
        return parse_yuan(text)
    except ValueError:
        return text or None


def _choices(_entry: Entry, posted: Posted, path: str) -> Any:
    return list(dict.fromkeys(one for one in posted.get(path, ()) if one))


def _codes(_entry: Entry, posted: Posted, path: str) -> Any:
    # What the list beneath offers is written "code name", so that either can be searched for.
    added = _one(posted, f"{path}.add").strip().split()[:1]
    return list(dict.fromkeys([one for one in posted.get(path, ()) if one] + added))


def _flag(_entry: Entry, posted: Posted, path: str) -> Any:
    return _one(posted, path) == "1"


def _limit(_entry: Entry, posted: Posted, path: str) -> Any:
    amount = _one(posted, f"{path}.amount").strip().translate(_DIGITS)
    unit = _one(posted, f"{path}.unit")
    if not amount and not unit:
        return None
    if not amount and unit == "at_once":
        return {"amount": 0, "unit": unit}
    return {"amount": int(amount) if amount.isdecimal() and len(amount) < 9 else amount or None, "unit": unit}


def _condition(_entry: Entry, posted: Posted, path: str) -> Any:
    text = _one(posted, f"{path}.json").strip()
    if not text:
        return conditions.made(posted.get(path, ()))
    try:
        return json.loads(text)
    except ValueError:
        return text


def _pairs(_entry: Entry, posted: Posted, path: str) -> Any:
    """Lines of "answer code"."""
    lines = [line.split(None, 1) for line in _one(posted, path).splitlines() if line.strip()]
    return {line[0]: line[1].strip() if len(line) > 1 else "" for line in lines}


def _read_leads(made: dict[str, Any], posted: Posted, path: str) -> None:
    """Where an answer leads: to the following question, another one, the end, or a stop with its words."""
    to, _, name = _one(posted, f"{path}.to").partition(":")
    message = _one(posted, f"{path}.message").strip()
    put(made, f"{path}.next", name if to == "next" else None)
    put(made, f"{path}.end", to == "end")
    put(made, f"{path}.stop", {"kind": name, "message": message} if to == "stop" else None)


def _one(posted: Posted, name: str) -> str:
    return (list(posted.get(name, ())) or [""])[-1][:TEXT_MAX].replace("\r\n", "\n").replace("\x00", "")


_DIGITS: Final = str.maketrans("０１２３４５６７８９．", "0123456789.")
_READERS: Final[Mapping[str, Callable[[Entry, Posted, str], Any]]] = {
    "line": _line,
    "text": _line,
    "lines": _lines,
    "number": _number,
    "money": _money,
    "choice": _line,
    "number_choice": _number,
    "choices": _choices,
    "codes": _codes,
    "flag": _flag,
    "limit": _limit,
    "condition": _condition,
    "pairs": _pairs,
}
