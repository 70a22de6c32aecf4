"""Writes the line of events of cases that systems read (`base.lines`), under the relay."""

from typing import Any, Final

from tongban.base import lines
from tongban.base.models import Event
from tongban.base.outbox import OutboxEvent
from tongban.cases import events
from tongban.cases.archive_events import ArchiveTaken
from tongban.cases.exchange import marks
from tongban.cases.models import Case, FeedEntry
from tongban.cases.supervision_events import BeyondGuideReported
from tongban.partners.commands import queue_webhooks

#: How the body works inside is nobody's business outside.
_INTERNAL: Final = {
    events.StepOpened.kind, events.StepClaimed.kind, events.StepAssigned.kind, events.StepCompleted.kind,
    events.StepReleased.kind, events.StepReturned.kind, events.ReceptionClaimed.kind, events.ReceptionReleased.kind,
    events.CopyTaken.kind, ArchiveTaken.kind,
    events.NoteAdded.kind, BeyondGuideReported.kind, events.OpinionFileAdded.kind, events.OpinionFileRemoved.kind,
}  # fmt: skip
#: Kinds that systems hear of.
PUBLIC: Final = frozenset(events.KINDS) - _INTERNAL


def take_place(event: OutboxEvent) -> None:
    """Give an event of a case its place in the line, and queue it for webhooks and the exchange, under the relay."""
    joined = Case.objects.select_related("implementation", "organisation")
    case = joined.only("case_no", "client_id", "implementation__task_code", "organisation__code").get(
        case_no=event.subject.partition(":")[2]
    )
    lines.take(FeedEntry(event_id=event.id, case=case, client_id=case.client_id, organisation_id=case.organisation_id))
    marks.mark_case(case)
    told = message(event, case, case.organisation.code)
    # After the lock, so that the line of each webhook has the order of this one.
    queue_webhooks(
        kind=event.kind,
        message_id=told["id"],
        message=told,
        client_id=case.client_id,
        organisation_id=case.organisation_id,
    )


def message(event: OutboxEvent | Event, case: Case, organisation_code: str) -> dict[str, Any]:
    """The event as systems get it, read or sent: CloudEvents 1.0 (structured JSON), without personal data.

    `organisation_code` is the body in charge then, `time` the legal moment; `data` says which case,
    and everything else is read there.
    """
    return {
        "specversion": "1.0",
        "id": f"{case.case_no}-{event.seq}",
        "source": "/api/v1/cases",
        "type": event.kind,
        "subject": case.case_no,
        "time": event.at,
        "datacontenttype": "application/json",
        "data": {
            "case_no": case.case_no,
            "task_code": case.implementation.task_code,
            "organisation_code": organisation_code,
            "seq": event.seq,
        },
    }
