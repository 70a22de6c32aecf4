"""One item as a file tells it: values by path, lists by path, and where each stands. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tongban.catalogue.exchange.findings import Finding

#: Before the path of everything that stands in the definition.
DEFINITION: Final = "definition."
EXTRAS: Final = "definition.extras"
#: Lists whose entries have keys, with what a made key begins with.
_KEYS: Final = {"materials": "material", "fee": "fee"}


@dataclass(frozen=True)
class Place:
    """Where a value stands: sheet, row from 1, the words over its column."""

    sheet: str
    row: int
    field: str = ""


@dataclass
class Record:
    """An item as one body runs it, as far as the file tells it.

    `values` hold what single columns and the sheet of other elements say, `lists` what a sheet's rows say of a list
    (for each row the values that it states). What is in neither was not stated: it stays as it is.
    """

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: By path in the definition, "materials.2"; and whole rows, with the words over the column of each path in them.
    places: dict[str, Place] = field(default_factory=dict)
    words: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def task_code(self) -> str:
        """The code of the implementation; empty where the file gives none."""
        return str(self.values.get("task_code") or "")

    @property
    def organisation(self) -> str:
        """Credit code of the implementing body; empty where the file gives neither it nor the implementation's code."""
        return str(self.values.get("organisation") or self.task_code[:18])

    @property
    def level(self) -> str:
        """Digit of the level, empty where nothing says it."""
        return str(self.values.get("level") or self.task_code[18:19])

    @property
    def state(self) -> str | None:
        """`active`, `suspended` or `cancelled`; None where the file does not say it."""
        return self.values.get("state")

    @property
    def base(self) -> dict[str, Any]:
        """What is stated of the base item beside its definition: slug, official_code, rank, sample_fields."""
        return {path[5:]: value for path, value in self.values.items() if path.startswith("base.")}

    def definition(self, start: Mapping[str, Any]) -> dict[str, Any]:
        """The definition that comes of what is stated over `start`, plain JSON values that may be incomplete."""
        made = copy.deepcopy(dict(start))
        for path, rows in self.lists.items():
            name = path.removeprefix(DEFINITION)
            made[name] = _keyed([_over(row, made.get(name) or []) for row in rows], name)
        for path, value in self.values.items():
            if path == EXTRAS:
                found = {**made.get("extras", {}), **value}
                # A column that is there and empty takes away what it said before.
                made["extras"] = {name: text for name, text in found.items() if text is not None}
            elif path.startswith(DEFINITION):
                _put(made, path.removeprefix(DEFINITION), value)
        made["task_code"] = self.task_code
        return made

    def finding(
        self, path: str, message: str, hint: str = "", *, severity: Any = "error", value: str = "", words: str = ""
    ) -> Finding:
        """A finding at the place of a path, or of the nearest around it; `words` say what has no column."""
        place, rest = self._nearest(path)
        shown = place.field or words or rest
        return Finding(
            sheet=place.sheet, row=place.row, field=shown, value=value, message=message, hint=hint, severity=severity
        )

    def _nearest(self, path: str) -> tuple[Place, str]:
        steps = path.split(".")
        for end in range(len(steps), -1, -1):
            here, rest = ".".join(steps[:end]), ".".join(steps[end:])
            place = self.places.get(here) or (None if here else self.place)
            if place is not None:
                return Place(place.sheet, place.row, place.field or self._words(here, rest)), rest
        return self.place, path

    def _words(self, here: str, rest: str) -> str:
        """The words over the column of a path in a row, or of the nearest around it."""
        known = self.words.get(here, {})
        steps = rest.split(".")
        names = (".".join(steps[:end]) for end in range(len(steps), 0, -1))
        return next((known[name] for name in names if name in known), "")


def _over(row: Mapping[str, Any], before: list[Any]) -> dict[str, Any]:
    """A row over the entry that it is: by key, else by name; what it does not state stays."""
    for mark in ("key", "name", "question"):
        if row.get(mark):
            same = [one for one in before if isinstance(one, Mapping) and one.get(mark) == row[mark]]
            if same:
                stated = {name: value for name, value in row.items() if name != "key" or value}
                return {**same[0], **stated}
    return dict(row)


def _keyed(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Rows that need a key and have none get one: material1, fee2."""
    prefix = _KEYS.get(name)
    taken = {row.get("key") for row in rows}
    for number, row in enumerate(rows, 1):
        if prefix and not row.get("key"):
            row["key"] = next(
                key for more in range(len(rows) + 1) if (key := f"{prefix}{number + more * len(rows)}") not in taken
            )
            taken.add(row["key"])
    return rows


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    here: Any = target
    for step in outer:
        if isinstance(here, list):
            if not step.isdigit() or int(step) >= len(here):
                return
            here = here[int(step)]
        else:
            inner = here.get(step)
            here = here.setdefault(step, {}) if inner is not None or step not in here else _fresh(here, step)
    if isinstance(here, list):
        if last.isdigit() and int(last) < len(here):
            here[int(last)] = value
    elif isinstance(here, dict):
        here[last] = value


def _fresh(target: dict[str, Any], step: str) -> dict[str, Any]:
    """An object in the place of null."""
    made: dict[str, Any] = {}
    target[step] = made
    return made
