"""The state machine of a case: which act leads from where to where, with its source in law. No database."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_noop as _


class State(StrEnum):
    """Where a case stands (domain: 办件状态)."""

    SUBMITTED = "submitted"
    PRE_REVIEW_RETURNED = "pre_review_returned"
    RECEIVED = "received"
    CORRECTION_PENDING = "correction_pending"
    NOT_ACCEPTED = "not_accepted"
    NO_PERMIT_NEEDED = "no_permit_needed"
    HANDLING = "handling"
    REVIEWING = "reviewing"
    APPROVING = "approving"
    DECIDED_GRANTED = "decided_granted"
    DECIDED_REFUSED = "decided_refused"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    DELETED = "deleted"
    ARCHIVED = "archived"


class Act(StrEnum):
    """What a person does to a case, in the words of the law."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    RETURN_IN_PRE_REVIEW = "return_in_pre_review"
    MARK_DEFECT = "mark_defect"
    REQUEST_CORRECTION = "request_correction"
    SUBMIT_CORRECTION = "submit_correction"
    ACCEPT = "accept"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    TELL_NO_PERMIT_NEEDED = "tell_no_permit_needed"
    CLAIM_RECEPTION = "claim_reception"
    RELEASE_RECEPTION = "release_reception"
    CLAIM_STEP = "claim_step"
    RELEASE_STEP = "release_step"
    COMPLETE_STEP = "complete_step"
    RETURN_STEP = "return_step"
    DECIDE = "decide"
    ISSUE_RESULT = "issue_result"
    DELIVER = "deliver"
    CHOOSE_DELIVERY = "choose_delivery"
    SEND_PARCEL = "send_parcel"
    ASK_CARRIER = "ask_carrier"
    END_PARCEL = "end_parcel"
    NOTE_FAILED_SERVICE = "note_failed_service"
    LEAVE_DOCUMENTS = "leave_documents"
    PUBLISH_NOTICE = "publish_notice"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    CORRECT_AT_WINDOW = "correct_at_window"
    WITHDRAW_AT_WINDOW = "withdraw_at_window"
    CHECK_ORIGINAL = "check_original"
    VOID = "void"
    TRANSFER = "transfer"
    RETURN_UNANSWERED = "return_unanswered"
    DELETE_ENTRY = "delete_entry"


#: States in which the body works on the case between acceptance and decision (承办、审核、批准).
IN_HAND: Final = frozenset({State.HANDLING, State.REVIEWING, State.APPROVING})
#: States before the body has decided on acceptance.
BEFORE_ACCEPTANCE: Final = frozenset(
    {State.SUBMITTED, State.PRE_REVIEW_RETURNED, State.RECEIVED, State.CORRECTION_PENDING}
)
#: States in which the body that receives has something to do before acceptance.
IN_RECEPTION: Final = frozenset({State.SUBMITTED, State.PRE_REVIEW_RETURNED, State.RECEIVED})
#: States in which the applicant is to complete what the one notice names.
TO_COMPLETE: Final = frozenset({State.PRE_REVIEW_RETURNED, State.CORRECTION_PENDING})
#: States in which nothing is decided: the applicant may withdraw.
BEFORE_DECISION: Final = BEFORE_ACCEPTANCE | IN_HAND
#: States after which nothing is owed to anybody but delivery of what was decided.
ENDED: Final = frozenset(
    {
        State.NOT_ACCEPTED,
        State.NO_PERMIT_NEEDED,
        State.DECIDED_REFUSED,
        State.COMPLETED,
        State.WITHDRAWN,
        State.VOIDED,
        State.TRANSFERRED,
        State.RETURNED,
        State.DELETED,
        State.ARCHIVED,
    }
)

#: States from which a case goes to the archive (DA/T 85-2019); an entry made in error is no case.
TO_ARCHIVE: Final = ENDED - {State.ARCHIVED, State.DELETED}

#: States in which something is to be served on the applicant: the result, or the refusal.
TO_DELIVER: Final = frozenset({State.COMPLETED, State.DECIDED_REFUSED})

