"""Who has a case open: each look is kept for a minute, so that two colleagues do not do the same work unknowingly."""

from datetime import timedelta

from tongban.base import moment
from tongban.cases.models import Presence
from tongban.cases.queries.access import access_case
from tongban.cases.queries.colleagues import Beside, beside
from tongban.kernel.actor import Actor

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
    here = Presence(case_id=case.pk, account_id=actor.account_id, seen_at=moment.now())
    Presence.objects.bulk_create(
        [here], update_conflicts=True, unique_fields=["case", "account"], update_fields=["seen_at"]
    )
    return beside(actor, case)


def forget_looks() -> int:
    """Forget who had which case open; how many looks were forgotten."""
    old = moment.now() - timedelta(hours=KEPT_HOURS)
    return Presence.objects.filter(seen_at__lt=old).delete()[0]
