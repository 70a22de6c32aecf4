"""Uploads that survive a network that breaks: begun, continued chunk by chunk, used once. After tus 1.0, smaller."""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from tongban.base import moment, rate
from tongban.files import chunks, problems
from tongban.files.models import PendingUpload
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

BYTES_MAX = 20 * 1024 * 1024
CHUNK_BYTES_MAX = 1024 * 1024
#: The last chunk may be smaller; nobody fills the disk with small files.
CHUNK_BYTES_MIN = 64 * 1024
LIFE = timedelta(hours=24)
#: What one actor may have under way at once.
PENDING_MAX = 60
PENDING_BYTES_MAX = 400 * 1024 * 1024
_NAME_CHARS_MAX = 255
_PER_HOUR = 600


def begin(*, actor: Actor, name: str, size: int) -> PendingUpload:
    """Begin an upload of `size` bytes that ends after 24 hours.

    Raises:
        FileRefusal: `file_empty`, `file_too_large`, or `upload_quota` with too much under way.
        TooMany: too many begun within an hour.
    """
    owner = _owner(actor)
    if size <= 0:
        raise problems.empty()
    if size > BYTES_MAX:
        raise problems.too_large(BYTES_MAX)
    rate.hit(bucket="files.begin", key=owner, limit=_PER_HOUR, per_s=3600)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files.uploads:{owner}"])
        now = moment.now()
        under_way = PendingUpload.objects.filter(owner=owner, used_at=None, expires_at__gt=now)
        total = under_way.aggregate(total=Sum("size"))["total"] or 0
        if under_way.count() >= PENDING_MAX or total + size > PENDING_BYTES_MAX:
            raise problems.upload_quota()
        name = name[:_NAME_CHARS_MAX] or _("文件")
        return PendingUpload.objects.create(owner=owner, name=name, size=size, expires_at=now + LIFE)


def find(*, actor: Actor, upload_id: UUID, lock: bool = False) -> PendingUpload:
    """Return an upload of the actor's that has not ended.

    Raises:
        NotFound: absent, ended, or somebody else's.
    """
    uploads = PendingUpload.objects.select_for_update() if lock else PendingUpload.objects.all()
    found = uploads.filter(public_id=upload_id, owner=_owner(actor), expires_at__gt=moment.now()).first()
    if found is None:
        raise NotFound(_("这次上传"), code="upload_not_found")
    return found


def hold(*, actor: Actor, upload_ids: Sequence[UUID]) -> None:
    """Keep uploads for the caller until its transaction ends: each is there, and nobody used it.

    Raises:
        NotFound: absent, ended, or somebody else's.
        FileRefusal: `upload_used`: used before, or named twice.
    """
    held = [find(actor=actor, upload_id=one, lock=True) for one in sorted(set(upload_ids))]
    if len(held) < len(upload_ids) or any(one.used_at is not None for one in held):
        raise problems.upload_used()


def add(*, actor: Actor, upload_id: UUID, offset: int, data: bytes, sha256: bytes) -> int:
    """Keep one chunk and return how many bytes are here now.

    Args:
        actor: who began it.
        upload_id: which.
        offset: where the chunk begins, bytes; must be what is here already.
        data: 64 KiB to 1 MiB, the last one less.
        sha256: the chunk's digest, 32 bytes.

    Raises:
        NotFound: absent, ended, or somebody else's.
        Refusal: `upload_offset` (409) when it begins elsewhere, `upload_checksum` (460, as tus has it).
        Invalid: `upload_chunk_size`.
    """
    with transaction.atomic():
        upload = find(actor=actor, upload_id=upload_id, lock=True)
        if offset != upload.received or upload.used_at is not None:
            raise Refusal("upload_offset", _("接续的位置不对，请重新连接。"), data={"offset": upload.received})
        end = offset + len(data)
        is_last = end == upload.size
        if end > upload.size or len(data) > CHUNK_BYTES_MAX or (len(data) < CHUNK_BYTES_MIN and not is_last):
            raise Invalid(_("这一段的大小不对，请重新上传这个文件。"), code="upload_chunk_size")
        if not hmac.compare_digest(hashlib.sha256(data).digest(), sha256):
            raise Refusal("upload_checksum", _("这一段在路上损坏了，请再传一次。"), status=460)
        chunks.write(upload.public_id, offset, data)
        upload.received = end
        upload.save(update_fields=["received"])
    return end


