"""Those who lead the body end a case without a decision: void, or passed to an upper or another body."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events, inbox, papers, telling
from tongban.cases.commands import opening, opinions
from tongban.cases.commands.charging import drop_bills
from tongban.cases.models import Case, Decision
from tongban.cases.states import Act, ResultCode, State
from tongban.documents.models import Document
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

REASON_MIN = 4
REASON_MAX = 500
BODY_MAX = 200


@transaction.atomic
def void(*, actor: Actor, case_no: str, reason: str) -> Case:
    """End the case as void for a reason of business (作废办结, code 2); the applicant gets a 终止告知书.

    Both clocks end. What was handed in and said stays in the file; open bills are dropped.

    Raises:
        Invalid: no reason.
        NotFound, CaseRefusal: not to be seen, not in this state, not a section head or leader of the body.
    """
    reason = _checked(reason)
    case = opening.take(actor, case_no, Act.VOID)
    told = _("本件因故作废：%(reason)s") % {"reason": _sentence(reason)}
    document = _end(actor, case, State.VOIDED, ResultCode.VOIDED, reason=reason, told=told)
    opening.tell(case, events.CaseVoided(document=document.verify_code), actor=actor, at=case.completed_at)
    telling.voided(case, document)
    return case


@transaction.atomic
def transfer(*, actor: Actor, case_no: str, to_body: str, reason: str) -> Case:
    """Pass the case to an upper or another body and end it here (转报办结, code 4); the applicant is told where.

    Raises:
        Invalid: no body or no reason.
        NotFound, CaseRefusal: not to be seen, not in this state, not a section head or leader of the body.
    """
    reason = _checked(reason, to_body=to_body)
    body = to_body.strip()
    case = opening.take(actor, case_no, Act.TRANSFER)
    told = _("本机关已将该申请转报%(body)s办理：%(reason)s") % {"body": body, "reason": _sentence(reason)}
    document = _end(actor, case, State.TRANSFERRED, ResultCode.TRANSFERRED, reason=reason, told=told, to_body=body)
    event = events.CaseTransferred(to_body=body, document=document.verify_code)
    opening.tell(case, event, actor=actor, at=case.completed_at)
    telling.transferred(case, document, body)
    return case


def _end(
    actor: Actor, case: Case, state: State, code: ResultCode, *, reason: str, told: str, to_body: str = ""
) -> Document:
    """What both ends have in common: the written reason, the state, the document, nothing left open."""
    now = moment.now()
    Decision.objects.create(
        case=case,
        kind=str(state),
        reason=reason,
        right_body=to_body,
        decided_at=now,
        decided_by_id=actor.account_id,
    )
    opening.save(case, state=state, result_code=code, completed_at=now)
    cause = "transferred" if state == State.TRANSFERRED else "other"
    content = papers.termination(case, ended_on=moment.local_date(now), reason=told, cause=cause)
    document = papers.issue(actor=actor, case=case, kind="termination", content=content, at=now)
    inbox.close(case, now)
    opinions.forget_opinions(case)
    drop_bills(actor, case)
    return document


def _checked(reason: str, *, to_body: str | None = None) -> str:
    """The reason without blanks around it, if everything is filled in."""
    problems: dict[str, str] = {}
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        problems["reason"] = _("请写明理由，%(least)s 至 %(most)s 字。") % {"least": REASON_MIN, "most": REASON_MAX}
    if to_body is not None and not REASON_MIN <= len(to_body.strip()) <= BODY_MAX:
        problems["to_body"] = _("请写明转报的机关全称，例如：株洲市市场监督管理局。")
    if problems:
        raise Invalid(fields=problems, code="reason_missing")
    return reason.strip()


def _sentence(reason: str) -> str:
    return reason if reason.endswith(("。", "！", "？", ".")) else f"{reason}。"
