"""A system sends a file in chunks over a network that breaks; the reference is docs/reference/uploads.md."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.params import HeaderEx, P
from pydantic import ConfigDict

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.repeating import PARAMETER, repeatable
from tongban.files import uploading
from tongban.files.models import PendingUpload
from tongban.files.web.uploads import chunk_of, digest_of

router = Router(tags=["上传"])

_BYTES = {"type": "string", "format": "binary", "minLength": 1, "maxLength": uploading.CHUNK_BYTES_MAX}
_CHUNK = {"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}}

Offset = HeaderEx[int, P(alias="Upload-Offset", ge=0, le=2**40, description="这一段从第几个字节开始。")]
Checksum = HeaderEx[
    str,
    P(
        alias="Upload-Checksum",
        pattern=r"^sha256 [A-Za-z0-9+/]{43}=$",
        description="sha256、空格、摘要的 base64。",
    ),
]


class UploadIn(Schema):
    """A file that is to come."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "布局图.pdf", "size": 153600}]})
    name: str = Field(min_length=1, max_length=255)
    size: int = Field(ge=1, le=2**40, description=f"字节数，最多 {uploading.BYTES_MAX}。")


class UploadOut(Schema):
    """How far it is."""

    id: UUID
    name: str
    size: int
    received: int = Field(description="已收到的字节数，下一段从这里开始。")
    used: bool = Field(description="是否已经作为文件收下。")
    expires_at: datetime = Field(description="过了这个时间就没有了。")


@router.post(
    "/uploads",
    auth=Bearer("cases:submit"),
    response={201: UploadOut},
    summary="开始分段上传",
    openapi_extra=problems(401, 403, 413, 422, 429, parameters=[PARAMETER]),
)
@repeatable
def begin_upload(request: HttpRequest, body: UploadIn) -> Status[UploadOut]:
    """Begin an upload that goes on where the network broke off; it ends after 24 hours."""
    return Status(201, _out(uploading.begin(actor=actor_of(request), name=body.name, size=body.size)))


@router.get(
    "/uploads/{upload_id}",
    auth=Bearer("cases:submit"),
    response=UploadOut,
    summary="查看上传到了哪里",
    openapi_extra=problems(401, 403, 404, 422, 429),
)
def read_upload(request: HttpRequest, upload_id: UUID) -> UploadOut:
    """After a break: where to go on."""
    return _out(uploading.find(actor=actor_of(request), upload_id=upload_id))


@router.patch(
    "/uploads/{upload_id}",
    auth=Bearer("cases:submit"),
    response=UploadOut,
    summary="上传一段",
    openapi_extra=problems(401, 403, 404, 409, 422, 429, 460, 503, requestBody=_CHUNK),
)
def add_chunk(request: HttpRequest, upload_id: UUID, offset: Offset, checksum: Checksum) -> UploadOut:
    """Send the next chunk: 64 KiB to 1 MiB, the last one less. One that came already is refused with the offset."""
    actor = actor_of(request)
    uploading.add(actor=actor, upload_id=upload_id, offset=offset, data=chunk_of(request), sha256=digest_of(checksum))
    return _out(uploading.find(actor=actor, upload_id=upload_id))


@router.delete(
    "/uploads/{upload_id}",
    auth=Bearer("cases:submit"),
    response={204: None},
    summary="取消上传",
    openapi_extra=problems(401, 403, 404, 422, 429),
)
def cancel_upload(request: HttpRequest, upload_id: UUID) -> Status[None]:
    """End it; its bytes are gone. One that was used stays used."""
    uploading.cancel(actor=actor_of(request), upload_id=upload_id)
    return Status(204, None)


def _out(upload: PendingUpload) -> UploadOut:
    return UploadOut(
        id=upload.public_id,
        name=upload.name,
        size=upload.size,
        received=upload.received,
        used=upload.used_at is not None,
        expires_at=upload.expires_at,
    )
