"""Who has taken the reception of a case on themselves."""

from tongban.base.reading import Asked, Prepared
from tongban.cases import policy
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.queries.access import window_ids
from tongban.cases.states import Act, State, allows
from tongban.identity.models import Account
from tongban.kernel.actor import Actor


def reception_taker(case: Case) -> Account | None:
    """Who has taken the case's reception, None where nobody has or there is nothing to receive."""
    if not allows(Act.CLAIM_RECEPTION, State(case.state)):
        return None
    return next((one.claimed_by for one in _RECEPTION.rows(case=case.pk) if one.claimed_by is not None), None)


def ask_reception(case: Case) -> Asked:
    """What is read of a case's reception, to be read ahead with other things of a page."""
    return _RECEPTION.asked(case=case.pk)


#: The open reception of a case in each inbox, with who took it.
_RECEPTION = Prepared(
    lambda case: (
        InboxEntry.objects.filter(case_id=case, kind="reception", closed_at__isnull=True)
        .select_related("claimed_by")
        .order_by("pk")
    )
)


def is_reception_free(actor: Actor, case: Case, taker: Account | None) -> bool:
    """Whether nobody has taken the case's reception whom the actor is not and does not stand in for."""
    if taker is None or taker.pk == actor.account_id:
        return True
    bodies = window_ids(case) | {case.organisation_id}
    return policy.lent_by(actor, taker.pk, policy.RECEPTION_ROLES, bodies) is not None


def left_out(actor: Actor, case: Case) -> frozenset[Act]:
    """Acts of reception that are not offered: all where a colleague has it (a head may still put it back)."""
    taker = reception_taker(case)
    if taker is None:
        return frozenset({Act.RELEASE_RECEPTION})
    if is_reception_free(actor, case, taker):
        return frozenset({Act.CLAIM_RECEPTION})
    may_put_back = bool(reception_bodies(case) & policy.headed_units(actor))
    return policy.RECEPTION_ACTS if may_put_back else policy.RECEPTION_ACTS | {Act.RELEASE_RECEPTION}


def may_release(actor: Actor, step: CaseStep) -> bool:
    """Whether the actor may put this step back: open and taken, by the actor or in a unit of theirs."""
    if step.state != "open" or step.claimed_by_id is None:
        return False
    return policy.is_free(actor, step) or policy.heads(actor, step.organisation_id)


def reception_bodies(case: Case) -> set[int]:
    """The bodies in whose inboxes the case's reception stands."""
    return {one.organisation_id for one in _RECEPTION.rows(case=case.pk)}


def claims_of(account_id: int, organisation_id: int) -> int:
    """How many open steps and receptions somebody has taken at a body."""
    steps = CaseStep.objects.filter(state="open", claimed_by=account_id, organisation_id=organisation_id)
    receptions = InboxEntry.objects.filter(
        kind="reception", claimed_by=account_id, closed_at__isnull=True, organisation_id=organisation_id
    )
    return steps.count() + receptions.values("case_id").distinct().count()
