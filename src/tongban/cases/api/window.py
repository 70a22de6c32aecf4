"""A window's own system: money taken, a result handed out, and what somebody without an account signs by hand."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Status
from ninja.files import UploadedFile

from tongban.base.web.offering import FILE
from tongban.cases import commands, queries
from tongban.cases.api.acting import HandledOut, TongbanPost, act_on_case, do_act, do_at_desk, post_holder, read_at_desk
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import FileOut, file_out, keep_sent, upload_named
from tongban.cases.api.following import notice_of
from tongban.cases.api.paying import BillList, bills_out
from tongban.cases.web.reading import strokes_of
from tongban.kernel.actor import Actor
from tongban.payments.commands import pay_at_window
from tongban.payments.queries import bill_about

Point = Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=2, max_length=2)]
Strokes = Annotated[list[Annotated[list[Point], Field(max_length=2000)]], Field(max_length=200)]
_STROKES = "签名板上的笔画：每笔由点组成，点是横、纵坐标，各为 0 至 1。"


class PaidIn(Body):
    """What was received, after change was given."""

    method: Literal["cash", "card", "code"]
    received_fen: int = Field(ge=0, le=2**53)


class CollectorIn(Body):
    """Who takes the result, and how receipt was signed: on a pad, or on paper that was scanned and uploaded."""

    name: str = Field(max_length=100)
    document_kind: str = Field(default="111", pattern=r"^\d{3}$")
    document_number: str = Field(max_length=40)
    relation: Literal["applicant", "agent"] = "applicant"
    strokes: Strokes = Field(default_factory=list, description=_STROKES)
    paper_id: UUID | None = Field(default=None, description="签过字的纸质回证，先上传。")
    place: str = Field(default="", max_length=200, description="上门送达的地点；在窗口领取的不填。")


class ByHandIn(Body):
    """The applicant's signature: on a pad, or on a sheet that is kept."""

    strokes: Strokes = Field(default_factory=list, description=_STROKES)
    paper_kept: bool = Field(default=False, description="已在纸上签名，原件留存。")

    def evidence(self) -> dict[str, Any]:
        """The signature as commands keep it."""
        return {"strokes": strokes_of(self.strokes), "paper_kept": self.paper_kept}


class WithdrawnIn(ByHandIn):
    """Also why; may stay empty."""

    reason: str = Field(default="", max_length=500)


class CorrectedIn(ByHandIn):
    """Also what the notice asks for: files uploaded before, and keys of materials whose originals were seen."""

    form: dict[str, Any] = Field(default_factory=dict, max_length=300)
    materials: dict[str, list[str]] = Field(default_factory=dict, max_length=60)
    paper: list[str] = Field(default_factory=list, max_length=60)


@do_at_desk("files", {201: FileOut}, "以任职名义上传文件", also=FILE)
def upload_at_desk(request: HttpRequest, post: TongbanPost, file: File[UploadedFile]) -> Status[FileOut]:
    """Upload one file (PDF, JPG, PNG, OFD, DOCX, XLSX, up to 20 MB) to be named in an act of this post's holder."""
    return Status(201, file_out(keep_sent(post_holder(request, post), file)))


@read_at_desk("cases/{case_no}/bills", BillList, "查看缴款单")
def list_bills_at_desk(request: HttpRequest, case_no: str, post: TongbanPost) -> BillList:
    """What the applicant is to pay, paid, or need not pay any more."""
    return bills_out(queries.access_case(post_holder(request, post), case_no))


@act_on_case("bills/{bill_no}/pay", "窗口收费")
def take_payment(request: HttpRequest, case_no: str, bill_no: str, post: TongbanPost, body: PaidIn) -> HandledOut:
    """Record the money that a window took: exactly what is due."""

    def pay(*, actor: Actor, case_no: str, **paid: Any) -> object:
        case = queries.access_case(actor, case_no)
        return pay_at_window(actor=actor, bill_no=bill_about(case.subject, bill_no).bill_no, **paid)

    return do_act(request, post, case_no, "take_payment", pay, body)


@act_on_case("deliver", "窗口或者上门送达")
def deliver(request: HttpRequest, case_no: str, post: TongbanPost, body: CollectorIn) -> HandledOut:
    """Hand the result out against a signature and a document that was looked at."""

    def hand_out(
        *, actor: Actor, case_no: str, strokes: list[list[list[float]]], paper_id: UUID | None, **who: Any
    ) -> object:
        paper = upload_named(actor, str(paper_id)) if paper_id else None
        collector = commands.Collector(strokes=strokes_of(strokes), paper=paper, **who)
        return commands.deliver_at_window(actor=actor, case_no=case_no, collector=collector)

    return do_act(request, post, case_no, "deliver", hand_out, body)


@act_on_case("withdraw", "窗口代办撤回")
def withdraw_by_hand(request: HttpRequest, case_no: str, post: TongbanPost, body: WithdrawnIn) -> HandledOut:
    """Take down a withdrawal that the applicant signs by hand."""

    def withdraw(*, actor: Actor, case_no: str, reason: str, **_signed: Any) -> object:
        return commands.withdraw_at_window(actor=actor, case_no=case_no, reason=reason, evidence=body.evidence())

    return do_act(request, post, case_no, "withdraw_at_window", withdraw, body)


@act_on_case("correct", "窗口收补正材料")
def correct_by_hand(request: HttpRequest, case_no: str, post: TongbanPost, body: CorrectedIn) -> HandledOut:
    """Take down what the notice asked for, from somebody who signs by hand."""

    def correct(
        *, actor: Actor, case_no: str, materials: dict[str, list[str]], form: dict[str, Any], paper: list[str], **_: Any
    ) -> object:
        notice_of(queries.access_case(actor, case_no))
        given = {key: [upload_named(actor, one) for one in ids] for key, ids in materials.items()}
        return commands.correct_at_window(
            actor=actor, case_no=case_no, form=form, materials=given, paper=paper, evidence=body.evidence()
        )

    return do_act(request, post, case_no, "correct_at_window", correct, body)
