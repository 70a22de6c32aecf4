"""What a check says of items that are not wrong: how many, by which bodies, how complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tongban.catalogue.completeness import POINTS, score, shared

if TYPE_CHECKING:
    from tongban.catalogue.pack.section import PlannedItem

#: Guides below this are named.
_NAMED_BELOW: Final = 80
_LEVELS: Final = {"2": "省", "3": "市", "4": "县", "5": "乡", "6": "村"}


def remarks(planned: Sequence[PlannedItem]) -> Iterator[str]:
    """A line on numbers, one on the average score, the points missed most, the guides below 80, shared sentences."""
    items = [item for item in planned if item.bodies]
    if not items:
        return
    at = Counter(level for item in items for level in {body.level for body, _ in item.bodies})
    levels = "、".join(f"{_LEVELS.get(level, level)} {at[level]}" for level in sorted(at))
    bodies = sum(len(item.bodies) for item in items)
    city = len({body.row.code for item in items for body, _ in item.bodies if body.level == "3"})
    yield f"事项 {len(items)} 个，实施清单 {bodies} 个；各级实施的事项：{levels}；市级实施机构 {city} 个"
    scores = [(item.shape.slug, score(item.bodies[0][1])) for item in items]
    average = sum(found.share for _, found in scores) / len(scores)
    complete = sum(found.share == 1 for _, found in scores)
    yield f"指南完整度（{len(POINTS)} 条规则）平均 {float(average) * 100:.1f} 分，满分 {complete} 个"
    for point, count in Counter(point for _, found in scores for point in found.missed).most_common():
        yield f"  {count} 个没有做到：{point.words}"
    for slug, found in sorted(scores, key=lambda row: (row[1].share, row[0])):
        if found.percent < _NAMED_BELOW:
            missed = "；".join(point.words for point in found.missed)
            yield f"  {found.percent} 分 {found.name}（{slug}）：{missed}"
    for sentence, names in shared(item.bodies[0][1] for item in items):
        yield f"  {len(names)} 个指南有同一句话：“{sentence[:40]}”（{'、'.join(names[:5])}）"
