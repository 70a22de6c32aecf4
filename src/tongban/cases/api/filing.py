"""The JSON API of cases: file, track, withdraw. The same commands as every other channel."""

from datetime import date, datetime
from typing import IO, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from tongban.base import rate
from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.offering import FILE, changing, reading
from tongban.base.web.repeating import PARAMETER, key_of
from tongban.cases import commands, queries
from tongban.cases.api.examples import Body
from tongban.cases.models import Case
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.files.queries import open_file
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

router = Router(tags=["办件"])


class ApplicantIn(Schema):
    """The applicant; `document_kind` by GA/T 2000.156, or 001 for a unified social credit code."""

    kind: Literal["person", "company"]
    name: str = Field(min_length=1, max_length=200)
    document_kind: str = Field(pattern=r"^\d{3}$")
    document_number: str = Field(min_length=1, max_length=40)
    phone: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=300)
    legal_representative: str = Field(default="", max_length=100)


class ServiceIn(Body):
    """Confirmed address for service, consent to electronic service, way of delivery."""

    address: str = Field(default="", max_length=300)
    recipient: str = Field(default="", max_length=100)
    phone: str = Field(default="", max_length=20)
    email: str = Field(default="", max_length=200)
    electronic_consent: bool = False
    delivery: Literal["electronic", "window", "mail"] = "electronic"
    zip_code: str = Field(default="", max_length=6, description="邮政编码，6 位数字。")
    division: str = Field(default="", max_length=9, description="申请人所在地行政区划代码，6 位或 9 位数字。")
    investment_project_code: str = Field(
        default="", max_length=24, description="投资项目编号，例如 2026-430211-47-03-012345；与投资项目无关的不填。"
    )


class CaseIn(Body):
    """An application. What the guide does not ask for is dropped; files are uploaded before."""

    task_code: str = Field(min_length=31, max_length=50)
    applicant: ApplicantIn
    service: ServiceIn
    answers: dict[str, Any] = Field(default_factory=dict, max_length=60)
    form: dict[str, Any] = Field(default_factory=dict, max_length=300)
    materials: dict[str, list[str]] = Field(default_factory=dict, max_length=60)
    signature: dict[str, str] = Field(default_factory=dict, max_length=20)


class FiledOut(Schema):
    """What a filing gives."""

    case_no: str
    query_password: str
    state: str


