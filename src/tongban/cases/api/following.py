"""A system follows its cases: the list, the correction, taking the result, documents and licences."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Field, Query, Schema

from tongban.base.web.api import Bearer, actor_of, link_page, problems
from tongban.base.web.downloads import attached
from tongban.base.web.offering import changing, reading
from tongban.cases import commands, queries
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import CaseOut, case_out, router, upload_named
from tongban.cases.models import Case, Correction
from tongban.cases.signing import sha256
from tongban.documents.commands import open_copy
from tongban.documents.queries import documents_readable
from tongban.kernel.problems import NotFound
from tongban.licences.queries import of_case


class CaseFilter(Schema):
    """What to list."""

    open_only: bool = Field(False, description="只列未办结的。")
    cursor: str = Field("", max_length=1000, description="上一页的 next。")
    size: int = Field(20, ge=1, le=100)


class CaseRow(Schema):
    """A case in the list."""

    case_no: str
    item_name: str
    task_code: str
    organisation: str
    state: str
    state_label: str
    submitted_at: datetime
    promised_due_on: date | None


class CaseList(Schema):
    """A page, newest first; `next` is a cursor or null."""

    items: list[CaseRow]
    next: str | None


class DefectOut(Schema):
    """One thing to complete: a material or a field, and what is to be done."""

    kind: str
    key: str
    name: str
    what: str


class CorrectionOut(Schema):
    """The one notice of everything that is missing."""

    due_on: date
    requested_at: datetime
    answered_at: datetime | None
    in_pre_review: bool = Field(description="收件前退回的；受理期限照常计算。")
    defects: list[DefectOut]
    form: dict[str, Any] = Field(description="要改的字段的 JSON Schema。")


class CorrectionIn(Body):
    """What the notice asks for and nothing else; files are uploaded before."""

    form: dict[str, Any] = Field(default_factory=dict, max_length=300)
    materials: dict[str, list[str]] = Field(default_factory=dict, max_length=60)
    signature: dict[str, str] = Field(default_factory=dict, max_length=20)


class PaperOut(Schema):
    """A document whose file this system may fetch."""

    id: str
    kind: str
    title: str
    number: str
    verify_code: str
    issued_at: datetime
    read_at: datetime | None = Field(description="申请人或其代办系统第一次取得文件的时间（已阅）；没有取过为空。")


class PaperList(Schema):
    """The documents of a case."""

    items: list[PaperOut]


class LicenceOut(Schema):
    """An electronic licence issued in the case."""

    identifier: str
    name: str
    number: str
    status: str
    valid_from: date
    valid_to: date | None
    document_id: str | None


class LicenceList(Schema):
    """The licences issued in a case."""

    items: list[LicenceOut]


@router.get(
    "/cases",
    auth=Bearer("cases:track"),
    response=CaseList,
    summary="列出办件",
    openapi_extra=problems(401, 403, 422, 429),
)
def list_cases(request: HttpRequest, response: HttpResponse, filters: Query[CaseFilter]) -> CaseList:
    """The cases that this system filed, newest first."""
    page = queries.my_cases(actor_of(request), cursor=filters.cursor, size=filters.size, open_only=filters.open_only)
    link_page(request, response, page)
    return CaseList(items=[_row(one) for one in page.items], next=page.next)


@reading(router, "/cases/{case_no}/correction", CorrectionOut, "读取补正告知", scope="cases:track")
def read_correction(request: HttpRequest, case_no: str) -> CorrectionOut:
    """What must be completed, and until when."""
    case = queries.access_case(actor_of(request), case_no)
    notice = notice_of(case)
    return CorrectionOut(
        due_on=notice.due_on,
        requested_at=notice.requested_at,
        answered_at=notice.answered_at,
        in_pre_review=notice.in_pre_review,
        defects=[DefectOut(**{key: one[key] for key in ("kind", "key", "name", "what")}) for one in notice.defects],
        form=queries.named_schema(case),
    )


@changing(router, "/cases/{case_no}/correction", CaseOut, "提交补正", scope="cases:submit")
def submit_correction(request: HttpRequest, case_no: str, body: CorrectionIn) -> CaseOut:
    """Hand in what the notice asked for; complete materials count as a fresh receipt."""
    actor = actor_of(request)
    case = queries.access_case(actor, case_no)
    notice_of(case)
    given = {key: [upload_named(actor, one) for one in ids] for key, ids in body.materials.items()}
    content = commands.correction_content(case, body.form, given)
    proof = commands.SignatureProof(method="client", sha256=sha256(content), evidence=dict(body.signature))
    done = commands.submit_correction(actor=actor, case_no=case_no, form=body.form, materials=given, proof=proof)
    return case_out(done)


@changing(router, "/cases/{case_no}/take", CaseOut, "电子领取结果", scope="cases:submit")
def take_result(request: HttpRequest, case_no: str) -> CaseOut:
    """Take the decision and its result electronically: from now on they count as served (行政许可法 art. 44)."""
    return case_out(commands.deliver_by_download(actor=actor_of(request), case_no=case_no))


@reading(router, "/cases/{case_no}/documents", PaperList, "列出文书", scope="cases:track")
def list_documents(request: HttpRequest, case_no: str) -> PaperList:
    """The documents that the applicant may have now: decision and licence once they are served."""
    actor = actor_of(request)
    case = queries.access_case(actor, case_no)
    return PaperList(
        items=[
            PaperOut(
                id=str(one.public_id),
                kind=one.kind,
                title=one.title,
                number=one.number,
                verify_code=one.verify_code,
                issued_at=one.issued_at,
                read_at=one.read_at,
            )
            for one in documents_readable(actor, case.subject)
        ]
    )


@reading(router, "/cases/{case_no}/documents/{document_id}", None, "下载文书", scope="cases:track")
def read_document(request: HttpRequest, case_no: str, document_id: str) -> HttpResponseBase:
    """The sealed PDF of one document."""
    actor = actor_of(request)
    case = queries.access_case(actor, case_no)
    wanted = next((one for one in documents_readable(actor, case.subject) if str(one.public_id) == document_id), None)
    if wanted is None:
        raise NotFound("这份文书", code="document_not_found")
    copy = open_copy(actor=actor, public_id=wanted.public_id, channel="api")
    return attached(copy.pdf, filename=copy.filename, content_type="application/pdf")


@reading(router, "/cases/{case_no}/licences", LicenceList, "列出电子证照", scope="cases:track")
def list_licences(request: HttpRequest, case_no: str) -> LicenceList:
    """The electronic licences issued in the case, once they are served; `document_id` is fetched as a document."""
    case = queries.access_case(actor_of(request), case_no)
    found = of_case(case.case_no) if case.delivered_at is not None else []
    return LicenceList(
        items=[
            LicenceOut(
                identifier=one.licence_id,
                name=one.type.name,
                number=one.number,
                status=str(one.status),
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                document_id=str(one.document.public_id) if one.document else None,
            )
            for one in found
        ]
    )


def notice_of(case: Case) -> Correction:
    """The one notice of what is missing.

    Raises:
        NotFound: none was given.
    """
    notice = queries.correction_of(case)
    if notice is None:
        raise NotFound("补正告知", code="correction_not_found")
    return notice


def _row(case: Case) -> CaseRow:
    return CaseRow(
        case_no=case.case_no,
        item_name=case.item_name,
        task_code=case.implementation.task_code,
        organisation=case.organisation.name,
        state=case.state,
        state_label=str(queries.LABELS[queries.State(case.state)]),
        submitted_at=case.submitted_at,
        promised_due_on=case.promised_due_on,
    )
