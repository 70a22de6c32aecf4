"""Who may do what to a case: small predicates over the actor's posts. Denied unless a line here allows it."""

from typing import Final

from tongban.cases.models import Case, CaseStep, Draft
from tongban.cases.states import Act
from tongban.kernel.actor import Actor, AppointmentRef, Role

#: Roles that take applications and decide on acceptance, at the body itself or at a window authorised by it.
RECEPTION_ROLES: Final = (Role.WINDOW_CLERK, Role.CASE_OFFICER)
#: Who sends what is over to the archive of their body.
ARCHIVE_ROLES: Final = (Role.CASE_OFFICER, Role.SECTION_HEAD)
_HEADS: Final = (Role.SECTION_HEAD, Role.LEADER)
#: Acts of reception (收件、补正、受理…).
RECEPTION_ACTS: Final = frozenset(
    {
        Act.CLAIM_RECEPTION,
        Act.RECEIVE,
        Act.RETURN_IN_PRE_REVIEW,
        Act.MARK_DEFECT,
        Act.REQUEST_CORRECTION,
        Act.ACCEPT,
        Act.REFUSE_ACCEPTANCE,
        Act.TELL_NO_PERMIT_NEEDED,
        Act.RETURN_UNANSWERED,
    }
)
#: Acts of whoever has the applicant, or the paper, at the counter.
COUNTER_ACTS: Final = frozenset({Act.CHECK_ORIGINAL})
#: Acts of the applicant that a window clerk takes down, signed by hand.
WINDOW_ACTS: Final = frozenset({Act.CORRECT_AT_WINDOW, Act.WITHDRAW_AT_WINDOW})
#: Acts by which those who lead the body end a case without a decision.
LEADING_ACTS: Final = frozenset({Act.VOID, Act.TRANSFER})
#: Acts of the applicant or the agent.
APPLICANT_ACTS: Final = frozenset({Act.SUBMIT_CORRECTION, Act.WITHDRAW, Act.CHOOSE_DELIVERY})
#: Acts on a step (承办、审核、批准).
STEP_ACTS: Final = frozenset({Act.CLAIM_STEP, Act.RELEASE_STEP, Act.COMPLETE_STEP, Act.RETURN_STEP, Act.DECIDE})
#: Documents that are the applicant's once they are served: before, nothing counts as served, and a fee may be open.
WITHHELD: Final = frozenset({"granted", "refused", "licence"})
#: Acts about the result: the body, or the window that hands it out.
RESULT_ACTS: Final = frozenset(
    {
        Act.ISSUE_RESULT,
        Act.DELIVER,
        Act.SEND_PARCEL,
        Act.ASK_CARRIER,
        Act.END_PARCEL,
        Act.NOTE_FAILED_SERVICE,
        Act.LEAVE_DOCUMENTS,
        Act.PUBLISH_NOTICE,
    }
)


