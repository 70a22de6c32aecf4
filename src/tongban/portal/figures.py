"""The public figures: counted from the events of cases, each event exactly once; nothing is estimated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from tongban.base import moment, outbox
from tongban.base.outbox import OutboxEvent
from tongban.cases import events
from tongban.portal.models import DayFigure

CONSUMER = "portal.figures"

#: Kind of event to the column that it counts in.
COLUMNS = {
    events.CaseSubmitted.kind: "submitted",
    events.CaseAccepted.kind: "accepted",
    events.CaseDecided.kind: "decided",
    events.ResultDelivered.kind: "delivered",
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of the home page, as of `day` (Shanghai); `month` ones run from the first of the month."""

    day: date
    submitted_today: int
    accepted_month: int
    decided_month: int
    #: Decisions within the promised limit, per cent with one decimal; None while nothing was decided.
    on_time_per_cent: float | None

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.submitted_today or self.accepted_month or self.decided_month)


def subscribe() -> None:
    """Hear of every event that counts."""
    outbox.subscribe(CONSUMER, set(COLUMNS), count)


def count(event: OutboxEvent) -> None:
    """Count one event in its day; the outbox sees to it that each comes once."""
    day = moment.local_date(event.at)
    DayFigure.objects.get_or_create(day=day)
    change = {COLUMNS[event.kind]: F(COLUMNS[event.kind]) + 1}
    if event.kind == events.CaseDecided.kind and event.payload.get("on_time"):
        change["decided_on_time"] = F("decided_on_time") + 1
    DayFigure.objects.filter(day=day).update(**change)


def current() -> Figures:
    """The figures up to now."""
    day = moment.today()
    month = DayFigure.objects.filter(day__gte=day.replace(day=1), day__lte=day).aggregate(
        accepted=Sum("accepted"), decided=Sum("decided"), on_time=Sum("decided_on_time")
    )
    today = DayFigure.objects.filter(day=day).values_list("submitted", flat=True).first()
    decided = month["decided"] or 0
    return Figures(
        day=day,
        submitted_today=today or 0,
        accepted_month=month["accepted"] or 0,
        decided_month=decided,
        on_time_per_cent=round((month["on_time"] or 0) * 100 / decided, 1) if decided else None,
    )
