"""Steps between acceptance and decision: opened in order or in parallel, claimed, completed with an opinion."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, events, inbox, policy, refusals
from tongban.cases.commands import opening, opinions
from tongban.cases.models import Case, CaseStep
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act, state_of_steps
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of
from tongban.directory import queries as directory
from tongban.identity.queries import names_of
from tongban.kernel.actor import Actor, AppointmentRef
from tongban.kernel.problems import Invalid, NotFound

OPINION_MAX = 2000


def open_first_steps(actor: Actor, case: Case, now: datetime) -> None:
    """Lay out the steps of the item version and open those that wait for none; part of accepting."""
    definition = definition_of(case.item_version)
    for order, step in enumerate(definition.steps):
        unit = directory.organisation(step.unit) if step.unit else case.organisation
        CaseStep.objects.create(
            case=case,
            key=step.key,
            name=step.name,
            kind=step.kind,
            order=order,
            organisation=directory.successor(unit, moment.local_date(now)),
            role=step.role,
        )
    open_ready_steps(actor, case, definition, now)


@transaction.atomic
def claim_step(*, actor: Actor, case_no: str, step_key: str) -> CaseStep:
    """Take an open step on oneself; taking it again changes nothing.

    Raises:
        CaseRefusal: somebody else took it, it is not open, or the actor has no post for it.
        NotFound: no such case or step.
    """
    case = opening.take(actor, case_no, Act.CLAIM_STEP)
    step, _post = open_step(actor, case, step_key, Act.CLAIM_STEP)
    if step.claimed_by_id == actor.account_id:
        return step
    if step.claimed_by_id is not None:
        raise CaseRefusal("step_claimed", "同事已经领办了这个环节。需要接手的，请与领办人或本单位负责人商量。")
    step.claimed_by_id = actor.account_id
    step.save(update_fields=["claimed_by"])
    inbox.keep_claim(step)
    opening.tell(case, events.StepClaimed(step=step.key), actor=actor)
    return step


@transaction.atomic
def complete_step(
    *,
    actor: Actor,
    case_no: str,
    step_key: str,
    agree: bool,
    opinion: str,
    checklist: Sequence[str] = (),
    seen: opinions.Seen | None = None,
) -> CaseStep:
    """Give the unit's opinion on a handling or review step; the steps that waited for it open.

    `checklist`: the points of the guide's check-list that were found in order. An approval step is not completed but
    decided: see `decide`. `seen`: what the page knew of the draft of this opinion, where it was kept.

    Raises:
        Invalid: no opinion where one is needed, or a point that is not on the list.
        CaseRefusal: not open, taken by somebody else, no post for it, or it is the approval.
        NotFound: no such case or step.
    """
    case = opening.take(actor, case_no, Act.COMPLETE_STEP)
    step, post = open_step(actor, case, step_key, Act.COMPLETE_STEP)
    if step.kind == "approval":
        raise CaseRefusal("step_is_decision", "这是决定环节，请用“作出决定”写明准予或者不予。")
    check_claim(actor, step)
    opinions.check_seen(actor, step, seen)
    definition = definition_of(case.item_version)
    now = moment.now()
    _check_opinion(definition, step, agree=agree, opinion=opinion, checklist=checklist)
    finish(actor, step, post, agree=agree, opinion=opinion.strip(), checklist=checklist, now=now)
    event = events.StepCompleted(
        step=step.key,
        agree=agree,
        opinion_sha256=hashlib.sha256(step.opinion.encode()).hexdigest(),
        delegated=post.delegated_from is not None,
    )
    opening.tell(case, event, actor=actor, at=now)
    open_ready_steps(actor, case, definition, now)
    return step


def approval_step(actor: Actor, case: Case) -> tuple[CaseStep, AppointmentRef]:
    """The open approval step and the actor's post for it.

    Raises:
        CaseRefusal: the actor has no post for it, or somebody else took it.
    """
    step = case.steps.select_for_update().filter(kind="approval", state="open").first()
    if step is None:
        raise CaseRefusal("step_not_open", "还有环节没有办完，不能作出决定。请等各环节提交意见后再决定。")
    post = policy.step_post(actor, step)
    if post is None:
        raise refusals.not_yours(Act.DECIDE)
    check_claim(actor, step)
    return step, post


def finish(
    actor: Actor,
    step: CaseStep,
    post: AppointmentRef,
    *,
    agree: bool,
    opinion: str,
    checklist: Sequence[str],
    now: datetime,
) -> None:
    """Write the step's result and take it out of the inboxes."""
    step.state = "done"
    step.done_at = now
    step.done_by_id = actor.account_id
    step.done_by_title = title_of(actor, post)
    step.agree = agree
    step.opinion = opinion
    step.checklist = list(checklist)
    step.save(
        update_fields=["state", "done_at", "done_by", "done_by_title", "agree", "opinion", "checklist"],
    )
    inbox.close(step.case, now, step=step)
    opinions.forget_opinions(step.case, step)


