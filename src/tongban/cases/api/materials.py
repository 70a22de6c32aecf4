"""A body's own system looks at what was handed in: what is wrong with it, and that its original was seen."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import Field, Query, Schema

from tongban.base.web.downloads import attached
from tongban.cases import commands, queries
from tongban.cases.api.acting import (
    HandledOut,
    NothingIn,
    TongbanPost,
    act_on_case,
    do_act,
    keep_act,
    post_holder,
    read_at_desk,
)
from tongban.cases.api.examples import Body
from tongban.cases.models import CaseMaterial, MaterialMark
from tongban.kernel.actor import Actor


class GivenOut(Schema):
    """One thing that stands, or stood, for a material of the list."""

    key: str
    name: str
    source: str = Field(description="file 文件，licence 电子证照，paper 窗口看过的纸质件，form 由表单生成。")
    trust_level: str = Field(description="A 签发机关产生，B 已核对原件，C 申请人上传，D 申请人承诺。")
    current: bool = Field(description="false：已被补正材料替换。")
    file_id: UUID | None
    file_name: str | None
    licence_id: str | None


class MarkOut(Schema):
    """What an official found wrong, for the one notice."""

    id: UUID
    kind: str
    key: str
    file_id: UUID | None
    page: int | None
    box: list[float] = Field(description="左、上、宽、高，占页面的比例（0 至 1）；没有框出的为空。")
    what: str
    made_at: datetime
    told_at: datetime | None = Field(description="随补正告知告诉申请人的时间。")


class GivenList(Schema):
    """The materials of a case and what is marked in them."""

    items: list[GivenOut]
    marks: list[MarkOut]


class MarkIn(Body):
    """A material or form field of the guide, what is wrong with it, and where on a file that stands for it."""

    kind: Literal["material", "field"]
    key: str = Field(min_length=1, max_length=50)
    what: str = Field(min_length=1, max_length=200)
    file_id: UUID | None = None
    page: int | None = Field(default=None, ge=1, le=300)
    box: list[float] = Field(default_factory=list, max_length=4)


class CopyWish(Schema):
    """What the copy is for: printed on every page."""

    purpose: str = Field(min_length=1, max_length=60, description="用途，4 至 30 字，印在每一页上。")


class OriginalIn(Body):
    """What the original says of how long it is valid."""

    valid_to: date | None = Field(default=None, description="原件写明的有效期；没写的不填。")


@read_at_desk("cases/{case_no}/materials", GivenList, "查看办件的材料和标注")
def read_given(request: HttpRequest, case_no: str, post: TongbanPost) -> GivenList:
    """What was handed in, that which a correction replaced too, and what is marked as wrong."""
    case = queries.access_case(post_holder(request, post), case_no)
    marks = [*queries.told_marks(case), *queries.open_marks(case)]
    return GivenList(items=[_given(one) for one in queries.handed_in(case)], marks=[_mark(one) for one in marks])


@act_on_case("marks", "标出问题")
def mark_defect(request: HttpRequest, case_no: str, post: TongbanPost, body: MarkIn) -> HandledOut:
    """Note what is wrong; the one notice is written from the marks."""

    def mark(
        *, actor: Actor, case_no: str, file_id: UUID | None, page: int | None, box: list[float], **what: Any
    ) -> object:
        place = commands.Place(file=file_id, page=page, box=tuple(box)) if file_id else None
        return commands.mark_defect(actor=actor, case_no=case_no, place=place, **what)

    return do_act(request, post, case_no, "mark_defect", mark, body)


@act_on_case("marks/{mark_id}/remove", "删去标注")
def remove_mark(request: HttpRequest, case_no: str, mark_id: UUID, post: TongbanPost, body: NothingIn) -> HandledOut:
    """Take a mark off before the notice."""
    return do_act(request, post, case_no, "remove_mark", commands.remove_mark, body, mark_id=mark_id)


@act_on_case("materials/{file_id}/check-original", "核对原件")
def check_original(
    request: HttpRequest, case_no: str, file_id: UUID, post: TongbanPost, body: OriginalIn
) -> HandledOut:
    """Record that an official compared the file with its original: from C to B."""
    return do_act(request, post, case_no, "check_original", commands.check_original, body, file_id=file_id)


@read_at_desk("cases/{case_no}/materials/{file_id}/copy", None, "取材料的水印件", also=(503,))
def copy_material(request: HttpRequest, case_no: str, file_id: UUID, post: TongbanPost, wish: Query[CopyWish]) -> Any:
    """A PDF with the watermark on every page; each one has its own number and is logged."""
    return _copy(request, post, case_no, wish, file_id=file_id)


@read_at_desk("cases/{case_no}/documents/{document_id}/copy", None, "取文书的水印件", also=(503,))
def copy_document(
    request: HttpRequest, case_no: str, document_id: UUID, post: TongbanPost, wish: Query[CopyWish]
) -> Any:
    """The same of a document of the case."""
    return _copy(request, post, case_no, wish, document_id=document_id)


def _copy(request: HttpRequest, post: int, case_no: str, wish: CopyWish, **of: UUID) -> HttpResponseBase:
    taken = commands.take_copy(actor=post_holder(request, post), case_no=case_no, purpose=wish.purpose, **of)
    keep_act(request, post, "take_copy", f"case:{case_no}")
    return attached(taken.pdf, filename=taken.filename, content_type="application/pdf")


def _given(row: CaseMaterial) -> GivenOut:
    return GivenOut(
        key=row.key,
        name=row.name,
        source=row.source,
        trust_level=row.trust_level,
        current=row.current,
        file_id=row.file.public_id if row.file else None,
        file_name=row.file.name if row.file else None,
        licence_id=row.licence_id or None,
    )


def _mark(mark: MaterialMark) -> MarkOut:
    return MarkOut(
        id=mark.public_id,
        kind=mark.kind,
        key=mark.key,
        file_id=mark.file.public_id if mark.file else None,
        page=mark.page,
        box=mark.box,
        what=mark.what,
        made_at=mark.made_at,
        told_at=mark.told_at,
    )
