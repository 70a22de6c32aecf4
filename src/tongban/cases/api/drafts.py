"""Writing an application step by step: draft, answers, form, materials, service, check, submission."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.offering import changing, reading
from tongban.cases import commands, queries
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import ApplicantIn, FiledOut, ServiceIn, count_filing, upload_named
from tongban.cases.models import Draft
from tongban.catalogue.queries import current_version, definition_of, walk
from tongban.kernel.actor import Actor

F = TypeVar("F", bound=Callable[..., Any])

router = Router(tags=["申请草稿"])

_CHANGE = problems(401, 403, 404, 409, 422, 429)


class DraftIn(Body):
    """For which item, and for whom."""

    task_code: str = Field(min_length=31, max_length=50)
    applicant: ApplicantIn


class AnswersIn(Body):
    """Answers to the questions of the guide, by question; several values where several may be chosen."""

    answers: dict[str, Any] = Field(max_length=60)


class FormIn(Body):
    """Fields of the form; what is not named stays as it is."""

    form: dict[str, Any] = Field(max_length=300)


class MaterialIn(Body):
    """A file that was uploaded before, for a material of the list."""

    key: str = Field(min_length=1, max_length=50)
    file_id: str = Field(min_length=36, max_length=36)


class DraftFileOut(Schema):
    """A file handed in for a material."""

    key: str
    file_id: str
    name: str


class DraftOut(Schema):
    """A draft as it is kept."""

    id: str
    task_code: str
    guide_version: int
    updated_at: datetime
    answers: dict[str, Any]
    form: dict[str, Any]
    service: dict[str, Any]
    files: list[DraftFileOut]
    next_question: str | None = Field(description="还要回答的问题；没有则为 null。")


class MaterialStateOut(Schema):
    """How a material of the list stands: licence, form, files, missing, optional."""

    key: str
    name: str
    how: str


class CheckOut(Schema):
    """What is still missing, and exactly what will be signed."""

    complete: bool
    problems: dict[str, str] = Field(description="按部分列出：questions、form、materials、service。")
    materials: list[MaterialStateOut]
    content: str = Field(description="申请人签名的原文。")
    sha256: str = Field(description="原文的摘要，提交时原样带回。")


class SubmitIn(Body):
    """The digest from the check, and how the applicant signed in the calling system."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    signature: dict[str, str] = Field(default_factory=dict, max_length=20)


@changing(router, "/drafts", {201: DraftOut}, "新建草稿", scope="cases:submit")
def start_draft(request: HttpRequest, body: DraftIn) -> Status[DraftOut]:
    """Begin an application that may be completed over days; an untouched draft is forgotten after 90 days."""
    actor = actor_of(request)
    count_filing(body.applicant)
    draft = commands.start_client_draft(
        actor=actor,
        version_id=current_version(body.task_code).pk,
        applicant=commands.Applicant(**body.applicant.dict()),
    )
    return Status(201, draft_out(actor, str(draft.public_id)))


@reading(router, "/drafts/{draft_id}", DraftOut, "读取草稿", scope="cases:submit")
def read_draft(request: HttpRequest, draft_id: str) -> DraftOut:
    """A draft that this system began."""
    return draft_out(actor_of(request), draft_id)


@router.delete(
    "/drafts/{draft_id}", auth=Bearer("cases:submit"), response={204: None}, summary="删除草稿", openapi_extra=_CHANGE
)
def discard_draft(request: HttpRequest, draft_id: str) -> Status[None]:
    """Delete a draft with its files; a submitted one stays."""
    commands.discard_draft(actor=actor_of(request), draft_id=draft_id)
    return Status(204, None)


def _save_part(part: str, summary: str) -> Callable[[F], F]:
    """Saving one part of a draft: PUT is safe to repeat by itself."""

    def offered(operation: F) -> F:
        route = router.put(
            f"/drafts/{{draft_id}}/{part}",
            auth=Bearer("cases:submit"),
            response=DraftOut,
            summary=summary,
            openapi_extra=_CHANGE,
        )
        return route(operation)

    return offered