def post(actor: Actor, roles: tuple[str, ...], organisation_ids: frozenset[int]) -> AppointmentRef | None:
    """The actor's live post with one of these roles at one of these bodies; own posts before delegated ones."""
    found = [one for one in actor.appointments if one.role in roles and one.organisation_id in organisation_ids]
    return min(found, key=lambda one: (one.delegated_from is not None, one.id), default=None)


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor is the applicant, or acts for it: the person, who it authorised, an operator of the company,
    the filing system.
    """
    if actor.kind == "client":
        return case.client_id is not None and case.client_id == actor.client_id
    if actor.kind != "citizen":
        return False
    if case.company_id is not None:
        return case.company_id in actor.company_ids
    if case.person_id is not None:
        return case.person_id in actor.person_ids
    return case.account_id is not None and case.account_id == actor.account_id


def may_give_up(actor: Actor, case: Case) -> bool:
    """Whether the actor may withdraw as the applicant: an agent of a person needs that power by name (特别授权)."""
    mandate = actor.mandate_of(case.person_id) if case.company_id is None else None
    return is_applicant(actor, case) and (mandate is None or mandate.may_withdraw)


def step_post(actor: Actor, step: CaseStep) -> AppointmentRef | None:
    """The post by which the actor may do this step: its role, at its unit; lent by whoever took it before any other."""
    unit = frozenset({step.organisation_id})
    return lent_by(actor, step.claimed_by_id, (step.role,), unit) or post(actor, (step.role,), unit)


def lent_by(
    actor: Actor, account_id: int | None, roles: tuple[str, ...], organisation_ids: frozenset[int]
) -> AppointmentRef | None:
    """The post with one of these roles at one of these bodies that this account lent to the actor (授权代办)."""
    found = (
        one
        for one in actor.appointments
        if one.delegated_from is not None
        and one.delegated_from == account_id
        and one.role in roles
        and one.organisation_id in organisation_ids
    )
    return next(found, None)


def is_free(actor: Actor, step: CaseStep) -> bool:
    """Whether nobody has taken the step whom the actor is not and does not stand in for."""
    if step.claimed_by_id in {None, actor.account_id}:
        return True
    return lent_by(actor, step.claimed_by_id, (step.role,), frozenset({step.organisation_id})) is not None


def permission(actor: Actor, case: Case, act: Act, window_ids: frozenset[int]) -> tuple[bool, AppointmentRef | None]:
    """Whether the actor may do this act on a case that it may see, and the post by which an official does it.

    Acts on a step are open to whoever works on the case; the step's own post is asked by `step_post`.
    `window_ids`: bodies that the item authorises, in writing, to receive, accept and hand out for the implementing one.
    """
    if act == Act.WITHDRAW:
        return may_give_up(actor, case), None
    if act in APPLICANT_ACTS:
        return is_applicant(actor, case), None
    if act in RECEPTION_ACTS | RESULT_ACTS | WINDOW_ACTS | COUNTER_ACTS:
        found = post(actor, RECEPTION_ROLES, window_ids | {case.organisation_id})
        return found is not None, found
    if act in LEADING_ACTS | {Act.ARCHIVE}:
        # To the archive goes a case by the body whose fonds it belongs to, or by the clock.
        found = post(actor, ARCHIVE_ROLES if act == Act.ARCHIVE else _HEADS, frozenset({case.organisation_id}))
        return found is not None or (act == Act.ARCHIVE and actor.is_system), found
    if act == Act.RELEASE_RECEPTION:
        found = post(actor, (*RECEPTION_ROLES, *_HEADS), window_ids | {case.organisation_id})
        return found is not None, found
    if act == Act.DELETE_ENTRY:
        found = entry_post(actor, case)
        return found is not None, found
    if act in STEP_ACTS:
        return actor.kind == "staff", None
    return False, None


def entry_post(actor: Actor, case: Case) -> AppointmentRef | None:
    """The post by which the actor answers for an entry at a window: who typed it in, or a head of that window."""
    if actor.kind != "staff" or case.channel != "window" or case.received_by_id is None:
        return None
    there = frozenset({case.received_by_id})
    own = post(actor, RECEPTION_ROLES, there)
    if own is not None and Draft.objects.filter(case_id=case.pk, clerk_id=actor.account_id).exists():
        return own
    return post(actor, _HEADS, there)


def reading_post(actor: Actor, case: Case, organisation_ids: frozenset[int]) -> AppointmentRef | None:
    """The post by which an official looks into a case that it sees: at a body that works on it, or as supervisor.

    `organisation_ids`: bodies of its windows and steps.
    """
    if actor.kind != "staff":
        return None
    bodies = organisation_ids | {case.organisation_id} | ({case.received_by_id} if case.received_by_id else set())
    working = (*RECEPTION_ROLES, Role.SECTION_HEAD, Role.LEADER)
    supervising = frozenset(one.organisation_id for one in actor.appointments)
    return post(actor, working, bodies) or post(actor, (Role.SUPERVISOR,), supervising)


def opinion_units(actor: Actor) -> set[int]:
    """Units at which the actor has a post that gives opinions or decides."""
    roles = {Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER}
    return {one.organisation_id for one in actor.appointments if one.role in roles and actor.kind == "staff"}


def gives_opinions(actor: Actor) -> bool:
    """Whether the actor has any post that gives opinions or decides."""
    return bool(opinion_units(actor))


def headed_units(actor: Actor) -> set[int]:
    """Units that the actor heads: section heads and leaders, also by delegation."""
    return {one.organisation_id for one in actor.appointments if one.role in _HEADS and actor.kind == "staff"}


def heads(actor: Actor, organisation_id: int) -> bool:
    """Whether the actor is section head or leader of this unit."""
    return organisation_id in headed_units(actor)
