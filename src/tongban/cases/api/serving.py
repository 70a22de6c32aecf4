"""Service of results: how a system's applicants want it, where it stands; how a body's own system does it."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema
from pydantic import AwareDatetime

from tongban.base.web.api import Bearer, actor_of, link_page, problems
from tongban.base.web.offering import reading
from tongban.cases import commands, queries
from tongban.cases.api.acting import HandledOut, NothingIn, TongbanPost, act_on_case, do_act
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import CaseOut, ServiceIn, case_out, router
from tongban.kernel.actor import Actor


class ScanOut(Schema):
    """One thing that happened to a parcel."""

    at: datetime
    label: str


class ParcelOut(Schema):
    """The parcel: its service and number, where it is."""

    carrier: str
    tracking_no: str
    state: str
    label: str
    sent_at: datetime
    scans: list[ScanOut]


class ServedOut(Schema):
    """One attempt to serve the result, or the one that did."""

    at: datetime
    way: str
    outcome: str
    served: bool


class NoticeOut(Schema):
    """A public notice as everybody may read it: a person's name masked."""

    id: str
    number: str
    verify_code: str
    organisation: str
    recipient: str
    documents: list[str]
    contact: str
    published_at: datetime
    ends_on: date


class DeliveryOut(Schema):
    """How the result of a case is being served."""

    delivered_at: datetime | None
    parcel: ParcelOut | None
    attempts: list[ServedOut]
    notice: NoticeOut | None


class NoticeFilter(Schema):
    """Where to go on."""

    cursor: str = Field("", max_length=1000, description="上一页的 next。")
    size: int = Field(20, ge=1, le=100)


class NoticeList(Schema):
    """A page, newest first; `next` is a cursor or null."""

    items: list[NoticeOut]
    next: str | None


@reading(router, "/cases/{case_no}/delivery", DeliveryOut, "查看送达情况", scope="cases:track")
def read_delivery(request: HttpRequest, case_no: str) -> DeliveryOut:
    """The parcel, every attempt, the public notice."""
    case = queries.access_case(actor_of(request), case_no)
    found = queries.serving(case)
    parcel = found.parcel if found else None
    return DeliveryOut(
        delivered_at=case.delivered_at,
        parcel=_parcel_out(parcel) if parcel else None,
        attempts=[
            ServedOut(at=one.at, way=one.way, outcome=one.outcome, served=one.served)
            for one in (found.attempts if found else ())
        ],
        notice=_notice_out(found.notice) if found and found.notice and found.notice.running else None,
    )


@router.put(
    "/cases/{case_no}/service",
    auth=Bearer("cases:submit"),
    response=CaseOut,
    summary="更改领取方式",
    openapi_extra=problems(401, 403, 404, 409, 422, 429),
)
def choose_delivery(request: HttpRequest, case_no: str, body: ServiceIn) -> CaseOut:
    """Change how the result shall come, until it is delivered or in the post. The same body changes nothing twice."""
    service = commands.Service(**body.dict())
    return case_out(commands.choose_delivery(actor=actor_of(request), case_no=case_no, service=service))


@router.get("/public-notices", auth=None, response=NoticeList, summary="列出送达公告", openapi_extra=problems(422, 429))
def list_public_notices(request: HttpRequest, response: HttpResponse, filters: Query[NoticeFilter]) -> NoticeList:
    """Public notices whose term runs, newest first."""
    page = queries.running_notices(cursor=filters.cursor, size=filters.size)
    link_page(request, response, page)
    return NoticeList(items=[_notice_out(one) for one in page.items], next=page.next)


def _parcel_out(parcel: queries.ParcelView) -> ParcelOut:
    return ParcelOut(
        carrier=parcel.carrier,
        tracking_no=parcel.tracking_no,
        state=parcel.state,
        label=parcel.label,
        sent_at=parcel.sent_at,
        scans=[ScanOut(at=one.at, label=one.label) for one in parcel.scans],
    )


def _notice_out(notice: queries.NoticeView) -> NoticeOut:
    return NoticeOut(
        id=str(notice.public_id),
        number=notice.number,
        verify_code=notice.verify_code,
        organisation=notice.organisation,
        recipient=notice.recipient,
        documents=[" ".join(one).strip() for one in notice.papers],
        contact=notice.contact,
        published_at=notice.published_at,
        ends_on=notice.ends_on,
    )


