"""What is offered while somebody types: items whose name or everyday word begins so, in Han, pinyin or initials."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tongban.catalogue.searching import asking, marking, statements
from tongban.catalogue.searching.asking import STEPS
from tongban.catalogue.searching.finding import narrowed
from tongban.catalogue.searching.narrowing import Narrow
from tongban.catalogue.searching.statements import Step

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
    everything = narrowed(Narrow())
    if asked.empty or everything is None:
        return []
    exact, by_name = Step(0, asked.whole()), asked.step(STEPS[0])
    wanted = min(max(limit, 1), SUGGESTED_MAX)
    steps = [exact, Step(1, by_name, before=exact.query)]
    found = statements.rows(steps, everything, place=None, limit=wanted)
    if len(found) < wanted:
        said = Step(2, asked.step(STEPS[1]), before=f"{exact.query} | {by_name}")
        found += statements.rows([said], everything, place=None, limit=wanted - len(found))
    return [_suggestion(json.loads(shown), asked.marked) for _step, _rank, _base, shown in found]


def _suggestion(kept: dict[str, object], marked: tuple[str, ...]) -> Suggestion:
    name = str(kept["name"])
    parts = marking.parts(name, marked)
    said = kept["said"] if not any(hit for _piece, hit in parts) else []
    assert isinstance(said, list)
    also = marking.also(said, marked)
    return Suggestion(
        slug=str(kept["slug"]),
        name=name,
        task_code=str(kept["code"]) if kept["choices"] == 1 else "",
        parts=parts,
        also=marking.parts(also, marked) if also else (),
    )
