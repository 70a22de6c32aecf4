"""Who has a case open: each look is kept for a minute, so that two colleagues do not do the same work unknowingly."""

from datetime import timedelta

from django.db import connection

from tongban.base import moment
from tongban.cases.models import Presence
from tongban.cases.queries.access import access_case
from tongban.cases.queries.colleagues import Beside, beside
from tongban.kernel.actor import Actor

#: One statement, a transaction by itself: it is sent with every look at a case.
_LOOK = """
INSERT INTO cases_presence (case_id, account_id, seen_at) VALUES (%s, %s, %s)
ON CONFLICT (case_id, account_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
"""
#: Looks are forgotten after this.
KEPT_HOURS = 24


def look_in(*, actor: Actor, case_no: str) -> tuple[Beside, ...]:
    """Keep that the actor has the case open, and say which colleagues have, too.

    Raises:
        NotFound: absent or not the actor's to see.
    """
    case = access_case(actor, case_no)
    if actor.kind != "staff" or actor.account_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [case.pk, actor.account_id, moment.now()])
    return beside(actor, case)


def forget_looks() -> int:
    """Forget who had which case open; how many looks were forgotten."""
    old = moment.now() - timedelta(hours=KEPT_HOURS)
    return Presence.objects.filter(seen_at__lt=old).delete()[0]