class FileOut(Schema):
    """An uploaded file: name it in `materials`."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


class DocumentOut(Schema):
    """A legal document of the case."""

    kind: str
    title: str
    number: str
    verify_code: str


class EntryOut(Schema):
    """One point of the progress line."""

    phase: str
    title: str
    at: datetime | None
    who: str
    due_on: date | None


class CaseOut(Schema):
    """A case as its applicant may see it."""

    case_no: str
    item_name: str
    task_code: str
    organisation: str
    state: str
    state_label: str
    headline: str
    submitted_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    completed_at: datetime | None
    promised_due_on: date | None
    statutory_due_on: date | None
    due_provisional: bool
    entries: list[EntryOut]
    documents: list[DocumentOut]


class TrackIn(Body):
    """Number and query password."""

    case_no: str = Field(min_length=10, max_length=60)
    query_password: str = Field(min_length=4, max_length=20)


class WithdrawIn(Body):
    """Why the application is withdrawn; may stay empty."""

    reason: str = Field(default="", max_length=500)


@changing(router, "/files", {201: FileOut}, "上传材料文件", scope="cases:submit", also=FILE)
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[FileOut]:
    """Upload one file (PDF, JPG, PNG, OFD, DOCX, XLSX, up to 20 MB) to be named in a filing."""
    return Status(201, file_out(keep_sent(actor_of(request), file)))


@router.post(
    "/cases",
    auth=Bearer("cases:submit"),
    response={201: FiledOut},
    summary="提交申请",
    openapi_extra=problems(401, 403, 404, 409, 422, 429, parameters=[PARAMETER]),
)
def file_case(request: HttpRequest, body: CaseIn) -> Status[dict[str, Any]]:
    """File an application; repeated with the same Idempotency-Key it gives the same case."""
    count_filing(body.applicant)
    filing = commands.Filing(
        task_code=body.task_code,
        applicant=commands.Applicant(**body.applicant.dict()),
        service=commands.Service(**body.service.dict()),
        answers=body.answers,
        form=body.form,
        materials=body.materials,
        signature=body.signature,
    )
    return Status(201, commands.file_by_system(actor=actor_of(request), key=key_of(request), filing=filing))


@reading(router, "/cases/{case_no}", CaseOut, "查询办件", scope="cases:track")
def read_case(request: HttpRequest, case_no: str) -> CaseOut:
    """A case that this system filed."""
    return case_out(queries.access_case(actor_of(request), case_no))


@changing(router, "/cases/{case_no}/withdraw", CaseOut, "撤回申请", scope="cases:submit")
def withdraw(request: HttpRequest, case_no: str, body: WithdrawIn) -> CaseOut:
    """Withdraw a case that this system filed, before the decision."""
    return case_out(commands.withdraw(actor=actor_of(request), case_no=case_no, reason=body.reason))


@router.post(
    "/track", auth=None, response=CaseOut, summary="凭办件编号和查询密码查询进度", openapi_extra=problems(404, 422, 429)
)
def track(request: HttpRequest, body: TrackIn) -> CaseOut:
    """The case for whoever has number and query password; tries are limited."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return case_out(queries.track(body.case_no, body.query_password, address=address))


def count_filing(applicant: ApplicantIn) -> None:
    """Count an application begun for this applicant, by whichever system.

    Raises:
        TooMany: more of them within the hour than anybody needs.
    """
    limit: int = settings.API_FILINGS_PER_HOUR
    rate.hit(bucket="api.person", key=applicant.document_number.upper(), limit=limit, per_s=3600)


def keep_sent(actor: Actor, file: UploadedFile) -> StoredFile:
    """Keep a file that was sent as a form, as `keep_upload` does."""
    return keep_upload(actor, file.open(), file.name or "")


def keep_upload(actor: Actor, stream: IO[bytes], name: str) -> StoredFile:
    """Keep a file that the actor may then name.

    Raises:
        FileRefusal: it cannot be taken.
    """
    return files.store(actor=actor, stream=stream, filename=name, owner_kind=commands.UPLOAD, owner_ref=actor.ref)


def upload_named(actor: Actor, file_id: str) -> StoredFile:
    """The file with this identifier, if the system may read it.

    Raises:
        NotFound: absent, another's, or no identifier at all.
    """
    try:
        return open_file(actor, UUID(file_id))
    except ValueError:
        raise NotFound("这个文件", code="file_not_found") from None


def file_out(file: StoredFile) -> FileOut:
    """A file as a system names it."""
    return FileOut(
        id=str(file.public_id), name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256
    )


def case_out(case: Case) -> CaseOut:
    """The case as its applicant may see it."""
    found = queries.progress(case)
    return CaseOut(
        case_no=case.case_no,
        item_name=case.item_name,
        task_code=case.implementation.task_code,
        organisation=case.organisation.name,
        state=case.state,
        state_label=found.state_label,
        headline=found.headline,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        decided_at=case.decided_at,
        completed_at=case.completed_at,
        promised_due_on=case.promised_due_on,
        statutory_due_on=case.statutory_due_on,
        due_provisional=case.due_provisional,
        entries=[
            EntryOut(phase=one.phase, title=one.title, at=one.at, who=one.who, due_on=one.due_on)
            for one in found.entries
        ],
        documents=[
            DocumentOut(kind=one.kind, title=one.title, number=one.number, verify_code=one.verify_code)
            for one in found.documents
        ],
    )
