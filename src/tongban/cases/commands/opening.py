"""The door that every act on a case passes: seen at all, locked, lawful in this state."""

from datetime import datetime
from typing import Any

from tongban.base import chain, moment
from tongban.cases import inbox, policy, refusals
from tongban.cases.event_base import CaseEvent
from tongban.cases.models import Case
from tongban.cases.queries.access import access_case, window_ids
from tongban.cases.queries.claims import is_reception_free, reception_taker
from tongban.cases.states import Act, State, allows
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import Actor, AppointmentRef


def take(actor: Actor, case_no: str, act: Act) -> Case:
    """The case, locked until the transaction ends, if the actor may do this act and it is lawful now.

    A step asks more: see `tongban.cases.commands.steps`.

    Raises:
        NotFound: absent or not the actor's to see.
        CaseRefusal: not the actor's to do, or the act does not follow from the case's state.
    """
    return take_with_post(actor, case_no, act)[0]


def take_with_post(actor: Actor, case_no: str, act: Act) -> tuple[Case, AppointmentRef | None]:
    """As `take`, with the post by which an official acts; the applicant and the program have none."""
    case = access_case(actor, case_no, lock=True)
    check_run_here(case, act)
    permitted, post = policy.permission(actor, case, act, window_ids(case))
    if not permitted:
        agent = act == Act.WITHDRAW and policy.is_applicant(actor, case)
        raise refusals.not_authorised() if agent else refusals.not_yours(act)
    if not allows(act, State(case.state)):
        raise refusals.wrong_state(act, State(case.state))
    if act in policy.RECEPTION_ACTS:
        _check_reception(actor, case)
    return case, post


def _check_reception(actor: Actor, case: Case) -> None:
    """Refuse an act of reception that a colleague has taken on."""
    taker = reception_taker(case)
    if taker is not None and not is_reception_free(actor, case, taker):
        raise refusals.reception_taken(taker.name)


def check_run_here(case: Case, act: Act) -> None:
    """Refuse to act here on a case that is run in a system of others.

    Raises:
        CaseRefusal: `case_run_elsewhere`.
    """
    there = definition_of(case.item_version).runs_in
    if there is not None:
        raise refusals.run_elsewhere(act, there.name)


def save(case: Case, **changes: Any) -> None:
    """Write these columns of the case, and what inboxes show of them."""
    changed = {name: value for name, value in changes.items() if getattr(case, name) != value}
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))
    inbox.keep_in_step(case, changed)


def tell(case: Case, event: CaseEvent, *, actor: Actor, at: datetime | None = None) -> None:
    """Append an event to the case's chain and to the outbox."""
    chain.append(subject=case.subject, kind=event.kind, payload=event.payload(), actor=actor, at=at or moment.now())
