"""What a section of a draft is made of, and the way to a value in plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "line",
    "text",
    "lines",
    "number",
    "money",
    "choice",
    "choices",
    "codes",
    "flag",
    "limit",
    "condition",
    "pairs",
    "leads",
    "number_choice",
]
Choice = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to fill in; `path` is dotted, within its row or from the top."""

    path: str
    title: str
    kind: Kind = "line"
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    #: Name of the list that the page offers besides (`offers`): steps, questions, units, places …
    offer: str = ""
    #: What an empty answer means.
    empty: Any = ""
    #: Shown only when one asks for more.
    rare: bool = False


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list whose members are added, moved and removed."""

    path: str
    title: str
    #: What one of them is called: 材料, 收费项目.
    noun: str
    entries: tuple[Entry, ...]
    #: The path that heads a row.
    heading: str
    blank: Mapping[str, Any]
    #: Path and beginning of the key that a new row gets; "" where rows have none.
    key: str = ""
    prefix: str = ""
    most: int = 30
    inner: Rows | None = None
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the draft with a page of its own."""

    key: str
    title: str
    parts: tuple[Entry | Rows, ...]
    hint: str = ""
    #: Paths that stand here although nothing of them is filled in here (locked, or drawn by a page of its own).
    also: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """First names of everything in the section."""
        return tuple(dict.fromkeys([*(part.path.partition(".")[0] for part in self.parts), *self.also]))


@dataclass(frozen=True)
class Offers:
    """Lists of choices that depend on the draft or on the directory, by name."""

    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    def of(self, entry: Entry) -> tuple[Choice, ...]:
        """The choices of an entry: its own, and those of the list that it names."""
        return (*entry.choices, *self.lists.get(entry.offer, ()))


def value_at(content: Any, path: str) -> Any:
    """The value at a dotted path; None where nothing stands."""
    here = content
    for step in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            return None
    return here


def put(content: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a dotted path; what is missing on the way is made, a row that is not there is not."""
    *outer, last = path.split(".")
    here: Any = content
    for step in outer:
        if isinstance(here, list):
            here = here[int(step)]
            continue
        inner = here.get(step)
        if not isinstance(inner, (dict, list)):
            inner = here[step] = {}
        here = inner
    if isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value
