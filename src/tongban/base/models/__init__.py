"""Tables that every room shares."""

from tongban.base.models.calendar import CalendarDay, CalendarYear
from tongban.base.models.chain import Chain, DailySeal, Event, SealedHead
from tongban.base.models.counters import Counter, IdempotencyKey, RateWindow, ReferenceToken
from tongban.base.models.outbox import Delivery

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "Chain",
    "Counter",
    "DailySeal",
    "Delivery",
    "Event",
    "IdempotencyKey",
    "RateWindow",
    "ReferenceToken",
    "SealedHead",
]
