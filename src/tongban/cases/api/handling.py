"""A body's own system does its officials' acts: the same commands and policy, in the name of a post bound to it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Schema

from tongban.cases import commands
from tongban.cases.api.acting import (
    HandledOut,
    NothingIn,
    TongbanPost,
    act_on_case,
    do_act,
    do_at_desk,
    handled,
    keep_act,
    post_holder,
    read_at_desk,
)
from tongban.cases.api.examples import Body
from tongban.kernel.actor import Actor


class DefectIn(Schema):
    """One thing to complete: a material or a field of the guide, and what is to be done."""

    kind: Literal["material", "field"]
    key: str = Field(min_length=1, max_length=50)
    what: str = Field(min_length=1, max_length=1000)


class CorrectionNoticeIn(Body):
    """Everything that is missing, at once: there is no second notice (行政许可法 art. 32)."""

    defects: list[DefectIn] = Field(min_length=1, max_length=60)


class ReasonIn(Body):
    """Reason and legal basis."""

    reason: str = Field(max_length=2000)
    basis: str = Field(max_length=1000)


class RefusalIn(ReasonIn):
    """Also the body whose matter it is, if it is another's."""

    right_body: str = Field(default="", max_length=200)


class EndIn(Body):
    """Why a case ends without a decision."""

    reason: str = Field(max_length=500)


class TransferIn(EndIn):
    """Also the body that it is passed to."""

    to_body: str = Field(max_length=200)


class OpinionIn(Body):
    """The unit's opinion on a step, and the points of the check-list that were found in order."""

    agree: bool
    opinion: str = Field(max_length=2000)
    checklist: list[str] = Field(default_factory=list, max_length=60)


class ReturnIn(Body):
    """Key of the earlier step, and why its work is to be done again."""

    to: str = Field(min_length=1, max_length=50)
    reason: str = Field(max_length=2000)


class DecisionIn(Body):
    """Granted, or refused with reason and basis."""

    granted: bool
    reason: str = Field(default="", max_length=2000)
    basis: str = Field(default="", max_length=1000)


class ManyIn(Body):
    """An act and the cases that it is done to, each for itself."""

    act: Literal["receive", "accept", "claim", "release", "archive"]
    cases: list[Annotated[str, Field(min_length=1, max_length=50)]] = Field(min_length=1, max_length=commands.MANY_MAX)


class OneOut(Schema):
    """What became of one case; `code` of a refusal, else empty."""

    case_no: str
    outcome: Literal["done", "unchanged", "refused"]
    detail: str
    code: str


class ManyOut(Schema):
    """What became of each, in the order asked, each number once."""

    results: list[OneOut]


@read_at_desk("cases/{case_no}", HandledOut, "查看要办理的办件")
def read_handled(request: HttpRequest, case_no: str, post: TongbanPost) -> HandledOut:
    """A case that the post-holder may see."""
    return handled(post_holder(request, post), case_no)


