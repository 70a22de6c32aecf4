"""The head of a unit gives a step to somebody there, whether somebody has taken it or nobody."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events, inbox, policy
from tongban.cases.commands import opening
from tongban.cases.models import CaseStep
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.identity.queries import live_appointments
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound


@transaction.atomic
def assign_step(*, actor: Actor, case_no: str, step_key: str, account_id: int) -> CaseStep:
    """Give an open step to a colleague who holds the step's post; giving it to who has it changes nothing.

    What the one before had written about it stays that person's own.

    Raises:
        NotFound: no such case or step.
        CaseRefusal: the actor does not head the step's unit, or the step is not open.
        Invalid: field `account`, somebody who does not hold the post there.
    """
    case = opening.take(actor, case_no, Act.CLAIM_STEP)
    rows = case.steps.select_for_update(of=("self",)).select_related("organisation").filter(key=step_key)
    step = rows.order_by("-round").first()
    if step is None:
        raise NotFound(_("这个环节"), code="step_not_found")
    if not policy.heads(actor, step.organisation_id):
        raise CaseRefusal("not_head", _("只有本单位的审核人、审批人可以转派。请联系本单位负责人。"), status=403)
    if step.state != "open":
        raise CaseRefusal("step_not_open", _("这个环节不在办理中，可能已经办完。请刷新页面。"))
    able = live_appointments(moment.today()).filter(
        account_id=account_id, post__role=step.role, post__organisation_id=step.organisation_id
    )
    if not able.exists():
        raise Invalid(fields={"account": _("请选择本单位能办这个环节的在岗人员。")}, code="assignee_unfit")
    if step.claimed_by_id == account_id:
        return step
    step.case = case
    before = step.claimed_by_id
    step.claimed_by_id = account_id
    step.save(update_fields=["claimed_by"])
    inbox.keep_claim(step)
    opening.tell(case, events.StepAssigned(step=step.key, to=account_id, before=before), actor=actor)
    return step
