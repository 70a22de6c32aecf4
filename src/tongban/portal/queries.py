"""Reads that only the portal's pages need."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tongban.catalogue.models import BaseItem, Implementation
from tongban.catalogue.queries import definition_of
from tongban.directory.queries import OutlineMap, outline_map

#: How long the city's outline is remembered in a process, seconds: borders move once in years.
OUTLINE_KEPT_S = 600
_outlines: dict[str, tuple[float, OutlineMap]] = {}

#: The stages of a life, each with the theme under which its items are found.
STAGES = (
    (_("出生"), "p:005"),
    (_("上学"), "p:020"),
    (_("就业"), "p:030"),
    (_("婚姻"), "p:060"),
    (_("住房"), "p:075"),
    (_("养老"), "p:085"),
    (_("身后"), "p:155"),
)
ITEMS_PER_STAGE = 2


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A stage of life with the first items of its theme."""

    name: str
    topic: str
    items: tuple[tuple[str, str], ...]


def city_outline(division: str) -> OutlineMap:
    """The counties of the city as lines, for the picture of the home page."""
    known = _outlines.get(division)
    if known is not None and time.monotonic() - known[0] < OUTLINE_KEPT_S:
        return known[1]
    found = outline_map(division)
    if found.outlines:
        _outlines[division] = (time.monotonic(), found)
    return found


def stages() -> list[Stage]:
    """The stages of life with what can be handled in each: (slug, name) of at most two items."""
    topics = [topic for _name, topic in STAGES]
    active = Implementation.objects.filter(state=Implementation.State.ACTIVE).values("base_id")
    rows = BaseItem.objects.filter(topics__overlap=topics, pk__in=active).order_by("rank", "id")
    by_topic: dict[str, list[tuple[str, str]]] = {topic: [] for topic in topics}
    for row in rows[:100]:
        for topic in set(row.topics) & by_topic.keys():
            by_topic[topic].append((row.slug, row.name))
    return [
        Stage(name=str(name), topic=topic, items=tuple(by_topic[topic][:ITEMS_PER_STAGE])) for name, topic in STAGES
    ]


def everyday_words(limit: int = 6) -> list[str]:
    """Words under which people look for the items that are often used: 开饭店, 身份证丢了."""
    rows = (
        Implementation.objects.filter(state=Implementation.State.ACTIVE, current__isnull=False)
        .select_related("current", "base")
        .order_by("base__rank", "base_id", "id")
        .distinct("base__rank", "base_id")
    )
    found: list[str] = []
    for row in rows[:limit]:
        assert row.current is not None  # filtered above
        found.extend(definition_of(row.current).search_words[:1])
    return found
