"""Opinions while they are written, for a body's own system: the draft, files beside it, stock phrases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, File, Schema
from ninja.files import UploadedFile

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.offering import FILE
from tongban.cases import commands, queries
from tongban.cases.api.acting import (
    SCOPE,
    HandledOut,
    Key,
    NothingIn,
    TongbanPost,
    act_on_case,
    do_act,
    do_at_desk,
    keep_act,
    post_holder,
    read_at_desk,
    router,
)
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import keep_sent
from tongban.cases.commands.phrases import PHRASE_MAX
from tongban.cases.models import CaseStep, OpinionDraft, StepFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


class DraftOpinion(Schema):
    """What stands in the form of a step."""

    agree: str = Field(default="", max_length=3, description="yes、no 或空。")
    granted: str = Field(default="", max_length=3, description="yes、no 或空。")
    opinion: str = Field(default="", max_length=2000)
    reason: str = Field(default="", max_length=2000)
    basis: str = Field(default="", max_length=1000)
    checklist: list[str] = Field(default_factory=list, max_length=100)


class DraftOpinionOut(DraftOpinion):
    """The draft, seen by its author only; version 0: there is none."""

    version: int
    saved_at: datetime | None


class DraftOpinionIn(DraftOpinion, Body):
    """The draft, and the version that it was written upon."""

    version: int = Field(ge=0, le=2**31 - 1, description="读到的 version；还没有草稿时为 0。")


class StepFileOut(Schema):
    """A file beside an opinion."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    round: int = Field(description="环节第几次办理时附上的。")
    added_by: str
    added_at: datetime


class StepFileList(Schema):
    """The files beside the opinions on a step, for officials only."""

    items: list[StepFileOut]


class PhraseOut(Schema):
    """A stock phrase; `organisation_id` null: the post-holder's own."""

    id: int
    text: str
    organisation_id: int | None


class PhraseListOut(Schema):
    """The phrases that the post-holder may use: the own ones, then the unit's."""

    items: list[PhraseOut]


class PhraseTextIn(Body):
    """What the phrase shall say."""

    text: str = Field(max_length=PHRASE_MAX)


class PhraseIn(PhraseTextIn):
    """Also the unit whose phrase it is, by its head; without, the post-holder's own."""

    organisation_id: Key | None = None


_STEP = "cases/{case_no}/steps/{step_key}"


@read_at_desk(f"{_STEP}/draft", DraftOpinionOut, "查看意见草稿")
def read_opinion(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost) -> DraftOpinionOut:
    """What the post-holder has written about an open step and not yet given."""
    actor = post_holder(request, post)
    steps = _rounds(actor, case_no, step_key)
    drafts = queries.opinion_drafts(actor, steps[0].case)
    return _draft(next((drafts[one.pk] for one in reversed(steps) if one.pk in drafts), None))


@router.put(
    f"/handling/{_STEP}/draft",
    auth=Bearer(SCOPE),
    response=DraftOpinionOut,
    summary="保存意见草稿",
    openapi_extra=problems(401, 403, 404, 409, 422, 429),
)
def save_opinion(
    request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, body: DraftOpinionIn
) -> DraftOpinionOut:
    """Keep what is being written; what the post-holder wrote elsewhere since is not overwritten unseen."""
    actor = post_holder(request, post)
    seen = commands.Seen(version=body.version, tab=actor_of(request).ref)
    content = body.dict(exclude={"version"})
    saved = commands.save_opinion(actor=actor, case_no=case_no, step_key=step_key, content=content, seen=seen)
    return _draft(saved)


@read_at_desk(f"{_STEP}/files", StepFileList, "列出意见附件")
def list_step_files(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost) -> StepFileList:
    """Files beside the opinions on a step of a case that the post-holder may see."""
    steps = _rounds(post_holder(request, post), case_no, step_key)
    return StepFileList(items=[_file(file, step) for step in steps for file in step.attached])


