"""Back to an earlier step (退回): the work is done again in a new round, and nothing of the first round is lost."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events, inbox, rounds
from tongban.cases.commands import opening, opinions, steps
from tongban.cases.models import Case, CaseStep
from tongban.cases.states import Act
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of
from tongban.directory import queries as directory
from tongban.identity.queries import accounts_with
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

REASON_MIN = 4
REASON_MAX = 2000


@transaction.atomic
def return_step(*, actor: Actor, case_no: str, step_key: str, to: str, reason: str) -> CaseStep:
    """Send the case back from an open review or approval to an earlier step, which opens again; the new step.

    The step sent back ends with its reason (noderesult 7 退回). The earlier one and everything behind it are to be done
    again as a new round: what was said before stays in the file. It goes to whoever did it, who still holds the post,
    else to the post. The clock of the decision runs on; the applicant is told nothing, for nothing is asked of them.

    Raises:
        Invalid: no reason, or `to` is not an earlier step.
        CaseRefusal: not open, taken by somebody else, or no post for it.
        NotFound: no such case or step.
    """
    case = opening.take(actor, case_no, Act.RETURN_STEP)
    step, post = steps.open_step(actor, case, step_key, Act.RETURN_STEP)
    steps.check_claim(actor, step)
    definition = definition_of(case.item_version)
    _check(definition, step, to, reason)
    now = moment.now()
    _end(step, "returned", now)
    step.done_by_id = actor.account_id
    step.done_by_title = steps.title_of(actor, post)
    step.opinion = reason.strip()
    step.save(update_fields=["done_by", "done_by_title", "opinion"])
    event = events.StepReturned(
        step=step.key,
        back_to=to,
        reason_sha256=hashlib.sha256(step.opinion.encode()).hexdigest(),
        delegated=post.delegated_from is not None,
    )
    opening.tell(case, event, actor=actor, at=now)
    again = _next_round(case, definition, to, now)
    steps.open_ready_steps(actor, case, definition, now)
    again.refresh_from_db()
    return again


def _next_round(case: Case, definition: Definition, to: str, now: datetime) -> CaseStep:
    """Lay out once more the step and what is behind it, at the end of the list; what never began just moves there."""
    current = steps.current_steps(case)
    place = max(one.order for one in current.values()) + 1
    for key in (to, *rounds.behind(definition, to)):
        row = current[key]
        if row.state == "open":
            _end(row, "stopped", now)
        if row.state != "waiting":
            row = _copy(row, moment.local_date(now))
            # Whoever did it knows the case; what is behind goes to the post.
            if key == to and _holds(current[key].done_by_id, row):
                row.claimed_by_id = current[key].done_by_id
        row.order = place
        row.save()
        current[key] = row
        place += 1
    return current[to]


def _copy(row: CaseStep, today: date) -> CaseStep:
    return CaseStep(
        case=row.case,
        key=row.key,
        name=row.name,
        kind=row.kind,
        round=row.round + 1,
        organisation=directory.successor(row.organisation, today),
        role=row.role,
    )


def _holds(account_id: int | None, step: CaseStep) -> bool:
    return any(one.pk == account_id for one in accounts_with(step.role, step.organisation_id))


def _end(step: CaseStep, state: str, now: datetime) -> None:
    """Close an open step without an opinion on the matter itself."""
    step.state, step.done_at = state, now
    step.save(update_fields=["state", "done_at"])
    inbox.close(step.case, now, step=step)
    opinions.forget_opinions(step.case, step)


def _check(definition: Definition, step: CaseStep, to: str, reason: str) -> None:
    problems: dict[str, str] = {}
    if to not in rounds.targets(definition, step.key, step.kind):
        problems["to"] = _("只能由审核、批准环节退回到它之前的环节，请重新选择。")
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        problems["reason"] = _("请写明退回的原因和要重新办理的内容，%(least)s 至 %(most)s 字。") % {
            "least": REASON_MIN,
            "most": REASON_MAX,
        }
    if problems:
        raise Invalid(fields=problems, code="return_invalid")