def put(*, actor: Actor, name: str, data: bytes) -> PendingUpload:
    """Keep bytes that are here already as a whole upload, to be used later as if they had come in chunks.

    Raises:
        FileRefusal: `file_empty`, `file_too_large`, or `upload_quota` with too much under way.
        TooMany: too many begun within an hour.
    """
    with transaction.atomic():
        upload = begin(actor=actor, name=name, size=len(data))
        for offset in range(0, len(data), CHUNK_BYTES_MAX):
            chunk = data[offset : offset + CHUNK_BYTES_MAX]
            digest = hashlib.sha256(chunk).digest()
            add(actor=actor, upload_id=upload.public_id, offset=offset, data=chunk, sha256=digest)
    return upload


def whole(*, actor: Actor, upload_ids: Sequence[UUID]) -> list[PendingUpload]:
    """Return those of the actor's uploads that have come whole and wait to be used, in the given order."""
    found = PendingUpload.objects.filter(
        public_id__in=upload_ids[:PENDING_MAX], owner=_owner(actor), used_at=None, expires_at__gt=moment.now()
    ).filter(received=F("size"))
    by_id = {one.public_id: one for one in found}
    return [by_id[one] for one in dict.fromkeys(upload_ids) if one in by_id]


def content(*, actor: Actor, upload_id: UUID) -> bytes:
    """Return the bytes of an upload that has come whole and waits to be used.

    Raises:
        NotFound: absent, ended, used, not whole, or somebody else's.
        FileRefusal: `file_store_unavailable`.
    """
    found = whole(actor=actor, upload_ids=[upload_id])
    if not found:
        raise NotFound(_("这次上传"), code="upload_not_found")
    return chunks.read(upload_id, found[0].size)


def cancel(*, actor: Actor, upload_id: UUID) -> None:
    """End an upload and remove its bytes; one that has been used stays used.

    Raises:
        NotFound: absent, ended, or somebody else's.
    """
    with transaction.atomic():
        upload = find(actor=actor, upload_id=upload_id, lock=True)
        if upload.used_at is None:
            upload.delete()
            transaction.on_commit(lambda: chunks.remove(upload_id), robust=True)


def use_upload(*, actor: Actor, upload_id: UUID, keep: Callable[[IO[bytes], str], object]) -> bool:
    """Hand a whole upload to `keep` (stream, name), once; whether this call was the one.

    What `keep` refuses is removed, unless the refusal passes by itself (503): then it may be used again.

    Raises:
        NotFound: absent, ended, or somebody else's.
        Refusal: `upload_incomplete`, or what `keep` refuses.
    """
    refused: Refusal | None = None
    with transaction.atomic():
        upload = find(actor=actor, upload_id=upload_id, lock=True)
        if upload.used_at is not None:
            return False
        if upload.received != upload.size:
            raise Refusal("upload_incomplete", _("文件还没有传完。请再选同一个文件，会从断开的地方接着传。"))
        try:
            keep(io.BytesIO(chunks.read(upload_id, upload.size)), upload.name)
        except Refusal as refusal:
            refused = refusal
        if refused is None or refused.status != 503:
            upload.used_at = moment.now()
            upload.save(update_fields=["used_at"])
            transaction.on_commit(lambda: chunks.remove(upload_id), robust=True)
    if refused is not None:
        raise refused
    return True


def remove_expired() -> int:
    """Remove uploads that have ended, a thousand at a time; how many."""
    ended = list(PendingUpload.objects.filter(expires_at__lte=moment.now()).order_by("pk")[:1000])
    for upload in ended:
        upload.delete()
        chunks.remove(upload.public_id)
    return len(ended)


def _owner(actor: Actor) -> str:
    if actor.kind == "visitor":
        raise NotFound(_("这次上传"), code="upload_not_found")
    return f"{actor.kind}:{actor.ref}"
