"""A system's user uses again what it handed in before, in the cases that this system filed for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Schema, Status

from tongban.base.web.api import actor_of
from tongban.base.web.offering import changing, reading
from tongban.cases import commands, queries
from tongban.cases.api.drafts import DraftOut, draft_out, router
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import FileOut, file_out
from tongban.cases.api.filing import router as cases


class ReusableOut(Schema):
    """A file of an earlier case of the same applicant, for a material of the same name."""

    key: str = Field(description="可以用它的材料。")
    file_id: UUID
    name: str
    given_at: datetime
    item_name: str
    checked_at: datetime | None = Field(description="核对原件的时间，仍然算数的才有：再用不必出示原件。")
    valid_to: date | None = Field(description="原件写明的有效期。")


class ReusableList(Schema):
    """What may be used again, compared with the original first."""

    items: list[ReusableOut]


class ReuseIn(Body):
    """For which material, and which earlier file."""

    key: str = Field(min_length=1, max_length=50)
    file_id: UUID


@reading(router, "/drafts/{draft_id}/reusable", ReusableList, "列出以前交过、可以再用的材料", scope="cases:submit")
def list_reusable(request: HttpRequest, draft_id: str) -> ReusableList:
    """Files of cases that this system may follow (`cases:track`) and of the same applicant only."""
    actor = actor_of(request)
    return _list(queries.reusable(actor, queries.access_draft(actor, draft_id)))


@changing(router, "/drafts/{draft_id}/reuse", DraftOut, "用以前交过的材料", scope="cases:submit")
def reuse(request: HttpRequest, draft_id: str, body: ReuseIn) -> Any:
    """Use one of them; the user agreed to it in the calling system."""
    actor = actor_of(request)
    commands.reuse(actor=actor, draft_id=draft_id, material_key=body.key, file_id=body.file_id)
    return draft_out(actor, draft_id)


@reading(cases, "/cases/{case_no}/correction/reusable", ReusableList, "列出补正可以再用的材料", scope="cases:submit")
def list_reusable_in_correction(request: HttpRequest, case_no: str) -> ReusableList:
    """The same for the materials that the open notice names; none where nothing is to be completed."""
    actor = actor_of(request)
    return _list(queries.reusable_in_correction(actor, queries.access_case(actor, case_no)))


@changing(cases, "/cases/{case_no}/correction/reuse", {201: FileOut}, "补正用以前交过的材料", scope="cases:submit")
def reuse_in_correction(request: HttpRequest, case_no: str, body: ReuseIn) -> Status[FileOut]:
    """Take one of them: a file to be named for this material in the answer. The user agreed to it."""
    taken = commands.reuse_in_correction(
        actor=actor_of(request), case_no=case_no, material_key=body.key, file_id=body.file_id
    )
    return Status(201, file_out(taken))


def _list(found: Mapping[str, Sequence[queries.Reusable]]) -> ReusableList:
    return ReusableList(items=[_row(one) for some in found.values() for one in some])


def _row(found: queries.Reusable) -> ReusableOut:
    return ReusableOut(
        key=found.key,
        file_id=found.file.public_id,
        name=found.file.name,
        given_at=found.given_at,
        item_name=found.item_name,
        checked_at=found.checked_at,
        valid_to=found.valid_to,
    )
