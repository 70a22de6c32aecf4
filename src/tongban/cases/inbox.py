"""Opening and closing what stands in inboxes; called by commands inside their transaction."""

from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from tongban.base import moment, writing
from tongban.base.calendar import work_calendar
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.policy import RECEPTION_ROLES
from tongban.cases.queries.access import hall_ids

#: 行政许可法 art. 44, 82: the result is issued and delivered within ten working days of the decision.
RESULT_WORKDAYS = 10
#: Columns of a case that entries repeat: the entry's name of each.
_REPEATED: Final = {
    "case_no": "case_no",
    "item_name": "item_name",
    "division_id": "division_code",
    "applicant_name_masked": "applicant_masked",
    "state": "state",
    "channel": "channel",
    "submitted_at": "submitted_at",
    "due_provisional": "provisional",
}


def shown(case: Case, step: CaseStep | None = None) -> dict[str, Any]:
    """What an entry repeats of its case and step, by the entry's own columns."""
    repeated = {own: getattr(case, name) for name, own in _REPEATED.items()}
    repeated["task_code"] = case.implementation.task_code
    if step is not None:
        again = _("（第 %(n)s 次）") % {"n": step.round} if step.round > 1 else ""
        repeated |= {"step_name": f"{step.name}{again}", "claimed_by_id": step.claimed_by_id}
    return repeated


def keep_in_step(case: Case, changes: dict[str, Any]) -> None:
    """Repeat in the case's open entries what changed of it; called where the case itself is written."""
    repeated = {_REPEATED[name]: value for name, value in changes.items() if name in _REPEATED}
    if repeated:
        InboxEntry.objects.filter(case=case, closed_at__isnull=True).update(**repeated)


def keep_claim(step: CaseStep) -> None:
    """Repeat in the step's open entries who took it."""
    entries = InboxEntry.objects.filter(case_id=step.case_id, step=step, closed_at__isnull=True)
    entries.update(claimed_by=step.claimed_by_id)


def take_reception(case: Case, account_id: int | None) -> None:
    """Write into the case's open entries of reception who took it, or that nobody has."""
    entries = InboxEntry.objects.filter(case=case, kind="reception", closed_at__isnull=True)
    entries.update(claimed_by=account_id)


def open_reception(case: Case, now: datetime, *, taken_at: int | None = None) -> None:
    """Show a new or completed application to the body, to the halls that receive for it, and to where it was taken.

    Villages and towns authorised to take applications see those that were handed in at their own window
    (`taken_at`, key of an organisation), not everybody's.
    """
    bodies = {case.organisation_id, case.received_by_id, taken_at} | hall_ids(case)
    due = due_of(case, "reception", None, now)
    writing.create_all(
        InboxEntry(
            case=case, kind="reception", organisation_id=body, role=role, due_on=due, opened_at=now, **shown(case)
        )
        for body in sorted(one for one in bodies if one is not None)
        for role in RECEPTION_ROLES
    )


def open_step(step: CaseStep, now: datetime) -> None:
    """Show an open step to the role at its unit."""
    due = due_of(step.case, "step", step, now)
    writing.create(
        InboxEntry(
            case=step.case,
            step=step,
            kind="step",
            organisation_id=step.organisation_id,
            role=step.role,
            due_on=due,
            opened_at=now,
            **shown(step.case, step),
        )
    )


def open_result(case: Case, kind: str, now: datetime) -> None:
    """Show that the result is to be made (`issue`) or handed out (`delivery`), within ten working days of the decision.

    行政许可法 art. 44.
    """
    bodies = {case.organisation_id} | ({case.received_by_id} if case.received_by_id else set())
    due = due_of(case, kind, None, now)
    writing.create_all(
        InboxEntry(case=case, kind=kind, organisation_id=body, role=role, due_on=due, opened_at=now, **shown(case))
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