@act_on_case("steps/{step_key}/files", "附上意见附件", also=FILE)
def attach_to_step(
    request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, file: File[UploadedFile]
) -> HandledOut:
    """Add a file (PDF, JPG, PNG, OFD, DOCX, XLSX, up to 20 MB) to the opinion on an open step."""

    def attach(*, actor: Actor, case_no: str) -> object:
        queries.access_case(actor, case_no)
        kept = keep_sent(actor, file)
        return commands.attach_to_step(actor=actor, case_no=case_no, step_key=step_key, file=kept)

    return do_act(request, post, case_no, "attach_to_step", attach, NothingIn())


@act_on_case("steps/{step_key}/files/{file_id}/remove", "撤下意见附件")
def detach_from_step(
    request: HttpRequest, case_no: str, step_key: str, file_id: UUID, post: TongbanPost, body: NothingIn
) -> HandledOut:
    """Take a file away that the post-holder added, while the step is open."""
    given = {"step_key": step_key, "file_id": file_id}
    return do_act(request, post, case_no, "detach_from_step", commands.detach_from_step, body, **given)


@read_at_desk("phrases", PhraseListOut, "列出常用语")
def list_phrases(request: HttpRequest, post: TongbanPost) -> PhraseListOut:
    """Phrases for opinions: the post-holder's own, then the unit's."""
    found = queries.phrases_for(post_holder(request, post))
    return PhraseListOut(items=[PhraseOut.model_validate(one) for one in found])


@do_at_desk("phrases", PhraseOut, "添加常用语")
def add_phrase(request: HttpRequest, post: TongbanPost, body: PhraseIn) -> PhraseOut:
    """Add a phrase; one that is there already is answered as it is."""
    return _phrase(request, post, text=body.text, organisation_id=body.organisation_id)


@do_at_desk("phrases/{phrase_id}", PhraseOut, "修改常用语")
def change_phrase(request: HttpRequest, phrase_id: int, post: TongbanPost, body: PhraseTextIn) -> PhraseOut:
    """Change what a phrase says."""
    return _phrase(request, post, text=body.text, phrase_id=phrase_id)


@do_at_desk("phrases/{phrase_id}/remove", PhraseListOut, "删除常用语")
def remove_phrase(request: HttpRequest, phrase_id: int, post: TongbanPost) -> PhraseListOut:
    """Delete a phrase; answered with those that are left."""
    commands.remove_phrase(actor=post_holder(request, post), phrase_id=phrase_id)
    keep_act(request, post, "remove_phrase", f"phrase:{phrase_id}")
    return list_phrases(request, post)


def _rounds(actor: Actor, case_no: str, step_key: str) -> list[CaseStep]:
    """The rounds of a step, the first one first, with their files.

    Raises:
        NotFound: no such case or step, or not the actor's to see.
    """
    case = queries.access_case(actor, case_no)
    found = sorted((one for one in queries.steps_with_files(case) if one.key == step_key), key=lambda one: one.round)
    if not found:
        raise NotFound("这个环节", code="step_not_found")
    return found


def _phrase(request: HttpRequest, post: int, **given: Any) -> PhraseOut:
    saved = commands.save_phrase(actor=post_holder(request, post), **given)
    keep_act(request, post, "save_phrase", f"phrase:{saved.pk}")
    return PhraseOut.model_validate(saved)


def _draft(draft: OpinionDraft | None) -> DraftOpinionOut:
    if draft is None:
        return DraftOpinionOut(version=0, saved_at=None)
    return DraftOpinionOut(**draft.content, version=draft.version, saved_at=draft.saved_at)


def _file(row: StepFile, step: CaseStep) -> StepFileOut:
    return StepFileOut(
        file_id=row.file.public_id,
        name=row.file.name,
        media_type=row.file.media_type,
        size=row.file.size,
        sha256=row.file.sha256,
        round=step.round,
        added_by=row.added_by.name,
        added_at=row.added_at,
    )
