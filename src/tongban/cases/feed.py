"""Writes the line of events that systems read: under the relay, one transaction after the other.

Two transactions that write at once end in any order, so a reader who remembers the highest key of the events themselves
would miss whatever ends late. Here a lock is held from the taking of the key to the end of the transaction: a key that
a reader sees has no smaller one still to come. Cases themselves never wait for the lock, only the relay does.
"""

from typing import Final

from django.db import connection

from tongban.base.outbox import OutboxEvent
from tongban.cases import events
from tongban.cases.models import Case, FeedEntry

#: How the body works inside is nobody's business outside.
_INTERNAL: Final = {
    events.StepOpened.kind, events.StepClaimed.kind, events.StepAssigned.kind, events.StepCompleted.kind,
}  # fmt: skip
#: Kinds that systems hear of.
PUBLIC: Final = frozenset(events.KINDS) - _INTERNAL

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('tongban.cases.feed'))"


def take_place(event: OutboxEvent) -> None:
    """Give an event of a case its place in the line, in the relay's transaction."""
    case = Case.objects.only("client_id", "organisation_id").get(case_no=event.subject.partition(":")[2])
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    FeedEntry.objects.create(
        event_id=event.id, case=case, client_id=case.client_id, organisation_id=case.organisation_id
    )