def open_step(actor: Actor, case: Case, key: str, act: Act) -> tuple[CaseStep, AppointmentRef]:
    """The open step of the current round, locked, and the actor's post for it.

    Raises:
        NotFound: no such step.
        CaseRefusal: no post for it, or it is not open.
    """
    rows = case.steps.select_for_update(of=("self",)).select_related("organisation")
    step = rows.filter(key=key).order_by("-round").first()
    if step is None:
        raise NotFound("这个环节", code="step_not_found")
    post = policy.step_post(actor, step)
    if post is None:
        raise refusals.not_yours(act)
    if step.state != "open":
        raise CaseRefusal("step_not_open", f"“{step.name}”不在办理中，可能还没轮到，也可能已经办完。请刷新页面。")
    step.case = case
    return step, post


def title_of(actor: Actor, post: AppointmentRef) -> str:
    """Post and name of an official as the file and the documents show them, with whom they stand in for (代)."""
    title = f"{post.post_title} {actor.name}".strip()
    if post.delegated_from is None:
        return title
    lender = names_of([post.delegated_from]).get(post.delegated_from, "")
    return _("%(title)s（代%(name)s）") % {"title": title, "name": lender}


def check_claim(actor: Actor, step: CaseStep) -> None:
    """Refuse a step that a colleague took.

    Raises:
        CaseRefusal: `step_claimed`.
    """
    if not policy.is_free(actor, step):
        raise CaseRefusal("step_claimed", "同事已经领办了这个环节。需要接手的，请与领办人或本单位负责人商量。")


def _check_opinion(
    definition: Definition, step: CaseStep, *, agree: bool, opinion: str, checklist: Sequence[str]
) -> None:
    listed = next(one.checklist for one in definition.steps if one.key == step.key)
    problems: dict[str, str] = {}
    if len(opinion) > OPINION_MAX:
        problems["opinion"] = f"意见不能超过 {OPINION_MAX} 字。"
    if not opinion.strip():
        problems["opinion"] = "请写明意见。" if agree else "不同意的，请写明理由和依据。"
    if set(checklist) - set(listed):
        problems["checklist"] = "只能勾选办事指南列出的审查要点。"
    elif agree and set(listed) - set(checklist):
        missing = "、".join(one for one in listed if one not in set(checklist))
        problems["checklist"] = f"同意前请逐项核对审查要点，还有：{missing}。"
    if problems:
        raise Invalid(fields=problems, code="opinion_invalid")


def current_steps(case: Case) -> dict[str, CaseStep]:
    """The steps by key, each in its latest round, locked in the order of their keys."""
    rows = case.steps.select_for_update(of=("self",)).select_related("organisation").order_by("pk")
    found = {one.key: one for one in rows}
    for one in found.values():
        one.case = case
    return found


def open_ready_steps(actor: Actor, case: Case, definition: Definition, now: datetime) -> None:
    """Open the steps of the current round that wait for nothing more; the state of the case follows."""
    steps = current_steps(case)
    after = {one.key: one.after for one in definition.steps}
    limits = {one.key: one.limit for one in definition.steps}
    calendar = work_calendar(case.division_id)
    for key, step in steps.items():
        if step.state != "waiting" or any(steps[one].state != "done" for one in after[key]):
            continue
        step.state, step.opened_at = "open", now
        due = clock.step_due(limits[key], now, calendar)
        step.due_on = due.date if due else case.promised_due_on
        step.save(update_fields=["state", "opened_at", "due_on"])
        inbox.open_step(step, now)
        event = events.StepOpened(step=key, organisation=step.organisation.code, due_on=step.due_on)
        opening.tell(case, event, actor=actor, at=now)
    open_kinds = frozenset(one.kind for one in steps.values() if one.state == "open")
    opening.save(case, state=state_of_steps(open_kinds))
