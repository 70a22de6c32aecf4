"""Events of the catalogue, in the chain `item:<task code>` and in the outbox. No personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class _Event:
    kind: ClassVar[str]

    def payload(self) -> Mapping[str, str | int]:
        """The event's own fields."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ItemVersionPublished(_Event):
    """A new version of an implementation is in force; new cases use it, running ones keep theirs."""

    kind: ClassVar[str] = "ItemVersionPublished"
    task_code: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class ItemSuspended(_Event):
    """An implementation takes no new cases for now."""

    kind: ClassVar[str] = "ItemSuspended"
    task_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemResumed(_Event):
    """A suspended or cancelled implementation takes cases again."""

    kind: ClassVar[str] = "ItemResumed"
    task_code: str


@dataclass(frozen=True, slots=True)
class ItemCancelled(_Event):
    """An implementation has ended; its running cases are finished under their versions."""

    kind: ClassVar[str] = "ItemCancelled"
    task_code: str
    reason: str