#: From which states an act is lawful. 行政许可法 art. 32 (receipt, correction, acceptance, refusal, no permit needed),
#: 34, 37, 38 (examination, decision), 44 (issue and delivery). Withdrawal: any time before the decision.
ARROWS: Final[Mapping[Act, frozenset[State]]] = MappingProxyType(
    {
        # What was sent back in pre-review may be taken as it is: the five days run.
        Act.RECEIVE: frozenset({State.SUBMITTED, State.PRE_REVIEW_RETURNED}),
        Act.RETURN_IN_PRE_REVIEW: frozenset({State.SUBMITTED}),
        Act.MARK_DEFECT: frozenset({State.SUBMITTED, State.RECEIVED}),
        Act.REQUEST_CORRECTION: frozenset({State.RECEIVED}),
        Act.SUBMIT_CORRECTION: TO_COMPLETE,
        Act.ACCEPT: frozenset({State.RECEIVED}),
        Act.REFUSE_ACCEPTANCE: IN_RECEPTION,
        Act.TELL_NO_PERMIT_NEEDED: IN_RECEPTION,
        # Who of the body does it: no act of the law, hence only while it can be done at all.
        Act.CLAIM_RECEPTION: IN_RECEPTION,
        Act.RELEASE_RECEPTION: IN_RECEPTION,
        Act.CLAIM_STEP: IN_HAND,
        Act.RELEASE_STEP: IN_HAND,
        Act.COMPLETE_STEP: IN_HAND,
        Act.RETURN_STEP: IN_HAND,
        Act.DECIDE: frozenset({State.APPROVING}),
        Act.ISSUE_RESULT: frozenset({State.DECIDED_GRANTED}),
        Act.WITHDRAW: BEFORE_DECISION,
        Act.DELIVER: TO_DELIVER,
        # Service in other ways, as 民事诉讼法 art. 87–95 have it: mail, leaving, public notice.
        Act.CHOOSE_DELIVERY: BEFORE_DECISION | {State.DECIDED_GRANTED} | TO_DELIVER,
        Act.SEND_PARCEL: TO_DELIVER,
        Act.ASK_CARRIER: TO_DELIVER,
        Act.END_PARCEL: TO_DELIVER,
        Act.NOTE_FAILED_SERVICE: TO_DELIVER,
        Act.LEAVE_DOCUMENTS: TO_DELIVER,
        Act.PUBLISH_NOTICE: TO_DELIVER,
        # The end of every way; nothing follows from it (DA/T 85-2019).
        Act.ARCHIVE: TO_ARCHIVE,
        # The same two acts, signed on paper in front of a clerk by somebody who has no account.
        Act.CORRECT_AT_WINDOW: TO_COMPLETE,
        Act.WITHDRAW_AT_WINDOW: BEFORE_DECISION,
        # Comparing an upload with its original raises its trust from C to B; the clock does not notice.
        Act.CHECK_ORIGINAL: BEFORE_ACCEPTANCE | IN_HAND | {State.DECIDED_GRANTED},
        # Ends without a decision, by those who lead the body: before anything was decided.
        Act.VOID: BEFORE_DECISION,
        # What was not taken in yet cannot be passed on.
        Act.TRANSFER: IN_HAND | {State.RECEIVED},
        # Once the term to complete has passed.
        Act.RETURN_UNANSWERED: TO_COMPLETE,
        # An entry that should not be there: by whoever made it, while nobody has worked on it.
        Act.DELETE_ENTRY: BEFORE_ACCEPTANCE,
    }
)


class ResultCode(StrEnum):
    """办结 result (EA_JC_STEP_DONE.doneresult); what each needs stands in `tongban.cases.ends`."""

    LICENCE = "0"
    REFUSED = "1"
    VOIDED = "2"
    DELETED = "3"
    TRANSFERRED = "4"
    RETURNED = "5"
    NOT_ACCEPTED = "6"


