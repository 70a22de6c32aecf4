"""Events of the catalogue, in the chain `item:<task code>` and in the outbox. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tongban.base.records import EventRecord


@dataclass(frozen=True, slots=True)
class ItemVersionPublished(EventRecord):
    """A new version of an implementation is in force; new cases use it, running ones keep theirs."""

    kind: ClassVar[str] = "ItemVersionPublished"
    task_code: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class ItemSuspended(EventRecord):
    """An implementation takes no new cases for now."""

    kind: ClassVar[str] = "ItemSuspended"
    task_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemResumed(EventRecord):
    """A suspended or cancelled implementation takes cases again."""

    kind: ClassVar[str] = "ItemResumed"
    task_code: str


@dataclass(frozen=True, slots=True)
class ItemCancelled(EventRecord):
    """An implementation has ended; its running cases are finished under their versions."""

    kind: ClassVar[str] = "ItemCancelled"
    task_code: str
    reason: str
