"""The line of cases to which something happened, written under the relay: what a batch of changes has to look at."""

from typing import Final

from django.db import connection
from django.db.models import Max

from tongban.base.outbox import OutboxEvent
from tongban.cases import events
from tongban.cases.models import Case, ExchangeMark

#: Held to the end of the transaction: a place that a batch sees has no smaller one still to come.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('tongban.cases.exchange'))"
#: Kinds that change what is reported and are told to nobody outside; the feed marks the others by the way.
INTERNAL: Final = frozenset({events.StepOpened.kind, events.StepCompleted.kind, events.StepReturned.kind})


def mark(event: OutboxEvent) -> None:
    """Put the event's case at the end of the line, in the relay's transaction."""
    mark_case(Case.objects.only("pk").get(case_no=event.subject.partition(":")[2]))


def mark_case(case: Case) -> None:
    """Put the case at the end of the line; the line is held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    row = ExchangeMark(case=case, seq=last() + 1)
    ExchangeMark.objects.bulk_create([row], update_conflicts=True, unique_fields=["case"], update_fields=["seq"])


def last() -> int:
    """The last place of the line; 0 where there is none."""
    return ExchangeMark.objects.aggregate(last=Max("seq"))["last"] or 0
