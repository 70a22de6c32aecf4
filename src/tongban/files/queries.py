"""Reads of the files room."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tongban.files import office, scanning, storage, uploading, verification
from tongban.files.contents import content
from tongban.files.models import StoredFile
from tongban.files.pages import can_be_shown, page_count, page_picture, watermarked
from tongban.files.registries import ScannerUnavailableError, access
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

__all__ = [
    "can_be_shown",
    "content",
    "files_of",
    "open_file",
    "page_count",
    "page_picture",
    "scanner_state",
    "screen_workbook",
    "store_trouble",
    "verify_all",
    "waiting_uploads",
    "watermarked",
]


def open_file(actor: Actor, public_id: UUID) -> StoredFile:
    """Return a file that the actor may read; its bytes are at `content`.

    Raises:
        NotFound: absent, or the actor may not read it.
    """
    file = StoredFile.objects.filter(public_id=public_id).first()
    rights = access.get(file.owner_kind) if file is not None else None
    if file is None or rights is None or not rights.may_read(actor, file.owner_ref):
        raise NotFound(_("这个文件"), code="file_not_found")
    return file


def files_of(owner_kind: str, owner_ref: str) -> list[StoredFile]:
    """Return an owner's files in the order in which they came; the caller has checked the right to see them."""
    return list(StoredFile.objects.filter(owner_kind=owner_kind, owner_ref=owner_ref).order_by("pk"))


#: One sheet with tens of thousands of rows.
_SHEET_BYTES_MAX = 256 * 1024 * 1024


def screen_workbook(data: bytes) -> None:
    """Look through every part of an XLSX file that is read here: no macros, no bomb, nothing from outside, not cut off.

    Raises:
        FileRefusal: what is wrong with it, see `office.inspect`.
    """
    office.inspect(data, "xlsx", xml_bytes_max=_SHEET_BYTES_MAX)


#: The actor's uploads that wait to be used.
waiting_uploads = uploading.whole
#: For whoever restored a backup.
verify_all = verification.verify


def scanner_state() -> tuple[bool, str]:
    """Return whether files are looked through for malware, and why the scanner does not answer ("" if it does)."""
    try:
        scanner = scanning.configured()
        if scanner is None:
            return False, ""
        scanner.look()
    except ScannerUnavailableError as error:
        return True, str(error) or "no answer"
    return True, ""


def store_trouble() -> str:
    """Return why files cannot be kept or read, "" if they can; a few bytes are written, read and removed."""
    return storage.trouble()
