"""Taking files in, passing them on, discarding them."""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import chain, moment, rate
from tongban.files import (
    chunks,
    events,
    problems,
    scanning,
    sealing,
    sniffing,
    storage,
    together,
    uploading,
    verification,
)
from tongban.files.contents import content
from tongban.files.inspection import inspect
from tongban.files.models import StoredFile
from tongban.files.pages import pages_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

logger = logging.getLogger(__name__)

BYTES_MAX = 20 * 1024 * 1024
NAME_CHARS_MAX = 120
#: For rooms that take what was uploaded in chunks, and pages that become one PDF.
put_upload = uploading.put
use_upload = uploading.use_upload
hold_uploads = uploading.hold
cancel_upload = uploading.cancel
keep_together = together.keep_together
turns_of = together.turns_of
PAGES_MAX = together.PAGES_MAX
#: For whoever moves an installation to an object store.
copy_from_folder = verification.copy_from_folder
_CHUNK_BYTES = 256 * 1024
_ORPHAN_AGE_S = 24 * 3600
#: Chunks older than this belong to uploads that have ended.
_CHUNK_AGE_S = 25 * 3600
_ORPHANS_AT_ONCE = 500
#: Files that one citizen, and one clerk or system, may hand in within an hour: nobody fills the disk alone.
_PER_HOUR = {"citizen": 300, "staff": 3000, "client": 3000}


def store(
    *,
    actor: Actor,
    stream: IO[bytes],
    filename: str,
    owner_kind: str,
    owner_ref: str,
    max_bytes: int = BYTES_MAX,
    trust_level: str = StoredFile.TrustLevel.C,
) -> StoredFile:
    """Look at a file and keep it; nothing of a refused file is written anywhere.

    The caller has checked that the actor may add to the owner.

    Args:
        actor: who hands it in.
        stream: the bytes, from the start.
        filename: as the person's device calls it.
        owner_kind: a kind in `files.registries.access`.
        owner_ref: which owner.
        max_bytes: largest size taken, bytes.
        trust_level: A to D.

    Raises:
        FileRefusal: too large, empty, of another kind, damaged, encrypted, with a program or malware inside,
            or the malware scanner does not answer.
        TooMany: too many files within an hour.
    """
    if actor.kind in _PER_HOUR:
        rate.hit(bucket="files.store", key=actor.ref, limit=_PER_HOUR[actor.kind], per_s=3600)
    data = _read(stream, max_bytes)
    inspected = inspect(data, filename)
    scanning.look(data)
    storage_key, data_key = storage.fresh_name(), sealing.fresh_key()
    storage.write(storage_key, sealing.seal(inspected.data, data_key, storage_key))
    try:
        with transaction.atomic():
            file = StoredFile.objects.create(
                owner_kind=owner_kind,
                owner_ref=owner_ref,
                name=safe_name(filename, inspected.media_type),
                media_type=inspected.media_type,
                size=len(inspected.data),
                sha256=hashlib.sha256(inspected.data).hexdigest(),
                storage_key=storage_key,
                data_key=data_key,
                pages=pages_of(inspected.data, inspected.media_type),
                trust_level=trust_level,
                stored_at=moment.now(),
            )
            payload = {"sha256": file.sha256, "media_type": file.media_type, "size": file.size}
            _record(file, events.FILE_STORED, payload, actor)
    except BaseException:
        storage.remove(storage_key)
        raise
    return file


def _read(stream: IO[bytes], max_bytes: int) -> bytes:
    """Read up to the limit; stops as soon as it is passed."""
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise problems.too_large(max_bytes)
        parts.append(chunk)
    return b"".join(parts)