@act_on_case("receive", "收件")
def receive(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Take the materials."""
    return do_act(request, post, case_no, "receive", commands.receive, body)


@act_on_case("hand-over", "重新移交部省系统")
def hand_over(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Hand a case over once more that the system in which it is run refused."""
    return do_act(request, post, case_no, "hand_over", commands.hand_over_again, body)


@act_on_case("request-correction", "一次性告知补正")
def request_correction(request: HttpRequest, case_no: str, post: TongbanPost, body: CorrectionNoticeIn) -> HandledOut:
    """Tell the applicant, once, everything that is missing."""
    return do_act(request, post, case_no, "request_correction", _with_defects(commands.request_correction), body)


@act_on_case("return-in-pre-review", "预审退回")
def return_in_pre_review(request: HttpRequest, case_no: str, post: TongbanPost, body: CorrectionNoticeIn) -> HandledOut:
    """Send an online application back before receipt with everything that is missing: the one notice."""
    return do_act(request, post, case_no, "return_in_pre_review", _with_defects(commands.return_in_pre_review), body)


def _with_defects(command: Callable[..., object]) -> Callable[..., object]:
    def tell(*, actor: Actor, case_no: str, defects: list[dict[str, Any]]) -> object:
        return command(actor=actor, case_no=case_no, defects=[commands.Defect(**one) for one in defects])

    return tell


@act_on_case("accept", "受理")
def accept(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Accept: the clock of the decision starts."""
    return do_act(request, post, case_no, "accept", commands.accept, body)


@act_on_case("refuse-acceptance", "不予受理")
def refuse_acceptance(request: HttpRequest, case_no: str, post: TongbanPost, body: RefusalIn) -> HandledOut:
    """Refuse to accept, with reason and basis."""
    return do_act(request, post, case_no, "refuse_acceptance", commands.refuse_acceptance, body)


@act_on_case("no-permit-needed", "告知不需要许可")
def no_permit_needed(request: HttpRequest, case_no: str, post: TongbanPost, body: ReasonIn) -> HandledOut:
    """Tell that no permit is needed."""
    return do_act(request, post, case_no, "tell_no_permit_needed", commands.tell_no_permit_needed, body)


@act_on_case("claim", "领办收件受理")
def claim_reception(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Take the reception of the case for the post-holder."""
    return do_act(request, post, case_no, "claim_reception", commands.claim_reception, body)


@act_on_case("release", "收件受理退回待领")
def release_reception(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Put the reception back for any colleague."""
    return do_act(request, post, case_no, "release_reception", commands.release_reception, body)


@act_on_case("steps/{step_key}/release", "环节退回待领")
def release_step(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Put an open step back for any colleague."""
    return do_act(request, post, case_no, "release_step", commands.release_step, body, step_key=step_key)


@act_on_case("steps/{step_key}/claim", "领办环节")
def claim_step(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Take an open step for the post-holder."""
    return do_act(request, post, case_no, "claim_step", commands.claim_step, body, step_key=step_key)


@act_on_case("steps/{step_key}/complete", "提交环节意见")
def complete_step(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, body: OpinionIn) -> HandledOut:
    """Give the unit's opinion on a step."""
    return do_act(request, post, case_no, "complete_step", commands.complete_step, body, step_key=step_key)


@act_on_case("steps/{step_key}/return", "退回到以前的环节")
def return_step(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, body: ReturnIn) -> HandledOut:
    """Send the case back to an earlier step."""
    return do_act(request, post, case_no, "return_step", commands.return_step, body, step_key=step_key)


@act_on_case("decide", "作出决定")
def decide(request: HttpRequest, case_no: str, post: TongbanPost, body: DecisionIn) -> HandledOut:
    """Decide by the approval step."""
    return do_act(request, post, case_no, "decide", commands.decide, body)


@act_on_case("issue", "制发结果")
def issue_result(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Make the result that the item promises."""
    return do_act(request, post, case_no, "issue_result", commands.issue_result, body)


@act_on_case("void", "作废办结")
def void(request: HttpRequest, case_no: str, post: TongbanPost, body: EndIn) -> HandledOut:
    """End the case as void."""
    return do_act(request, post, case_no, "void", commands.void, body)


@act_on_case("return-unanswered", "退件办结")
def return_unanswered(request: HttpRequest, case_no: str, post: TongbanPost, body: EndIn) -> HandledOut:
    """Return an application that was not completed within the term."""
    return do_act(request, post, case_no, "return_unanswered", commands.return_unanswered, body)


@act_on_case("delete-entry", "删除办结")
def delete_entry(request: HttpRequest, case_no: str, post: TongbanPost, body: EndIn) -> HandledOut:
    """Take back what a window entered in error."""
    return do_act(request, post, case_no, "delete_entry", commands.delete_entry, body)


@act_on_case("transfer", "转报办结")
def transfer(request: HttpRequest, case_no: str, post: TongbanPost, body: TransferIn) -> HandledOut:
    """Pass the case to an upper or another body and end it here."""
    return do_act(request, post, case_no, "transfer", commands.transfer, body)


@do_at_desk("batch", ManyOut, "一次办理多件")
def do_many(request: HttpRequest, post: TongbanPost, body: ManyIn) -> ManyOut:
    """Receive, accept, claim or release many cases; each is told for itself, what is refused hinders no other."""
    rows = commands.do_many(actor=post_holder(request, post), act=body.act, case_nos=body.cases)
    for one in rows:
        if one.outcome == "done":
            keep_act(request, post, body.act, f"case:{one.case_no}")
    results = [OneOut(case_no=one.case_no, outcome=one.outcome, detail=one.words, code=one.code) for one in rows]
    return ManyOut(results=results)
