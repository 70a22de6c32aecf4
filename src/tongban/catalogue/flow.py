"""The picture of an item's steps: boxes from top to bottom, those that run together side by side. Pure.

Made for drafts as well: steps in a circle, or that wait for what does not exist, are drawn and not refused here
(`graph_rules` tells them).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tongban.catalogue.limits import ranks

#: Measures of the picture, in its own units (pixels at full size).
BOX_WIDTH: Final = 220
_GAP: Final = 24
_RISE: Final = 40
_MARGIN: Final = 16
#: Between two lines that lead past other steps, along the right side.
_LANE: Final = 12
_LINE: Final = 20
_PAD: Final = 14
#: Ems that one line of a box holds: a Chinese character is one, a Latin letter or digit about half.
_EMS: Final = 13.0


@dataclass(frozen=True, kw_only=True)
class Node:
    """One step to draw: its words line by line, what it waits for, and marks on it."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    #: Special procedures that may occur during it, in words.
    specials: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    last: bool = False


@dataclass(frozen=True)
class Text:
    """One line of words at its place; `kind`: title, line, special, fault."""

    x: int
    y: int
    words: str
    kind: str


@dataclass(frozen=True)
class Box:
    """A step at its place."""

    node: Node
    x: int
    y: int
    width: int
    height: int
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Arrow:
    """A line from one step down to another, as an SVG path."""

    path: str


@dataclass(frozen=True)
class Flow:
    """The picture: boxes, arrows, and its size."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(nodes: Sequence[Node]) -> Flow:
    """The steps from top to bottom, those that run together side by side.

    Steps that never come to turn stand in a row of their own at the end, without arrows, so that nothing disappears.
    """
    after = {node.key: node.after for node in nodes}
    placed = ranks(after)
    rows = _rows(nodes, placed)
    width = 2 * _MARGIN + max((len(row) * (BOX_WIDTH + _GAP) - _GAP for row in rows), default=BOX_WIDTH)
    boxes: list[Box] = []
    y = _MARGIN
    for row in rows:
        height = max(_height(node) for node in row)
        x = (width - (len(row) * (BOX_WIDTH + _GAP) - _GAP)) // 2
        for node in row:
            boxes.append(_box(node, x, y, height))
            x += BOX_WIDTH + _GAP
        y += height + _RISE
    at = {box.node.key: box for box in boxes}
    arrows: list[Arrow] = []
    lane = width - _MARGIN
    for node in (one for one in nodes if one.key in placed):
        for before in (one for one in node.after if one in placed):
            if placed[node.key] == placed[before] + 1:
                arrows.append(_arrow(at[before], at[node.key]))
            else:
                lane += _LANE
                arrows.append(_around(at[before], at[node.key], lane))
    return Flow(max(width, lane + _MARGIN), max(y - _RISE, _MARGIN) + _MARGIN, tuple(boxes), tuple(arrows))


def _rows(nodes: Iterable[Node], placed: Mapping[str, int]) -> list[list[Node]]:
    rows: dict[int, list[Node]] = {}
    for node in nodes:
        rows.setdefault(placed.get(node.key, len(placed) + 1), []).append(node)
    return [rows[rank] for rank in sorted(rows)]


def _written(node: Node) -> list[tuple[str, str]]:
    parts = [(node.title, "title"), *((one, "line") for one in node.lines)]
    parts += [(one, "special") for one in node.specials] + [(one, "fault") for one in node.faults]
    return [(line, kind) for words, kind in parts for line in folded(words)]


def _height(node: Node) -> int:
    return 2 * _PAD + _LINE * len(_written(node))


def _box(node: Node, x: int, y: int, height: int) -> Box:
    texts = tuple(
        Text(x + _PAD, y + _PAD + _LINE * number + 14, line, kind) for number, (line, kind) in enumerate(_written(node))
    )
    return Box(node, x, y, BOX_WIDTH, height, texts)


def _arrow(start: Box, end: Box) -> Arrow:
    x, y = start.x + start.width // 2, start.y + start.height
    to_x, to_y = end.x + end.width // 2, end.y
    bend = to_y - _RISE // 2
    return Arrow(f"M{x} {y} V{bend} H{to_x} V{to_y - 2}" if x != to_x else f"M{x} {y} V{to_y - 2}")


def _around(start: Box, end: Box, lane: int) -> Arrow:
    """A line that leads past the rows between."""
    x, y = start.x + start.width // 2, start.y + start.height
    return Arrow(f"M{x} {y} v{_RISE // 2} H{lane} V{end.y - _RISE // 2} H{end.x + end.width // 2} V{end.y - 2}")


def folded(words: str, ems: float = _EMS) -> list[str]:
    """The words in lines of at most so many ems; a run of Latin letters and digits is kept together where it fits."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(words):
        wide = sum(_em(letter) for letter in piece)
        if line and used + wide > ems:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + piece, used + wide
    return [*lines, line] if line or not lines else lines


def _pieces(words: str) -> Iterator[str]:
    run = ""
    for letter in words:
        if letter.isascii() and not letter.isspace() and len(run) < 2 * _EMS - 2:
            run += letter
            continue
        if run:
            yield run
        run = letter if letter.isascii() and not letter.isspace() else ""
        if not run:
            yield letter
    if run:
        yield run


def _em(letter: str) -> float:
    return 0.55 if letter.isascii() else 1.0
