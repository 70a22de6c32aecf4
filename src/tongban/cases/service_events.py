"""Events of the service of results (送达)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tongban.cases.event_base import CaseEvent


@dataclass(frozen=True, kw_only=True)
class DeliveryChanged(CaseEvent):
    """The applicant changed how the result shall come."""

    kind: ClassVar[str] = "DeliveryChanged"
    way: str


@dataclass(frozen=True, kw_only=True)
class ParcelPosted(CaseEvent):
    """The result was handed to the post (民事诉讼法 art. 91); `parcel` is the key of its row, which has the number."""

    kind: ClassVar[str] = "ParcelPosted"
    carrier: str
    parcel: int


@dataclass(frozen=True, kw_only=True)
class ServiceFailed(CaseEvent):
    """An attempt to serve the result did not reach the applicant; it is still to be delivered."""

    kind: ClassVar[str] = "ServiceFailed"
    method: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class NoticePublished(CaseEvent):
    """Service by public notice began; it counts as served when the term ends (民事诉讼法 art. 95)."""

    kind: ClassVar[str] = "NoticePublished"
    reason: str
    ends_on: date
    document: str


#: All of them.
EVENTS: tuple[type[CaseEvent], ...] = (DeliveryChanged, ParcelPosted, ServiceFailed, NoticePublished)
