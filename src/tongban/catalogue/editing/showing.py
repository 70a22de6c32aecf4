"""A section as its page draws it: every entry with its value, choices and fault."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tongban.catalogue.editing import conditions
from tongban.catalogue.editing.choices import STOPS
from tongban.catalogue.editing.entries import Choice, Entry, Offers, Rows, Section, value_at
from tongban.catalogue.faults import Fault


@dataclass(frozen=True)
class Ticked:
    """A choice, chosen or not."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True)
class Input:
    """One entry with what stands in it; `path` is its name in the form."""

    entry: Entry
    path: str
    value: str = ""
    choices: tuple[Ticked, ...] = ()
    #: (heading, choices) of a condition.
    groups: tuple[tuple[str, tuple[Ticked, ...]], ...] = ()
    #: A second value: unit of a limit, message of a stop, JSON of a condition.
    second: str = ""
    words: str = ""
    faults: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Id of the element."""
        return element_id(self.path)


@dataclass(frozen=True)
class RowView:
    """One member of a list."""

    path: str
    number: int
    heading: str
    inputs: tuple[Input, ...]
    rare: tuple[Input, ...]
    inner: RowsView | None
    faults: tuple[str, ...]
    first: bool
    last: bool

    @property
    def id(self) -> str:
        """Id of the element."""
        return element_id(self.path)

    @property
    def wrong(self) -> bool:
        """Whether something in the row is faulty."""
        inside = any(row.wrong or row.faults for row in self.inner.rows) if self.inner else False
        return bool(self.faults) or inside or any(one.faults for one in (*self.inputs, *self.rare))


@dataclass(frozen=True)
class RowsView:
    """A list with its members."""

    rows: tuple[RowView, ...]
    part: Rows
    path: str
    faults: tuple[str, ...] = ()
    #: What stands there is no list and cannot be edited here.
    broken: bool = False

    @property
    def id(self) -> str:
        """Id of the element."""
        return element_id(self.path)

    @property
    def full(self) -> bool:
        """No room for another."""
        return len(self.rows) >= self.part.most


@dataclass(frozen=True)
class SectionView:
    """A section: its entries and lists in order, and faults that belong to none of them."""

    section: Section
    parts: tuple[Input | RowsView, ...]
    faults: tuple[Fault, ...] = ()
    #: Every place of a fault with what is to be said there, as the page's script-free check swaps them in.
    places: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())


class _Faults:
    """Faults of a section, each given out once, at the place that fits it best."""

    def __init__(self, faults: Sequence[Fault], places: Sequence[str]) -> None:
        self._at: dict[str, list[str]] = {}
        self.homeless: list[Fault] = []
        for fault in faults:
            place = _best(fault.path, places)
            if place is None:
                self.homeless.append(fault)
            else:
                self._at.setdefault(place, []).append(fault.message)

    def at(self, place: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._at.get(place, ())))


def show(section: Section, content: Mapping[str, Any], faults: Sequence[Fault], offers: Offers) -> SectionView:
    """The section with these faults (of the whole draft; those of other sections are left out)."""
    mine = [fault for fault in faults if fault.path.partition(".")[0] in section.paths]
    places = [place for part in section.parts for place in _places(part, content, part.path)]
    told = _Faults(mine, places)
    offered = Offers({**_from_content(content), **offers.lists})
    parts = tuple(
        _rows(part, content, part.path, told, offered)
        if isinstance(part, Rows)
        else _input(part, content, part.path, told, offered)
        for part in section.parts
    )
    return SectionView(section, parts, tuple(told.homeless), tuple((element_id(one), told.at(one)) for one in places))


def element_id(path: str) -> str:
    """A path as the id of an element."""
    return "e-" + path.replace(".", "-")


def _best(path: str, places: Sequence[str]) -> str | None:
    """The longest place that holds the path, else the first that lies within it."""
    holding = [place for place in places if path == place or path.startswith(f"{place}.")]
    if holding:
        return max(holding, key=len)
    return next((place for place in places if place.startswith(f"{path}.")), None)


def _places(part: Entry | Rows, content: Mapping[str, Any], path: str) -> Iterator[str]:
    yield path
    if isinstance(part, Entry):
        return
    for number in range(len(_members(content, path))):
        yield f"{path}.{number}"
        for entry in part.entries:
            if entry.path:
                yield f"{path}.{number}.{entry.path}"
        if part.inner is not None:
            yield from _places(part.inner, content, f"{path}.{number}.{part.inner.path}")


def _rows(part: Rows, content: Mapping[str, Any], path: str, told: _Faults, offers: Offers) -> RowsView:
    members = _members(content, path)
    stands = value_at(content, path)
    made = tuple(_row(part, content, f"{path}.{n}", n, len(members), told, offers) for n in range(len(members)))
    return RowsView(made, part, path, told.at(path), broken=stands is not None and not isinstance(stands, list))


def _row(
    part: Rows, content: Mapping[str, Any], path: str, number: int, count: int, told: _Faults, offers: Offers
) -> RowView:
    mine = _row_offers(path, number, content, offers)
    inputs = [
        _input(entry, content, f"{path}.{entry.path}" if entry.path else path, told, mine) for entry in part.entries
    ]
    inner = part.inner
    return RowView(
        path=path,
        number=number + 1,
        heading=_text(value_at(content, f"{path}.{part.heading}")),
        inputs=tuple(one for one in inputs if not one.entry.rare),
        rare=tuple(one for one in inputs if one.entry.rare),
        inner=_rows(inner, content, f"{path}.{inner.path}", told, mine) if inner else None,
        faults=told.at(path),
        first=number == 0,
        last=number == count - 1,
    )


def _row_offers(path: str, number: int, content: Mapping[str, Any], offers: Offers) -> Offers:
    """What one row may point at: other steps than itself, later questions."""
    lists = dict(offers.lists)
    if path.startswith("steps."):
        own = _text(value_at(content, f"{path}.key"))
        lists["steps"] = tuple(one for one in lists["steps"] if one[0] != own)
    if path.startswith("questions.") and path.count(".") == 1:
        later = lists["questions"][number + 1 :]
        lists["later_questions"] = tuple((f"next:{key}", f"跳到：{text}") for key, text in later)
    return Offers(lists)


def _input(entry: Entry, content: Mapping[str, Any], path: str, told: _Faults, offers: Offers) -> Input:
    value = value_at(content, path)
    faults = told.at(path) if entry.path else ()
    if entry.kind == "condition":
        return _condition(entry, content, path, value, faults)
    if entry.kind == "leads":
        return _leads(entry, path, value, offers)
    if entry.kind == "limit":
        limit = value if isinstance(value, Mapping) else {}
        unit = _text(limit.get("unit"))
        choices = _ticked((("", "不写"), *entry.choices) if not entry.required else entry.choices, [unit])
        return Input(entry, path, _text(limit.get("amount")), choices, second=unit, faults=faults)
    chosen = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    if entry.kind == "codes":
        names = dict(offers.of(entry))
        shown = tuple(Ticked(one, f"{names[one]}（{one}）" if one in names else one, on=True) for one in chosen if one)
        return Input(entry, path, "", shown, faults=faults)
    choices = _ticked(offers.of(entry), chosen) if entry.kind in ("choice", "number_choice", "choices") else ()
    named = dict(offers.of(entry)).get(_text(value), "") if entry.kind == "line" and entry.offer else ""
    return Input(entry, path, _written(entry, value), choices, words=named, faults=faults)


def _condition(entry: Entry, content: Mapping[str, Any], path: str, value: Any, faults: tuple[str, ...]) -> Input:
    ticks = conditions.ticks(value)
    groups = tuple(
        (heading, tuple(Ticked(mark, label, mark in (ticks or ())) for mark, label in choices))
        for heading, choices in conditions.groups(content, ticks or ())
        if not (path.startswith("questions.") and _of_question(content, path, choices))
    )
    text = "" if ticks is not None else value if isinstance(value, str) else _json(value)
    return Input(entry, path, groups=groups, second=text, words=conditions.words(content, value), faults=faults)


def _of_question(content: Mapping[str, Any], path: str, choices: tuple[Choice, ...]) -> bool:
    """Whether these are the answers to the question itself."""
    own = _text(value_at(content, path.rpartition(".")[0] + ".key"))
    return bool(choices) and choices[0][0].startswith(f"answer:{own}:")


def _leads(entry: Entry, path: str, value: Any, offers: Offers) -> Input:
    option = value if isinstance(value, Mapping) else {}
    told = option.get("stop")
    stop = told if isinstance(told, Mapping) else {}
    to = f"stop:{stop.get('kind')}" if stop else "end" if option.get("end") else ""
    if not to and option.get("next"):
        to = f"next:{option['next']}"
    choices = (
        ("", "接着问下一个问题"),
        ("end", "问完了，可以申请"),
        *offers.of(entry),
        *((f"stop:{kind}", words) for kind, words in STOPS),
    )
    return Input(entry, path, to, _ticked(choices, [to]), second=_text(stop.get("message")))


def _ticked(choices: Sequence[Choice], chosen: Sequence[str]) -> tuple[Ticked, ...]:
    known = {value for value, _label in choices}
    lost = [(one, f"{one}（不在选项里）") for one in chosen if one and one not in known]
    return tuple(Ticked(value, label, value in chosen) for value, label in (*choices, *lost))


def _written(entry: Entry, value: Any) -> str:
    if entry.kind == "money" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value // 100}.{value % 100:02d}"
    if entry.kind == "lines" and isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    if entry.kind == "pairs" and isinstance(value, Mapping):
        return "\n".join(f"{key} {_text(code)}" for key, code in value.items())
    if entry.kind == "flag":
        return "1" if value is True else ""
    return _text(value)


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _members(content: Mapping[str, Any], path: str) -> list[Any]:
    found = value_at(content, path)
    return found if isinstance(found, list) else []


def _from_content(content: Mapping[str, Any]) -> dict[str, tuple[Choice, ...]]:
    """What the draft itself offers: its steps, questions, and fields of the form."""
    form = value_at(content, "form.properties")
    fields = (
        [(name, one) for name, one in form.items() if isinstance(one, Mapping)] if isinstance(form, Mapping) else []
    )
    return {
        "steps": _named(content, "steps", "name"),
        "questions": _named(content, "questions", "text"),
        "number_fields": tuple((n, _text(one.get("title"))) for n, one in fields if one.get("type") in _NUMBERS),
        "date_fields": tuple((n, _text(one.get("title"))) for n, one in fields if one.get("format") == "date"),
    }


def _named(content: Mapping[str, Any], path: str, name: str) -> tuple[Choice, ...]:
    rows = [one for one in _members(content, path) if isinstance(one, Mapping)]
    return tuple((_text(one.get("key")), _text(one.get(name)) or _text(one.get("key"))) for one in rows)


_NUMBERS: Final = ("integer", "number")
