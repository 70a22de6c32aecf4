"""The flow of an item as a picture: boxes from top to bottom, units that work at once side by side. Pure.

The picture is data (places in pixels of a view box of `WIDTH`); a template draws it, so that texts are escaped there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tongban.catalogue.queries.guide import FlowStage, FlowStep

WIDTH: Final = 360
_NAME_PX: Final = 15
_TEXT_PX: Final = 13
_LINE: Final = 1.45
_PAD: Final = 10
_GAP: Final = 10
_ARROW: Final = 22


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: its baseline and what it is (name, unit, days)."""

    text: str
    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """One step; `paused`: the time that it takes is not counted."""

    x: float
    y: float
    width: float
    height: float
    paused: bool
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line down from one box to the next; `turn` is the height at which it goes sideways."""

    x1: float
    y1: float
    x2: float
    y2: float
    turn: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All boxes and arrows, and how high the picture is."""

    width: int
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def flow_picture(stages: Sequence[FlowStage]) -> Picture:
    """Place the stages one under the other."""
    y = 1.0
    rows: list[list[Box]] = []
    for stage in stages:
        row = _row(stage.steps, y)
        rows.append(row)
        y = row[0].y + row[0].height + _ARROW
    pairs = [(above, below) for upper, lower in pairwise(rows) for above in upper for below in lower]
    arrows = [_arrow(above, below) for above, below in pairs]
    return Picture(WIDTH, round(max(y - _ARROW + 1, 1), 1), tuple(box for row in rows for box in row), tuple(arrows))


def _row(steps: Sequence[FlowStep], y: float) -> list[Box]:
    width = (WIDTH - 2 - _GAP * (len(steps) - 1)) / len(steps)
    lines = [_lines(step, width - 2 * _PAD) for step in steps]
    height = max(_height(one) for one in lines)
    boxes = []
    for index, (step, found) in enumerate(zip(steps, lines, strict=True)):
        x = 1 + index * (width + _GAP)
        boxes.append(Box(round(x, 1), y, round(width, 1), height, step.paused, _words(found, x + _PAD, y)))
    return boxes


def _lines(step: FlowStep, width: float) -> list[tuple[str, str]]:
    parts = (("name", step.name), ("unit", step.unit), ("days", step.days))
    return [(kind, line) for kind, text in parts if text for line in cut(text, width / _size(kind))]


def _size(kind: str) -> int:
    return _NAME_PX if kind == "name" else _TEXT_PX


def _height(lines: Sequence[tuple[str, str]]) -> float:
    return round(2 * _PAD + sum(_size(kind) * _LINE for kind, _ in lines), 1)


def _words(lines: Sequence[tuple[str, str]], x: float, y: float) -> tuple[Words, ...]:
    found, at = [], y + _PAD
    for kind, text in lines:
        found.append(Words(text, round(x, 1), round(at + _size(kind) * 1.1, 1), kind))
        at += _size(kind) * _LINE
    return tuple(found)


def _arrow(above: Box, below: Box) -> Arrow:
    start, end = above.y + above.height, below.y
    x1, x2 = above.x + above.width / 2, below.x + below.width / 2
    return Arrow(round(x1, 1), round(start, 1), round(x2, 1), round(end, 1), round((start + end) / 2, 1))


def cut(text: str, width_em: float) -> list[str]:
    """Cut a text into lines of at most `width_em` characters of Han width; Latin and digits count as 0.6."""
    lines, line, used = [], "", 0.0
    for char in text:
        size = 1.0 if ord(char) > 0x2000 else 0.6
        if used + size > width_em and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + char, used + size
    return [*lines, line] if line else lines
