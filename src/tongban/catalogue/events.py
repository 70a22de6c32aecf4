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


@dataclass(frozen=True, slots=True)
class BaseItemPublished(EventRecord):
    """The elements of an entry of the directory are in force under a new number."""

    kind: ClassVar[str] = "BaseItemPublished"
    catalog_code: str
    number: int


@dataclass(frozen=True, slots=True)
class BaseItemSuspended(EventRecord):
    """An entry of the directory is taken up by no further body for now."""

    kind: ClassVar[str] = "BaseItemSuspended"
    catalog_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class BaseItemResumed(EventRecord):
    """A suspended entry of the directory may be taken up again."""

    kind: ClassVar[str] = "BaseItemResumed"
    catalog_code: str


@dataclass(frozen=True, slots=True)
class BaseItemCancelled(EventRecord):
    """An entry of the directory has ended; `successors` are the base codes of what replaces it."""

    kind: ClassVar[str] = "BaseItemCancelled"
    catalog_code: str
    reason: str
    successors: list[str]


@dataclass(frozen=True, slots=True)
class ItemChangeStarted(EventRecord):
    """A change order was drafted: what it does (`change`), to an entry or an implementation (`about`), by its code."""

    kind: ClassVar[str] = "ItemChangeStarted"
    number: str
    change: str
    about: str
    code: str


@dataclass(frozen=True, slots=True)
class ItemChangeSubmitted(EventRecord):
    """A change order was handed in for review; the digest is that of its content."""

    kind: ClassVar[str] = "ItemChangeSubmitted"
    number: str
    stage: str
    digest: str


@dataclass(frozen=True, slots=True)
class ItemChangeReviewed(EventRecord):
    """A reviewer approved or returned a change order with this content."""

    kind: ClassVar[str] = "ItemChangeReviewed"
    number: str
    stage: str
    verdict: str
    digest: str


@dataclass(frozen=True, slots=True)
class ItemChangeWithdrawn(EventRecord):
    """A change order was given up by those who drafted it."""

    kind: ClassVar[str] = "ItemChangeWithdrawn"
    number: str


@dataclass(frozen=True, slots=True)
class ItemChangePublished(EventRecord):
    """A change order came into force."""

    kind: ClassVar[str] = "ItemChangePublished"
    number: str


@dataclass(frozen=True, slots=True)
class ItemSourceBound(EventRecord):
    """A system may write the items of these divisions and bodies, and (`directory`) the elements of the directory."""

    kind: ClassVar[str] = "ItemSourceBound"
    directory: bool
    divisions: list[str]
    organisations: list[str]


@dataclass(frozen=True, slots=True)
class ItemSourceRevoked(EventRecord):
    """A system may write nothing of the catalogue any more."""

    kind: ClassVar[str] = "ItemSourceRevoked"


@dataclass(frozen=True, slots=True)
class DeviationAsked(EventRecord):
    """A body was asked why its item differs from that of the others; `question` is the key of the question's row."""

    kind: ClassVar[str] = "DeviationAsked"
    task_code: str
    field: str
    question: int


@dataclass(frozen=True, slots=True)
class DeviationAnswered(EventRecord):
    """A body answered why its item differs."""

    kind: ClassVar[str] = "DeviationAnswered"
    task_code: str
    field: str
    question: int