LABELS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.SUBMITTED: _("已申报"),
        State.PRE_REVIEW_RETURNED: _("预审退回"),
        State.RECEIVED: _("已收件"),
        State.CORRECTION_PENDING: _("待补正"),
        State.NOT_ACCEPTED: _("不予受理"),
        State.NO_PERMIT_NEEDED: _("不需要许可"),
        State.HANDLING: _("办理中 · 承办"),
        State.REVIEWING: _("办理中 · 审核"),
        State.APPROVING: _("办理中 · 决定"),
        State.DECIDED_GRANTED: _("准予 · 待出证"),
        State.DECIDED_REFUSED: _("不予许可"),
        State.COMPLETED: _("已办结"),
        State.WITHDRAWN: _("已撤回"),
        State.VOIDED: _("作废办结"),
        State.TRANSFERRED: _("转报办结"),
        State.RETURNED: _("退件"),
        State.DELETED: _("已删除（录入错误）"),
        State.ARCHIVED: _("已归档"),
    }
)

#: Tone of the state's badge: word, shape and colour together (ui: state).
TONES: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.SUBMITTED: "run",
        State.PRE_REVIEW_RETURNED: "wait",
        State.RECEIVED: "run",
        State.CORRECTION_PENDING: "wait",
        State.NOT_ACCEPTED: "late",
        State.NO_PERMIT_NEEDED: "done",
        State.HANDLING: "run",
        State.REVIEWING: "run",
        State.APPROVING: "run",
        State.DECIDED_GRANTED: "done",
        State.DECIDED_REFUSED: "late",
        State.COMPLETED: "done",
        State.WITHDRAWN: "pause",
        State.VOIDED: "pause",
        State.TRANSFERRED: "done",
        State.RETURNED: "pause",
        State.DELETED: "pause",
        State.ARCHIVED: "done",
    }
)

ACT_LABELS: Final[Mapping[Act, str]] = MappingProxyType(
    {
        Act.SUBMIT: _("申报"),
        Act.RECEIVE: _("收件"),
        Act.RETURN_IN_PRE_REVIEW: _("预审退回"),
        Act.MARK_DEFECT: _("标注问题"),
        Act.REQUEST_CORRECTION: _("一次性告知补正"),
        Act.SUBMIT_CORRECTION: _("提交补正"),
        Act.ACCEPT: _("受理"),
        Act.REFUSE_ACCEPTANCE: _("不予受理"),
        Act.TELL_NO_PERMIT_NEEDED: _("告知不需要许可"),
        Act.CLAIM_RECEPTION: _("领办"),
        Act.RELEASE_RECEPTION: _("退回待领"),
        Act.CLAIM_STEP: _("领办"),
        Act.RELEASE_STEP: _("退回待领"),
        Act.COMPLETE_STEP: _("提交意见"),
        Act.RETURN_STEP: _("退回以前的环节"),
        Act.DECIDE: _("作出决定"),
        Act.ISSUE_RESULT: _("制发结果"),
        Act.DELIVER: _("送达"),
        Act.CHOOSE_DELIVERY: _("更改领取方式"),
        Act.SEND_PARCEL: _("邮寄送达"),
        Act.ASK_CARRIER: _("查询邮件"),
        Act.END_PARCEL: _("登记邮件结果"),
        Act.NOTE_FAILED_SERVICE: _("登记送达未成"),
        Act.LEAVE_DOCUMENTS: _("留置送达"),
        Act.PUBLISH_NOTICE: _("公告送达"),
        Act.ARCHIVE: _("归档"),
        Act.WITHDRAW: _("撤回申请"),
        Act.CORRECT_AT_WINDOW: _("窗口收补正材料"),
        Act.WITHDRAW_AT_WINDOW: _("窗口代办撤回"),
        Act.CHECK_ORIGINAL: _("核对原件"),
        Act.VOID: _("作废办结"),
        Act.TRANSFER: _("转报办结"),
        Act.RETURN_UNANSWERED: _("退件办结"),
        Act.DELETE_ENTRY: _("删除办结"),
    }
)


def allows(act: Act, state: State) -> bool:
    """Whether the law lets this act follow from this state."""
    return state in ARROWS.get(act, frozenset())


def state_of_steps(open_kinds: frozenset[str]) -> State:
    """The state of a case in hand, from the kinds of its open steps: the earliest kind counts.

    Raises:
        ValueError: no step is open, so that the case is not in hand.
    """
    for kind, state in (("handling", State.HANDLING), ("review", State.REVIEWING), ("approval", State.APPROVING)):
        if kind in open_kinds:
            return state
    raise ValueError("A case in hand has an open step.")
