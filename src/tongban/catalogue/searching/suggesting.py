"""What is offered while somebody types: items whose name or everyday word begins so, in Han, pinyin or initials."""

from __future__ import annotations

from dataclasses import dataclass

from tongban.catalogue.searching import asking, marking, statements
from tongban.catalogue.searching.asking import STEPS
from tongban.catalogue.searching.statements import Narrowed

SUGGESTED_MAX = 10


@dataclass(frozen=True)
class Suggestion:
    """An item to go to: where one body runs it its code, else a choice by slug; what was typed is marked."""

    slug: str
    name: str
    task_code: str
    parts: marking.Parts
    #: The everyday word that begins so, in pieces; empty where the name does.
    also: marking.Parts


def suggest(text: str, *, limit: int = SUGGESTED_MAX) -> list[Suggestion]:
    """At most `limit` (10) items for what was typed so far, those called so first, then by name, by everyday word."""
    asked = asking.read(text)
    if asked.empty:
        return []
    steps = [asked.whole(), asked.step(STEPS[0]), asked.step(STEPS[1])]
    found = statements.ordered(steps, Narrowed(), place=None, limit=min(max(limit, 1), SUGGESTED_MAX))
    return [_suggestion(row.shown, asked.marked) for row in found]


def _suggestion(kept: dict[str, object], marked: tuple[str, ...]) -> Suggestion:
    name = str(kept["name"])
    parts = marking.parts(name, marked)
    also = "" if any(hit for _piece, hit in parts) else marking.also(kept, marked)
    return Suggestion(
        slug=str(kept["slug"]),
        name=name,
        task_code=str(kept["code"]) if kept["choices"] == 1 else "",
        parts=parts,
        also=marking.parts(also, marked) if also else (),
    )
