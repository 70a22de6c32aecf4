"""The line of everything that happens to the catalogue, for systems that keep a copy of it (`base.lines`)."""

from typing import Any, Final

from tongban.base import lines
from tongban.base.models import Event
from tongban.base.outbox import OutboxEvent
from tongban.catalogue import events
from tongban.catalogue.models import FeedEntry

#: Kinds that a copy of the catalogue follows.
KINDS: Final = frozenset(
    {
        events.ItemVersionPublished.kind,
        events.ItemSuspended.kind,
        events.ItemResumed.kind,
        events.ItemCancelled.kind,
        events.BaseItemPublished.kind,
        events.BaseItemSuspended.kind,
        events.BaseItemResumed.kind,
        events.BaseItemCancelled.kind,
    }
)


def take_place(event: OutboxEvent) -> None:
    """Give an event of the catalogue its place in the line, under the relay."""
    lines.take(FeedEntry(event_id=event.id))


def message(event: Event) -> dict[str, Any]:
    """The event as systems read it: CloudEvents 1.0 (structured JSON); `data` is what the event itself says."""
    return {
        "specversion": "1.0",
        "id": f"{event.subject}-{event.seq}",
        "source": "/api/v1/items",
        "type": event.kind,
        "subject": event.subject.partition(":")[2],
        "time": event.at,
        "datacontenttype": "application/json",
        "data": {"seq": event.seq, **event.payload},
    }