class ParcelIn(Body):
    """The carrier's service and number; another addressee only where it is not the confirmed one."""

    carrier: Literal["ems", "registered"]
    tracking_no: str = Field(min_length=1, max_length=20)
    recipient: str = Field(default="", max_length=100)
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20)


class ParcelEndIn(Body):
    """How the parcel ended, when, and who signed where it was signed for."""

    outcome: Literal["signed", "refused", "returned", "lost"]
    at: AwareDatetime
    signed_by: Literal["", "recipient", "family", "office"] = ""
    note: str = Field(default="", max_length=500)


class AttemptIn(Body):
    """An attempt that failed: how, when, where, and what was found."""

    way: Literal["visit", "window"]
    outcome: Literal["absent", "refused", "moved"]
    at: AwareDatetime
    place: str = Field(max_length=200)
    note: str = Field(max_length=500)


class WitnessIn(Schema):
    """Somebody of the neighbourhood committee or of the recipient's unit."""

    name: str = Field(min_length=1, max_length=50)
    unit: str = Field(min_length=1, max_length=100)


class LeavingIn(Body):
    """Documents left because receipt was refused: two witnesses, or where the recording of it is kept."""

    at: AwareDatetime
    place: str = Field(max_length=200)
    reason: str = Field(max_length=500)
    witnesses: list[WitnessIn] = Field(default_factory=list, max_length=10)
    recording: str = Field(default="", max_length=500)


class NoticeIn(Body):
    """Why only a public notice is left, and what happened, for the file."""

    reason: Literal["unknown", "failed"]
    account: str = Field(max_length=500)


@act_on_case("parcel", "登记邮寄")
def send_parcel(request: HttpRequest, case_no: str, post: TongbanPost, body: ParcelIn) -> HandledOut:
    """Hand the result to the post, at the confirmed address or the one named here."""

    def send(*, actor: Actor, case_no: str, **given: str) -> object:
        return commands.send_parcel(actor=actor, case_no=case_no, posting=commands.Posting(**given))

    return do_act(request, post, case_no, "send_parcel", send, body)


@act_on_case("parcel/ask", "查询邮件", also=(503,))
def ask_carrier(request: HttpRequest, case_no: str, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Ask the carrier where the parcel is, and do what follows."""
    return do_act(request, post, case_no, "ask_carrier", commands.ask_carrier, body)


@act_on_case("parcel/end", "登记邮件结果")
def end_parcel(request: HttpRequest, case_no: str, post: TongbanPost, body: ParcelEndIn) -> HandledOut:
    """Note how the parcel ended: signed for, it is served as of then; else it is to be delivered again."""

    def end(*, actor: Actor, case_no: str, **given: Any) -> object:
        return commands.end_parcel(actor=actor, case_no=case_no, end=commands.ParcelEnd(**given))

    return do_act(request, post, case_no, "end_parcel", end, body)


@act_on_case("failed-service", "登记送达未成")
def note_failed_service(request: HttpRequest, case_no: str, post: TongbanPost, body: AttemptIn) -> HandledOut:
    """Note an attempt that did not reach the applicant."""

    def note(*, actor: Actor, case_no: str, **given: Any) -> object:
        return commands.note_failed_service(actor=actor, case_no=case_no, attempt=commands.Attempt(**given))

    return do_act(request, post, case_no, "note_failed_service", note, body)


@act_on_case("leave", "留置送达")
def leave_documents(request: HttpRequest, case_no: str, post: TongbanPost, body: LeavingIn) -> HandledOut:
    """Serve by leaving the documents where receipt was refused."""

    def leave(*, actor: Actor, case_no: str, witnesses: list[dict[str, str]], **given: Any) -> object:
        seen = tuple(commands.Witness(**one) for one in witnesses)
        leaving = commands.Leaving(witnesses=seen, **given)
        return commands.leave_documents(actor=actor, case_no=case_no, leaving=leaving)

    return do_act(request, post, case_no, "leave_documents", leave, body)


@act_on_case("public-notice", "公告送达")
def publish_notice(request: HttpRequest, case_no: str, post: TongbanPost, body: NoticeIn) -> HandledOut:
    """Serve by public notice: after thirty days it counts as served."""
    return do_act(request, post, case_no, "publish_notice", commands.publish_notice, body)
