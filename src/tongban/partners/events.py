"""The events of this room: what becomes of the places to which events are sent."""

from dataclasses import dataclass
from typing import ClassVar

from tongban.base.records import EventRecord


@dataclass(frozen=True, kw_only=True)
class WebhookAdded(EventRecord):
    """A registered system named an address to be told at; no kind means all kinds."""

    kind: ClassVar[str] = "WebhookAdded"
    client: int
    host: str
    kinds: list[str]


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(EventRecord):
    """Nothing is sent there any more."""

    kind: ClassVar[str] = "WebhookRemoved"


@dataclass(frozen=True, kw_only=True)
class WebhookSecretChanged(EventRecord):
    """A new secret signs; the one before signs beside it for a day."""

    kind: ClassVar[str] = "WebhookSecretChanged"


@dataclass(frozen=True, kw_only=True)
class WebhookPaused(EventRecord):
    """Nothing got through for so long that sending stopped; `reason` is `failures` or `gone`."""

    kind: ClassVar[str] = "WebhookPaused"
    reason: str
    failures: int


@dataclass(frozen=True, kw_only=True)
class WebhookResumed(EventRecord):
    """Sending goes on."""

    kind: ClassVar[str] = "WebhookResumed"


@dataclass(frozen=True, kw_only=True)
class WebhookMessageRetried(EventRecord):
    """Messages that had been given up are sent again."""

    kind: ClassVar[str] = "WebhookMessageRetried"
    messages: int
