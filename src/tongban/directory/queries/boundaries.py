"""Outlines of divisions as SVG."""

from dataclasses import dataclass

from tongban.directory.models import DivisionBoundary
from tongban.directory.outline import frame, label_point, svg_path
from tongban.kernel.problems import NotFound


@dataclass(frozen=True, slots=True)
class Outline:
    """One division in a map: `d` of the path and where its name stands, in units of the map's view box."""

    code: str
    name: str
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class OutlineMap:
    """The divisions under one, drawn in one frame; `view_box` is the SVG attribute."""

    view_box: str
    outlines: tuple[Outline, ...]


def outline(code: str) -> str:
    """The boundary of one division as SVG path data in a frame of its own, 1,000 units wide.

    Raises:
        NotFound: no boundary is known.
    """
    boundary = DivisionBoundary.objects.filter(division_id=code).first()
    if boundary is None:
        raise NotFound("这个区划的边界")
    return svg_path(boundary.polygons, frame([boundary.polygons]))


def outline_map(code: str) -> OutlineMap:
    """The divisions right under `code` whose boundaries are known, in one frame 1,000 units wide; empty if none."""
    rows = DivisionBoundary.objects.filter(division__parent_id=code).select_related("division").order_by("division_id")
    shapes = [(row.division, row.polygons) for row in rows]
    if not shapes:
        return OutlineMap("0 0 1 1", ())
    around = frame(polygons for _, polygons in shapes)
    outlines = []
    for division, polygons in shapes:
        x, y = label_point(polygons, around)
        outlines.append(Outline(division.code, division.name, svg_path(polygons, around), x, y))
    return OutlineMap(around.view_box, tuple(outlines))
