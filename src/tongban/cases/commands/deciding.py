"""The decision: granted or refused, in writing, with its reasons (行政许可法 art. 37, 38)."""

from django.db import transaction

from tongban.base import moment
from tongban.cases import events, inbox, papers, telling
from tongban.cases.commands import closing, opening, opinions
from tongban.cases.commands.charging import check_settled, raise_bill_if_due
from tongban.cases.commands.steps import approval_step, finish
from tongban.cases.models import Case, Decision
from tongban.cases.states import Act, ResultCode, State
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

REASON_MIN = 4
REASON_MAX = 2000


@transaction.atomic
def decide(
    *, actor: Actor, case_no: str, granted: bool, reason: str = "", basis: str = "", seen: opinions.Seen | None = None
) -> Case:
    """Decide on the case by its approval step; the decision and the 呈批表 that led to it are made.

    A refusal needs reason and basis and tells the remedies. On a grant the result is then to be issued within ten
    working days (art. 44). `seen`: what the page knew of the draft of this opinion, where it was kept.

    Raises:
        Invalid: a refusal without reason or basis.
        CaseRefusal: steps are still open, no post for it, or a fee that is due before the decision is not paid.
        NotFound: not to be seen.
    """
    _check(granted=granted, reason=reason, basis=basis)
    case = opening.take(actor, case_no, Act.DECIDE)
    step, post = approval_step(actor, case)
    opinions.check_seen(actor, step, seen)
    if granted:
        check_settled(case, before="decision")
    now = moment.now()
    step.case = case
    words = reason.strip() or "同意。"
    finish(actor, step, post, agree=granted, opinion=words, checklist=(), now=now)
    if granted:
        Decision.objects.create(
            case=case,
            kind="granted",
            reason=reason.strip(),
            basis=basis.strip(),
            decided_at=now,
            decided_by_id=actor.account_id,
        )
        opening.save(case, state=State.DECIDED_GRANTED, decided_at=now)
    else:
        closing.close(
            actor, case, State.DECIDED_REFUSED, ResultCode.REFUSED,
            at=now, reason=reason.strip(), basis=basis.strip(), decided_at=now,
        )  # fmt: skip
    conclusion = "准予。" if granted else f"不予。{words}"
    steps = list(case.steps.select_related("organisation"))
    form = papers.issue(
        actor=actor, case=case, kind="approval_form",
        content=papers.approval_form(case, steps=steps, conclusion=conclusion), at=now,
    )  # fmt: skip
    document = papers.issue(
        actor=actor, case=case, kind="granted" if granted else "refused",
        content=papers.decision(case, granted=granted, reason=reason.strip(), basis=basis.strip()), at=now,
    )  # fmt: skip
    event = events.CaseDecided(
        granted=granted,
        decided_at=now,
        on_time=on_time(case),
        document=document.verify_code,
        approval_form=form.verify_code,
        delegated=post.delegated_from is not None,
    )
    opening.tell(case, event, actor=actor, at=now)
    inbox.close(case, now)
    if granted:
        raise_bill_if_due(actor, case, before="delivery")
    inbox.open_result(case, "issue" if granted else "delivery", now)
    telling.decided(case, document, granted=granted)
    return case


def on_time(case: Case) -> bool:
    """Whether the decision came by the promised day."""
    if case.promised_due_on is None or case.decided_at is None:
        return True
    return moment.local_date(case.decided_at) <= case.promised_due_on


def _check(*, granted: bool, reason: str, basis: str) -> None:
    problems: dict[str, str] = {}
    if len(reason) > REASON_MAX:
        problems["reason"] = f"理由不能超过 {REASON_MAX} 字。"
    if not granted and len(reason.strip()) < REASON_MIN:
        problems["reason"] = "不予许可必须说明理由（《行政许可法》第三十八条第二款）。"
    if not granted and len(basis.strip()) < REASON_MIN:
        problems["basis"] = "请写明不予许可所依据的法律条款。"
    if problems:
        raise Invalid(fields=problems, code="reason_missing")
