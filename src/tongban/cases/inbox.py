"""Opening and closing what stands in inboxes; called by commands inside their transaction."""

from datetime import date, datetime

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.policy import RECEPTION_ROLES
from tongban.cases.queries.access import window_ids

#: 行政许可法 art. 44, 82: the result is issued and delivered within ten working days of the decision.
RESULT_WORKDAYS = 10


def open_reception(case: Case, now: datetime) -> None:
    """Show a new or completed application to everybody who may receive it."""
    bodies = sorted(window_ids(case) | {case.organisation_id})
    due = due_of(case, "reception", None, now)
    InboxEntry.objects.bulk_create(
        InboxEntry(case=case, kind="reception", organisation_id=body, role=role, due_on=due, opened_at=now)
        for body in bodies
        for role in RECEPTION_ROLES
    )


def open_step(step: CaseStep, now: datetime) -> None:
    """Show an open step to the role at its unit."""
    due = due_of(step.case, "step", step, now)
    InboxEntry.objects.create(
        case=step.case,
        step=step,
        kind="step",
        organisation_id=step.organisation_id,
        role=step.role,
        due_on=due,
        opened_at=now,
    )


def open_result(case: Case, kind: str, now: datetime) -> None:
    """Show that the result is to be made (`issue`) or handed out (`delivery`), within ten working days of the decision.

    行政许可法 art. 44.
    """
    bodies = {case.organisation_id} | ({case.received_by_id} if case.received_by_id else set())
    due = due_of(case, kind, None, now)
    InboxEntry.objects.bulk_create(
        InboxEntry(case=case, kind=kind, organisation_id=body, role=role, due_on=due, opened_at=now)
        for body in sorted(bodies)
        for role in RECEPTION_ROLES
    )


def due_of(case: Case, kind: str, step: CaseStep | None, now: datetime) -> date:
    """By when an entry of this kind is due: acceptance, the step's own limit, or the result after the decision."""
    if kind == "reception":
        return case.due_acceptance_on or moment.local_date(now)
    if step is not None:
        return step.due_on or case.promised_due_on or moment.local_date(now)
    return work_calendar(case.division_id).add(moment.local_date(case.decided_at or now), RESULT_WORKDAYS).date


def close(case: Case, now: datetime, *, step: CaseStep | None = None) -> None:
    """Take the case's open entries out of every inbox, or those of one step."""
    entries = InboxEntry.objects.filter(case=case, closed_at__isnull=True)
    if step is not None:
        entries = entries.filter(step=step)
    entries.update(closed_at=now)
