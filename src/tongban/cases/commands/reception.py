"""Reception: receive, accept, refuse acceptance, tell that no permit is needed (行政许可法 art. 32)."""

from django.db import transaction

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, events, inbox, papers, telling
from tongban.cases.commands import closing, opening
from tongban.cases.commands.charging import raise_bill_if_due
from tongban.cases.commands.steps import open_first_steps
from tongban.cases.models import Case
from tongban.cases.states import Act, ResultCode, State
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

REASON_MIN = 4
REASON_MAX = 2000


@transaction.atomic
def receive(*, actor: Actor, case_no: str) -> Case:
    """Take the materials and give the receipt (收件凭证).

    An online application counts as received when it entered the system (电子签名法 art. 11), one at a window when it is
    handed over, which is now; the five working days run from there.

    Raises:
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case, post = opening.take_with_post(actor, case_no, Act.RECEIVE)
    now = moment.now()
    received_at = now if case.channel == "window" else case.submitted_at
    due = clock.acceptance_due(received_at, work_calendar(case.division_id))
    opening.save(
        case,
        state=State.RECEIVED,
        received_at=received_at,
        received_by_id=post.organisation_id if post else case.organisation_id,
        due_acceptance_on=due.date,
        due_provisional=due.provisional,
    )
    document = papers.issue(
        actor=actor, case=case, kind="receipt", content=papers.receipt(case, received_at=received_at), at=now
    )
    event = events.CaseReceived(
        received_at=received_at,
        due_acceptance_on=due.date,
        by_organisation=post_code(case),
        document=document.verify_code,
    )
    opening.tell(case, event, actor=actor, at=now)
    telling.received(case, document)
    return case


@transaction.atomic
def accept(*, actor: Actor, case_no: str) -> Case:
    """Accept the application (受理通知书); both clocks start on the next working day and the first steps open.

    Raises:
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.ACCEPT)
    now = moment.now()
    dues = clock.decision_dues(now, definition_of(case.item_version), work_calendar(case.division_id))
    opening.save(
        case,
        state=State.HANDLING,
        accepted_at=now,
        promised_due_on=dues.promised.date,
        statutory_due_on=dues.statutory.date,
        due_provisional=dues.promised.provisional or dues.statutory.provisional,
    )
    document = papers.issue(actor=actor, case=case, kind="acceptance", content=papers.acceptance(case), at=now)
    event = events.CaseAccepted(
        accepted_at=now,
        promised_due_on=dues.promised.date,
        statutory_due_on=dues.statutory.date,
        provisional=case.due_provisional,
        by_organisation=case.organisation.code,
        document=document.verify_code,
    )
    opening.tell(case, event, actor=actor, at=now)
    inbox.close(case, now)
    raise_bill_if_due(actor, case, before="decision")
    open_first_steps(actor, case, now)
    telling.accepted(case, document)
    return case


@transaction.atomic
def refuse_acceptance(*, actor: Actor, case_no: str, reason: str, basis: str, right_body: str = "") -> Case:
    """Decide that the application is not accepted (不予受理): reason, basis, the right body, remedies.

    Raises:
        Invalid: no reason or no basis.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    _check_words(reason=reason, basis=basis)
    case = opening.take(actor, case_no, Act.REFUSE_ACCEPTANCE)
    now = moment.now()
    document = papers.issue(
        actor=actor,
        case=case,
        kind="acceptance_refusal",
        content=papers.acceptance_refusal(case, reason=reason, basis=basis, right_body=right_body),
        at=now,
    )
    closing.close(
        actor, case, State.NOT_ACCEPTED, ResultCode.NOT_ACCEPTED,
        at=now, reason=reason, basis=basis, right_body=right_body, decided_at=now,
    )  # fmt: skip
    event = events.AcceptanceRefused(right_body=right_body or None, document=document.verify_code)
    opening.tell(case, event, actor=actor, at=now)
    telling.acceptance_refused(case, document)
    return case


@transaction.atomic
def tell_no_permit_needed(*, actor: Actor, case_no: str, reason: str, basis: str) -> Case:
    """Tell the applicant that no permit is needed for this (行政许可法 art. 32 item 1); another act than a refusal.

    Raises:
        Invalid: no reason or no basis.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    _check_words(reason=reason, basis=basis)
    case = opening.take(actor, case_no, Act.TELL_NO_PERMIT_NEEDED)
    now = moment.now()
    content = papers.no_permit_needed(case, reason=reason, basis=basis)
    document = papers.issue(actor=actor, case=case, kind="no_permit_needed", content=content, at=now)
    closing.close(
        actor, case, State.NO_PERMIT_NEEDED, ResultCode.NOT_ACCEPTED,
        at=now, reason=reason, basis=basis, decided_at=now,
    )  # fmt: skip
    opening.tell(case, events.NoPermitNeededTold(document=document.verify_code), actor=actor, at=now)
    telling.no_permit_needed(case, document)
    return case


def post_code(case: Case) -> str:
    """Credit code of the body that took the materials."""
    return case.received_by.code if case.received_by else case.organisation.code


def _check_words(*, reason: str, basis: str) -> None:
    problems: dict[str, str] = {}
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        problems["reason"] = f"请写明理由，{REASON_MIN} 至 {REASON_MAX} 字。"
    if not REASON_MIN <= len(basis.strip()) <= 1000:
        problems["basis"] = "请写明法律依据，例如：《中华人民共和国行政许可法》第三十二条第一款第（二）项。"
    if problems:
        raise Invalid(fields=problems, code="reason_missing")
