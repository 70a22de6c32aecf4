"""Boundaries as SVG paths: equirectangular, true to scale in the middle, points on a grid.

Snapping all counties to one grid simplifies them and keeps shared borders shared; simplifying each line for itself
would open gaps between neighbours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

Ring = Sequence[Sequence[float]]
#: As in GeoJSON MultiPolygon: polygons of rings of `[lon, lat]`.
Polygons = Sequence[Sequence[Ring]]

#: Width of the drawing, user units.
WIDTH = 1000
#: Distance of the grid, user units.
GRID = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """The box of degrees that is drawn, and its size in user units."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    width: int
    height: int

    @property
    def view_box(self) -> str:
        """The value of SVG's `viewBox`."""
        return f"0 0 {self.width} {self.height}"

    def place(self, lon: float, lat: float) -> tuple[int, int]:
        """Degrees to user units on the grid."""
        x, y = (lon - self.west) * self.scale_x, (self.north - lat) * self.scale_y
        return round(x / GRID) * GRID, round(y / GRID) * GRID


def frame(shapes: Iterable[Polygons]) -> Frame:
    """The frame around all shapes.

    Raises:
        ValueError: there is no point at all.
    """
    points = [point for shape in shapes for polygon in shape for ring in polygon for point in ring]
    if not points:
        raise ValueError("no boundary to draw")
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    scale_x = WIDTH / max(east - west, 1e-9)
    scale_y = scale_x / cos(radians((south + north) / 2))
    return Frame(west, north, scale_x, scale_y, WIDTH, max(GRID, round((north - south) * scale_y)))


def svg_path(shape: Polygons, within: Frame) -> str:
    """The shape as the `d` of an SVG path; empty when it is smaller than the grid."""
    parts = []
    for polygon in shape:
        for ring in polygon:
            points = _snapped(ring, within)
            if len(points) >= 3:
                parts.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
    return "".join(parts)


def label_point(shape: Polygons, within: Frame) -> tuple[int, int]:
    """Where a name can stand: the centre of gravity of the largest ring, user units."""
    rings = [[within.place(*point[:2]) for point in ring] for polygon in shape for ring in polygon]
    ring = max(rings, key=lambda points: abs(_area(points)))
    area = _area(ring)
    if not area:
        return ring[0]
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return round(x / (6 * area)), round(y / (6 * area))


def _area(ring: Sequence[tuple[int, int]]) -> float:
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _snapped(ring: Ring, within: Frame) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for position in ring:
        point = within.place(position[0], position[1])
        if not points or points[-1] != point:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points
