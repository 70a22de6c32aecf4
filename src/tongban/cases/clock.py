"""The legal clock of a case: its events as marks of the generic clock, and the due dates that follow. No database.

Acceptance: five working days from receipt (行政许可法 art. 32), stopped by the one correction notice, begun anew by the
completed materials. Decision: the promised and the statutory limit of the item version from the day of acceptance
(art. 42), that day not counted; limits are working days without holidays (art. 82).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, get_args

from tongban.cases.events import (
    AcceptanceRefused,
    CaseAccepted,
    CaseDecided,
    CaseReceived,
    CaseReturned,
    CaseSubmitted,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    CorrectionRequested,
    CorrectionSubmitted,
    EntryDeleted,
    NoPermitNeededTold,
)
from tongban.catalogue.models import Definition
from tongban.catalogue.models import Limit as ItemLimit
from tongban.kernel.clock import Clock, Limit, Limits, Mark, Unit, clock
from tongban.kernel.workdays import Due, WorkCalendar

#: 行政许可法 art. 32 item 4: incomplete materials are told within five days, or the application counts as accepted.
ACCEPTANCE_LIMIT: Final = Limit(5, "工作日")

_UNITS: Final[dict[str, Unit]] = {
    "working_days": "工作日",
    "calendar_days": "自然日",
    "hours": "小时",
    "months": "月",
    "at_once": "即办",
}
_ACCEPTANCE_MARKS: Final[dict[str, Literal["start", "stop"]]] = {
    CaseSubmitted.kind: "start",
    CaseReceived.kind: "start",
    CorrectionRequested.kind: "stop",
    CorrectionSubmitted.kind: "start",
    CaseAccepted.kind: "stop",
    AcceptanceRefused.kind: "stop",
    NoPermitNeededTold.kind: "stop",
    CaseWithdrawn.kind: "stop",
    CaseVoided.kind: "stop",
    CaseTransferred.kind: "stop",
    CaseReturned.kind: "stop",
    EntryDeleted.kind: "stop",
}
_DECISION_MARKS: Final[dict[str, Literal["start", "stop"]]] = {
    CaseAccepted.kind: "start",
    CaseDecided.kind: "stop",
    CaseWithdrawn.kind: "stop",
    CaseVoided.kind: "stop",
    CaseTransferred.kind: "stop",
}


class Happened(Protocol):
    """What of an event of the chain the clock looks at."""

    kind: str
    at: datetime
    payload: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class DecisionDues:
    """By when the body promised, and by when the law demands, the decision."""

    promised: Due
    statutory: Due


def limit_of(limit: ItemLimit) -> Limit:
    """The item's limit in the words of the generic clock."""
    return Limit(limit.amount, _UNITS[limit.unit])


def acceptance_due(received_at: datetime, calendar: WorkCalendar) -> Due:
    """The last day on which the body may decide on acceptance."""
    return _due(ACCEPTANCE_LIMIT, received_at, calendar)


def decision_dues(accepted_at: datetime, definition: Definition, calendar: WorkCalendar) -> DecisionDues:
    """Both last days of the decision, from the moment of acceptance."""
    return DecisionDues(
        promised=_due(limit_of(definition.promised), accepted_at, calendar),
        statutory=_due(limit_of(definition.statutory), accepted_at, calendar),
    )


def step_due(limit: ItemLimit | None, opened_at: datetime, calendar: WorkCalendar) -> Due | None:
    """The last day of a step's own limit; None where it has none."""
    return None if limit is None else _due(limit_of(limit), opened_at, calendar)


def acceptance_clock(events: Iterable[Happened], calendar: WorkCalendar, now: datetime) -> Clock:
    """The clock of the decision on acceptance, from the events alone."""
    return clock(_marks(events, _ACCEPTANCE_MARKS), calendar, Limits(statutory=ACCEPTANCE_LIMIT), now)


def decision_clock(events: Iterable[Happened], definition: Definition, calendar: WorkCalendar, now: datetime) -> Clock:
    """The clock of the decision, from the events alone."""
    limits = Limits(promised=limit_of(definition.promised), statutory=limit_of(definition.statutory))
    return clock(_marks(events, _DECISION_MARKS), calendar, limits, now)


def _marks(events: Iterable[Happened], kinds: dict[str, Literal["start", "stop"]]) -> list[Mark]:
    return [Mark(kinds[one.kind], _moment_of(one)) for one in events if one.kind in kinds]


def _moment_of(event: Happened) -> datetime:
    # Receipt may lie before the act that records it (online: when the application entered the system).
    received = event.payload.get("received_at")
    return datetime.fromisoformat(str(received)) if received else event.at


def _due(limit: Limit, start: datetime, calendar: WorkCalendar) -> Due:
    read = clock([Mark("start", start)], calendar, limit, start)
    if read.due is None:
        raise ValueError("A started clock has a due date.")
    return Due(read.due, provisional=read.provisional)


assert set(_UNITS.values()) == set(get_args(Unit))
