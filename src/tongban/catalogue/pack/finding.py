"""The pack's words for the search and its events of life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from tongban.base.pack import Changes, Document, Finding, Pack, PackSection, Shape, parse
from tongban.catalogue.models import BaseItem, LifeEvent, SearchWordGroup
from tongban.catalogue.searching import indexing, words
from tongban.kernel.actor import Actor

WORDS = "search-words.yaml"
EVENTS = "life-events.yaml"

_Word = Annotated[str, Field(min_length=2, max_length=20)]
_Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]


class WordsShape(Shape):
    """`search-words.yaml`: groups of words that mean the same to those who search."""

    groups: Annotated[
        tuple[Annotated[tuple[_Word, ...], Field(min_length=2, max_length=12)], ...], Field(max_length=500)
    ]


class EventShape(Shape):
    """An event of life: whose it is, what people call it, and its items in their order."""

    slug: _Slug
    name: Annotated[str, Field(min_length=1, max_length=20)]
    side: Literal["person", "company"]
    items: Annotated[tuple[str, ...], Field(min_length=1, max_length=60)]


class EventsShape(Shape):
    """`life-events.yaml`."""

    events: Annotated[tuple[EventShape, ...], Field(max_length=100)]


class FindingSection(PackSection):
    """Equal words and events of life; after the items, whose slugs they name."""

    name = "finding"
    title = "检索词和生活事件"
    order = 55
    files = (WORDS, EVENTS)

    def check(self, pack: Pack) -> Iterable[Finding]:
        """A word that stands in two groups, an event twice, an item that nobody has defined."""
        document = pack.yaml(WORDS)
        if document is not None:
            shape, found = parse(document, WordsShape)
            yield from found
            if shape is not None:
                yield from _twice(document, shape)
        document = pack.yaml(EVENTS)
        if document is not None:
            events, found = parse(document, EventsShape)
            yield from found
            if events is not None:
                yield from _event_faults(pack, document, events)

    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Replace groups and events by those of the files; the items they concern are found by them at once."""
        del actor
        changes = Changes()
        document = pack.yaml(WORDS)
        shape = parse(document, WordsShape)[0] if document else None
        _load_groups([list(group) for group in shape.groups] if shape else [], changes)
        document = pack.yaml(EVENTS)
        events = parse(document, EventsShape)[0] if document else None
        _load_events(events.events if events else (), changes)
        return changes


def _twice(document: Document, shape: WordsShape) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, group in enumerate(shape.groups):
        for place, word in enumerate(group):
            key = words.run(word)
            if seen.setdefault(key, number) != number:
                yield document.finding(("groups", number, place), f"“{word}”已经在另一组里", "一个词只能在一组里")
            elif [words.run(one) for one in group].index(key) != place:
                yield document.finding(("groups", number, place), f"“{word}”在这一组里写了两次", "删去一个")


def _event_faults(pack: Pack, document: Document, shape: EventsShape) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, event in enumerate(shape.events):
        if event.slug in seen:
            yield document.finding(("events", number, "slug"), f"生活事件 {event.slug} 写了两次", "每个事件一个标识")
        seen.add(event.slug)
        for place, slug in enumerate(event.items):
            if pack.resolve("item", slug) is None:
                yield pack.unknown("item", slug, document, ("events", number, "items", place), "事项")
            elif event.items.index(slug) != place:
                yield document.finding(("events", number, "items", place), f"事项 {slug} 写了两次", "删去一个")


def _load_groups(groups: list[list[str]], changes: Changes) -> None:
    known = list(SearchWordGroup.objects.order_by("id").values_list("words", flat=True))
    if known == groups:
        changes.unchanged += len(groups)
        return
    SearchWordGroup.objects.all().delete()
    SearchWordGroup.objects.bulk_create(SearchWordGroup(words=group) for group in groups)
    changes.changed.append(f"检索词 {len(groups)} 组")


def _load_events(events: tuple[EventShape, ...], changes: Changes) -> None:
    known = {row.slug: row for row in LifeEvent.objects.all()}
    concerned: set[str] = set()
    for position, event in enumerate(events, start=1):
        values = {"name": event.name, "side": event.side, "position": position, "items": list(event.items)}
        row = known.pop(event.slug, None)
        before = {name: getattr(row, name) for name in values} if row else {}
        if before == values:
            changes.unchanged += 1
            continue
        LifeEvent.objects.update_or_create(slug=event.slug, defaults=values)
        concerned |= set(event.items) | set(row.items if row else ())
        (changes.changed if row else changes.added).append(f"生活事件 {event.name}")
    for gone in known.values():
        concerned |= set(gone.items)
        changes.retired.append(f"生活事件 {gone.name}")
        gone.delete()
    indexing.refresh(BaseItem.objects.filter(slug__in=concerned).values_list("pk", flat=True))
