"""Copies of what a system's case holds: what was handed in, and everything as one package."""

from datetime import datetime

from django.http import HttpRequest, HttpResponseBase
from ninja import Field, Schema

from tongban.base.web.api import actor_of
from tongban.base.web.downloads import attached
from tongban.base.web.offering import reading
from tongban.cases import commands, queries
from tongban.cases.api.filing import router


class HandedInOut(Schema):
    """One thing handed in for a material of the guide."""

    key: str
    name: str
    source: str = Field(description="file 上传的文件，licence 电子证照，paper 窗口所见纸质材料，form 由表单生成。")
    trust_level: str = Field(description="A 签发机关产生，B 已核对原件，C 未核对原件，D 自制并承诺。")
    current: bool = Field(description="补正后被替换的为 false；交过的都保留。")
    added_at: datetime
    file_name: str
    size: int | None
    sha256: str


class HandedInList(Schema):
    """Everything handed in with a case, in order."""

    items: list[HandedInOut]


@reading(router, "/cases/{case_no}/materials", HandedInList, "列出已交材料", scope="cases:track")
def list_handed_in(request: HttpRequest, case_no: str) -> HandedInList:
    """What was handed in with the case, replaced files too; the files themselves are in the package of copies."""
    case = queries.access_case(actor_of(request), case_no)
    return HandedInList(
        items=[
            HandedInOut(
                key=one.key,
                name=one.name,
                source=one.source,
                trust_level=one.trust_level,
                current=one.current,
                added_at=one.added_at,
                file_name=one.file.name if one.file else "",
                size=one.file.size if one.file else None,
                sha256=one.file.sha256 if one.file else "",
            )
            for one in queries.handed_in(case)
        ]
    )


@reading(router, "/cases/{case_no}/copies", None, "下载全套副本", scope="cases:track")
def download_copies(request: HttpRequest, case_no: str) -> HttpResponseBase:
    """A ZIP of every document that the applicant may have now and every file handed in; the documents count as read."""
    copies = commands.take_copies(actor=actor_of(request), case_no=case_no, channel="api")
    return attached(copies.chunks, filename=copies.filename, content_type="application/zip")
