"""Files from uploads that came in chunks (`tongban.files.api`): one by one, or photographs bound into one PDF."""

from typing import IO, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Status

from tongban.base.web.api import actor_of
from tongban.base.web.offering import FILE, changing
from tongban.cases.api.examples import Body
from tongban.cases.api.filing import FileOut, file_out, keep_upload, router
from tongban.files import commands as files
from tongban.files.models import StoredFile


class UploadedIn(Body):
    """An upload that has come whole."""

    upload_id: UUID


class PagesIn(Body):
    """Uploads of the pages of one paper (JPG or PNG), in order, and how each is turned."""

    name: str = Field(min_length=1, max_length=100, description="合成的 PDF 叫什么，不带扩展名。")
    uploads: list[UUID] = Field(min_length=1, max_length=files.PAGES_MAX)
    turns: list[Literal[0, 90, 180, 270]] = Field(
        default_factory=list, max_length=files.PAGES_MAX, description="各页顺时针转多少度；没写的不转。"
    )


@changing(router, "/files/uploaded", {201: FileOut}, "收下分段上传的文件", scope="cases:submit", also=FILE)
def keep_uploaded(request: HttpRequest, body: UploadedIn) -> Status[FileOut]:
    """Make a file of an upload, to be named in a filing; it is looked at as any other."""
    kept = _Kept(request, [body.upload_id])
    files.use_upload(actor=kept.actor, upload_id=body.upload_id, keep=kept)
    return Status(201, file_out(kept.file))


@changing(router, "/files/pages", {201: FileOut}, "把照片合成一份 PDF", scope="cases:submit", also=FILE)
def bind_pages(request: HttpRequest, body: PagesIn) -> Status[FileOut]:
    """Bind photographs or scans of the pages of one paper into one PDF, all or none of them."""
    kept = _Kept(request, body.uploads)
    files.keep_together(
        actor=kept.actor, name=body.name, uploads=body.uploads, turns=body.turns, lets_go=False, keep=kept
    )
    return Status(201, file_out(kept.file))


class _Kept:
    """Takes the one file that is made of these uploads, which nobody else uses meanwhile."""

    file: StoredFile

    def __init__(self, request: HttpRequest, upload_ids: list[UUID]) -> None:
        self.actor = actor_of(request)
        files.hold_uploads(actor=self.actor, upload_ids=upload_ids)

    def __call__(self, stream: IO[bytes], name: str) -> None:
        self.file = keep_upload(self.actor, stream, name)