@_save_part("answers", "保存情形选择")
def save_answers(request: HttpRequest, draft_id: str, body: AnswersIn) -> DraftOut:
    """Save answers; those off the way that they choose are dropped."""
    actor = actor_of(request)
    commands.save_answers(actor=actor, draft_id=draft_id, answers=body.answers)
    return draft_out(actor, draft_id)


@_save_part("form", "保存表单")
def save_form(request: HttpRequest, draft_id: str, body: FormIn) -> DraftOut:
    """Save fields of the form, complete or not; what the form does not ask is dropped."""
    actor = actor_of(request)
    commands.save_form(actor=actor, draft_id=draft_id, data=body.form, partial=True)
    return draft_out(actor, draft_id)


@_save_part("service", "确认送达方式")
def save_service(request: HttpRequest, draft_id: str, body: ServiceIn) -> DraftOut:
    """Confirm address for service, consent to electronic service and way of delivery."""
    actor = actor_of(request)
    commands.save_service(actor=actor, draft_id=draft_id, service=commands.Service(**body.dict()))
    return draft_out(actor, draft_id)


@changing(router, "/drafts/{draft_id}/materials", DraftOut, "提交一份材料", scope="cases:submit")
def attach_material(request: HttpRequest, draft_id: str, body: MaterialIn) -> DraftOut:
    """Hand in an uploaded file for a material that the guide asks for in this situation."""
    actor = actor_of(request)
    file = upload_named(actor, body.file_id)
    commands.attach(actor=actor, draft_id=draft_id, material_key=body.key, file=file)
    return draft_out(actor, draft_id)


@router.delete(
    "/drafts/{draft_id}/materials/{file_id}",
    auth=Bearer("cases:submit"),
    response=DraftOut,
    summary="撤下一份材料",
    openapi_extra=_CHANGE,
)
def detach_material(request: HttpRequest, draft_id: str, file_id: str) -> DraftOut:
    """Take a file back out of a draft."""
    actor = actor_of(request)
    commands.detach(actor=actor, draft_id=draft_id, file_id=upload_named(actor, file_id).public_id)
    return draft_out(actor, draft_id)


@reading(router, "/drafts/{draft_id}/check", CheckOut, "检查草稿", scope="cases:submit")
def check_draft(request: HttpRequest, draft_id: str) -> CheckOut:
    """Look the draft over: what is missing, and the text that the applicant is to sign."""
    found = commands.look_over(queries.access_draft(actor_of(request), draft_id))
    return CheckOut(
        complete=found.complete,
        problems=found.problems,
        materials=[MaterialStateOut(key=one.material.key, name=one.material.name, how=one.how) for one in found.states],
        content=found.content,
        sha256=found.sha256,
    )


@changing(router, "/drafts/{draft_id}/submit", {201: FiledOut}, "签名并提交草稿", scope="cases:submit")
def submit_draft(request: HttpRequest, draft_id: str, body: SubmitIn) -> Status[FiledOut]:
    """Submit what the applicant signed: the digest must be that of the check, else somebody changed the draft."""
    proof = commands.SignatureProof(method="client", sha256=body.sha256, evidence=dict(body.signature))
    done = commands.submit(actor=actor_of(request), draft_id=draft_id, proof=proof)
    return Status(
        201,
        FiledOut(case_no=done.case.case_no, query_password=done.query_password, state=str(done.case.state)),
    )


def draft_out(actor: Actor, draft_id: str) -> DraftOut:
    """A draft of the actor's as systems see it.

    Raises:
        NotFound: absent or not the actor's.
    """
    draft: Draft = queries.access_draft(actor, draft_id)
    question = walk(definition_of(draft.item_version), draft.answers).question
    given = draft.materials.select_related("file").order_by("pk")
    return DraftOut(
        id=str(draft.public_id),
        task_code=draft.item_version.implementation.task_code,
        guide_version=draft.item_version.number,
        updated_at=draft.updated_at,
        answers=draft.answers,
        form=draft.form,
        service=draft.service,
        files=[DraftFileOut(key=one.key, file_id=str(one.file.public_id), name=one.file.name) for one in given],
        next_question=question.key if question else None,
    )
