"""Taking work on oneself and putting it back (领办、退回待领): the reception of a case, a step."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.cases import events, inbox, policy
from tongban.cases.commands import opening
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.queries.claims import is_reception_free, reception_bodies, reception_taker
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.identity.models import Account
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


@transaction.atomic
def claim_reception(*, actor: Actor, case_no: str) -> Case:
    """Take the reception of a case on oneself, until it is accepted or given back; again changes nothing.

    Nobody else receives, corrects or accepts it meanwhile. The five working days run on regardless.

    Raises:
        CaseRefusal: somebody else took it, no post for it, or it is not to be received.
        NotFound: absent or not the actor's to see.
    """
    case = opening.take(actor, case_no, Act.CLAIM_RECEPTION)
    if actor.account_id is not None and reception_taker(case) is None:
        inbox.take_reception(case, actor.account_id)
        opening.tell(case, events.ReceptionClaimed(), actor=actor)
    return case


@transaction.atomic
def release_reception(*, actor: Actor, case_no: str) -> Case:
    """Put the reception of a case back, so that any colleague may take it; where nobody has it, nothing changes.

    Whoever took it does so, their substitute, or the head of a body that may receive it: somebody may have fallen ill.

    Raises:
        CaseRefusal: not the actor's to put back, or it is not to be received.
        NotFound: absent or not the actor's to see.
    """
    case = opening.take(actor, case_no, Act.RELEASE_RECEPTION)
    taker = reception_taker(case)
    if taker is None:
        return case
    if not is_reception_free(actor, case, taker) and not reception_bodies(case) & policy.headed_units(actor):
        raise _not_yours(taker.name)
    inbox.take_reception(case, None)
    opening.tell(case, events.ReceptionReleased(before=taker.pk), actor=actor)
    return case


@transaction.atomic
def release_step(*, actor: Actor, case_no: str, step_key: str) -> CaseStep:
    """Put an open step back, so that any colleague of its post may take it; where nobody has it, nothing changes.

    Whoever took it does so, their substitute, or its unit's head. What was being written about it stays its author's.

    Raises:
        CaseRefusal: not the actor's to put back, or the step is not open.
        NotFound: no such case or step.
    """
    case = opening.take(actor, case_no, Act.RELEASE_STEP)
    rows = case.steps.select_for_update(of=("self",)).select_related("claimed_by")
    step = rows.filter(key=step_key).order_by("-round").first()
    if step is None:
        raise NotFound(_("这个环节"), code="step_not_found")
    if step.state != "open":
        raise CaseRefusal("step_not_open", _("这个环节不在办理中，可能已经办完。请刷新页面。"))
    taker = step.claimed_by
    if taker is None:
        return step
    if not policy.is_free(actor, step) and not policy.heads(actor, step.organisation_id):
        raise _not_yours(taker.name)
    step.case, step.claimed_by = case, None
    step.save(update_fields=["claimed_by"])
    inbox.keep_claim(step)
    opening.tell(case, events.StepReleased(step=step.key, before=taker.pk), actor=actor)
    return step


@transaction.atomic
def move_claims(*, old: Account, new: Account, organisation_ids: Sequence[int]) -> int:
    """Give what somebody took and has not finished to whoever takes over; how many steps and receptions."""
    steps = CaseStep.objects.filter(state="open", claimed_by=old, organisation_id__in=list(organisation_ids))
    moved = list(steps.order_by("pk").select_for_update().values_list("pk", flat=True))
    CaseStep.objects.filter(pk__in=moved).update(claimed_by=new)
    InboxEntry.objects.filter(step__in=moved, closed_at__isnull=True).update(claimed_by=new)
    receptions = InboxEntry.objects.filter(kind="reception", claimed_by=old, closed_at__isnull=True)
    cases = set(receptions.filter(organisation_id__in=list(organisation_ids)).values_list("case_id", flat=True))
    receptions.filter(case_id__in=cases).update(claimed_by=new)
    return len(moved) + len(cases)


def _not_yours(name: str) -> CaseRefusal:
    return CaseRefusal(
        "claim_not_yours",
        _("这是%s领办的，只有本人和本单位负责人可以退回。请与领办人或本单位负责人商量。") % name,
        status=403,
    )
