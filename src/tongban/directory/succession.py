"""Who acts in whose place on a day: pure rules over arrows from old to new bodies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Body = TypeVar("Body", int, str)


@dataclass(frozen=True, slots=True)
class Arrow(Generic[Body]):
    """From the day `on` the body `new` stands where `old` stood."""

    old: Body
    new: Body
    on: date


class CircleError(ValueError):
    """The arrows lead back to where they began."""


def by_old(arrows: Iterable[Arrow[Body]]) -> dict[Body, Arrow[Body]]:
    """The arrows by the body they leave; a body has one successor.

    Raises:
        ValueError: two arrows leave the same body.
    """
    table: dict[Body, Arrow[Body]] = {}
    for arrow in arrows:
        if arrow.old in table:
            raise ValueError(f"{arrow.old} has two successors")
        table[arrow.old] = arrow
    return table


def follow(body: Body, arrows: Mapping[Body, Arrow[Body]], on: date) -> Body:
    """The body that stands for `body` on a day: itself, or the end of the arrows in force by then.

    Raises:
        CircleError: the arrows lead in a circle.
    """
    here, seen = body, {body}
    while (arrow := arrows.get(here)) is not None and arrow.on <= on:
        here = arrow.new
        if here in seen:
            raise CircleError(f"successions lead in a circle at {here}")
        seen.add(here)
    return here


def taken_over(body: Body, arrows: Mapping[Body, Arrow[Body]], on: date) -> set[Body]:
    """The bodies whose duties `body` has on a day by succession, however many steps; itself not among them."""
    return {old for old in arrows if old != body and follow(old, arrows, on) == body}


def closes_circle(old: Body, new: Body, arrows: Mapping[Body, Arrow[Body]]) -> bool:
    """Whether an arrow from `old` to `new`, on whatever day, would lead in a circle some day."""
    here: Body | None = new
    steps_left = len(arrows) + 1
    while here is not None and steps_left:
        if here == old:
            return True
        arrow = arrows.get(here)
        here = arrow.new if arrow else None
        steps_left -= 1
    return here is not None
