"""A case ends without a decision: void, passed on, returned because nothing was completed, or entered in error."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.web.formats import cn_day
from tongban.cases import events, papers, telling
from tongban.cases.commands import closing, opening
from tongban.cases.commands.charging import drop_bills
from tongban.cases.models import Case
from tongban.cases.refusals import CaseRefusal
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
    document = _end(
        actor,
        case,
        State.TRANSFERRED,
        ResultCode.TRANSFERRED,
        reason=reason,
        told=told,
        to_body=body,
        cause="transferred",
    )
    event = events.CaseTransferred(to_body=body, document=document.verify_code)
    opening.tell(case, event, actor=actor, at=case.completed_at)
    telling.transferred(case, document, body)
    return case


@transaction.atomic
def return_unanswered(*, actor: Actor, case_no: str, reason: str) -> Case:
    """Return an application that was not completed within the term of the one notice (退件, code 5).

    The applicant gets a 终止告知书 and may apply again.

    Raises:
        Invalid: no reason.
        CaseRefusal: the term has not passed.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    reason = _checked(reason)
    case = opening.take(actor, case_no, Act.RETURN_UNANSWERED)
    if not overdue(case):
        raise CaseRefusal(
            "correction_not_overdue",
            _("补正期限到%(day)s，还没有过，不能退件。") % {"day": cn_day(case.correction.due_on)},
        )
    document = _end(actor, case, State.RETURNED, ResultCode.RETURNED, reason=reason, told=reason, cause="overdue")
    opening.tell(case, events.CaseReturned(document=document.verify_code), actor=actor, at=case.completed_at)
    telling.returned(case, document)
    return case


@transaction.atomic
def delete_entry(*, actor: Actor, case_no: str, reason: str) -> Case:
    """Take back a case that a window entered in error, before acceptance (删除办结, code 3); nothing is removed.

    By who typed it in, or a head of that window. It leaves the lists and is found by its number, with its mark. Whoever
    it names is told.

    Raises:
        Invalid: no reason.
        NotFound, CaseRefusal: not to be seen, not in this state, not who entered it.
    """
    reason = _checked(reason)
    case = opening.take(actor, case_no, Act.DELETE_ENTRY)
    told = _("本件系窗口录入错误，予以删除：%(reason)s") % {"reason": _sentence(reason)}
    document = _end(actor, case, State.DELETED, ResultCode.DELETED, reason=reason, told=told)
    opening.tell(case, events.EntryDeleted(document=document.verify_code), actor=actor, at=case.completed_at)
    telling.entry_deleted(case, document)
    return case


def overdue(case: Case) -> bool:
    """Whether the term to complete has passed."""
    return case.correction.due_on < moment.today()


def _end(
    actor: Actor,
    case: Case,
    state: State,
    code: ResultCode,
    *,
    reason: str,
    told: str,
    to_body: str = "",
    cause: str = "other",
) -> Document:
    """What these ends have in common: the code with its reason, the document, no bill left open."""
    now = moment.now()
    closing.close(actor, case, state, code, at=now, reason=reason, right_body=to_body)
    content = papers.termination(case, ended_on=moment.local_date(now), reason=told, cause=cause)
    document = papers.issue(actor=actor, case=case, kind="termination", content=content, at=now)
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