def safe_name(filename: str, media_type: str) -> str:
    """Return a name that is safe to show and to download: no folders, no control or direction characters."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", filename)[-1])
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C" and char not in '"<>|:*?').strip(" .")
    extensions = sniffing.ACCEPTED[media_type][1]
    stem, dot, extension = name.rpartition(".")
    if not dot or extension.lower() not in extensions:
        stem, extension = name, sniffing.EXTENSIONS[media_type]
    return f"{stem[:NAME_CHARS_MAX] or '材料'}.{extension.lower()}"


def _record(file: StoredFile, kind: str, payload: dict[str, object], actor: Actor) -> None:
    chain.append(
        subject=f"file:{file.public_id}",
        kind=kind,
        payload={"owner_kind": file.owner_kind} | payload,
        actor=actor,
        at=moment.now(),
    )


def _lock(file: StoredFile) -> StoredFile:
    found = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
    if found is None:
        raise NotFound(_("这个文件"))
    return found


def adopt(file: StoredFile, owner_kind: str, owner_ref: str, *, actor: Actor) -> StoredFile:
    """Pass a file on to another owner (a draft's file becomes the case's); the same owner changes nothing.

    Raises:
        NotFound: the file was discarded meanwhile.
    """
    with transaction.atomic():
        file = _lock(file)
        if (file.owner_kind, file.owner_ref) != (owner_kind, owner_ref):
            file.owner_kind, file.owner_ref = owner_kind, owner_ref
            file.save(update_fields=["owner_kind", "owner_ref"])
            _record(file, events.FILE_ADOPTED, {"owner_ref": owner_ref}, actor)
    return file


def share(
    file: StoredFile, owner_kind: str, owner_ref: str, *, actor: Actor, trust_level: str, checked_at: datetime | None
) -> StoredFile:
    """Give another owner a file of its own over the same bytes: nothing is copied, the bytes go with the last row.

    The caller has checked that the actor may read the file and add to the owner. `checked_at`: when its original was
    seen, if that still counts.

    Raises:
        NotFound: the file was discarded meanwhile.
    """
    with transaction.atomic():
        source = _lock(file)
        made = StoredFile.objects.create(
            owner_kind=owner_kind,
            owner_ref=owner_ref,
            name=source.name,
            media_type=source.media_type,
            size=source.size,
            sha256=source.sha256,
            storage_key=source.storage_key,
            data_key=source.data_key,
            pages=source.pages,
            trust_level=trust_level,
            stored_at=moment.now(),
            checked_at=checked_at,
            valid_to=source.valid_to,
            copied_from=source,
        )
        payload = {"sha256": made.sha256, "media_type": made.media_type, "size": made.size}
        _record(made, events.FILE_STORED, payload | {"copied_from": str(source.public_id)}, actor)
    return made


def _remove_unnamed(storage_key: str) -> None:
    """Remove bytes unless a row still names them."""
    if not StoredFile.objects.filter(storage_key=storage_key).exists():
        storage.remove(storage_key)


def set_trust_level(file: StoredFile, level: str, *, actor: Actor, valid_to: date | None = None) -> StoredFile:
    """Set how far a file can be trusted, for example B once a clerk has compared it with the original.

    `valid_to`: last day for which the original is valid; None where it does not say one.

    Raises:
        Invalid: no such level.
        NotFound: the file was discarded meanwhile.
    """
    if level not in StoredFile.TrustLevel.values:
        raise Invalid(fields={"trust_level": _("可信等级只有 A、B、C、D。")})
    with transaction.atomic():
        file = _lock(file)
        if file.trust_level != level:
            file.trust_level, file.valid_to = level, valid_to
            file.checked_at = moment.now() if level == StoredFile.TrustLevel.B else None
            file.save(update_fields=["trust_level", "valid_to", "checked_at"])
            _record(file, events.FILE_TRUST_RAISED, {"level": level}, actor)
    return file


def discard(file: StoredFile, *, actor: Actor) -> None:
    """Take a file away that nobody needs (removed from a draft); the bytes go once the transaction stands.

    The caller has checked that the actor may take it away. Gone already changes nothing.
    """
    with transaction.atomic():
        found = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        if found is None:
            return
        _record(found, events.FILE_DISCARDED, {"sha256": found.sha256}, actor)
        storage_key = found.storage_key
        found.delete()
        transaction.on_commit(partial(_remove_unnamed, storage_key), robust=True)


def seal_plain(limit: int = 500) -> int:
    """Encrypt what was kept before files were encrypted; how many. What cannot be read is logged and left as it is."""
    done = 0
    for found in StoredFile.objects.filter(data_key__isnull=True).order_by("pk").iterator():
        try:
            done += _seal_plain(found.pk)
        except Refusal:
            logger.exception("%s stays as it lies", found)
        if done >= limit:
            break
    return done


def _seal_plain(pk: int) -> bool:
    """Encrypt one; its plain bytes go once the transaction stands."""
    with transaction.atomic():
        file = StoredFile.objects.select_for_update().filter(pk=pk, data_key__isnull=True).first()
        if file is None:
            return False
        plain, data = file.storage_key, content(file)
        file.storage_key, file.data_key = storage.fresh_name(), sealing.fresh_key()
        file.pages = pages_of(data, file.media_type)
        storage.write(file.storage_key, sealing.seal(data, file.data_key, file.storage_key))
        file.save(update_fields=["storage_key", "data_key", "pages"])
        transaction.on_commit(partial(_remove_unnamed, plain), robust=True)
    return True


def remove_orphans() -> int:
    """Remove bytes that no row names, left by transactions that failed, and chunks of uploads long ended; how many."""
    removed = chunks.remove_older(_CHUNK_AGE_S)
    lying = storage.lying(_ORPHAN_AGE_S)
    while some := list(islice(lying, _ORPHANS_AT_ONCE)):
        names = {path.rpartition("/")[2] for path in some}
        kept = set(StoredFile.objects.filter(storage_key__in=names).values_list("storage_key", flat=True))
        orphans = [path for path in some if path.rpartition("/")[2] not in kept]
        storage.remove_paths(orphans)
        removed += len(orphans)
    return removed
