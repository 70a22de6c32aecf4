"""Proving that every file can be read and is what was kept: after a restore, a move, or a doubt about the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from tongban.files.contents import content
from tongban.files.folder_store import FolderStore
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.storage import answering, place
from tongban.kernel.problems import NotFound

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """A file that cannot be given out as it was kept, whose it is, and why: `missing` or `unreadable`."""

    file: UUID
    owner: str
    why: str


def verify() -> Iterator[Finding | None]:
    """Read every kept file, in the order in which they came; give a finding, or None for a good one.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    # What is encrypted is read one by one, so that one row without its key does not end it.
    rows = StoredFile.objects.order_by("pk").defer("name", "data_key")
    for file in rows.iterator(chunk_size=_CHUNK):
        why = _trouble(file)
        yield Finding(file.public_id, f"{file.owner_kind}:{file.owner_ref}", why) if why else None


def _trouble(file: StoredFile) -> str:
    try:
        content(file)
    except NotFound:
        return "missing"
    except FileRefusal as refusal:
        if refusal.code != "file_unreadable":
            raise
        return "unreadable"
    return ""


def copy_from_folder() -> Iterator[bool]:
    """Copy what lies below `TONGBAN_VAR` into the store that is set, encrypted as it lies; whether each one was there.

    May be done again. Nothing is removed from the folder.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    folder = FolderStore()
    for key in StoredFile.objects.order_by("pk").values_list("storage_key", flat=True).iterator(chunk_size=_CHUNK):
        with answering() as store:
            try:
                store.write(place(key), folder.read(place(key)))
            except FileNotFoundError:
                yield False
                continue
        yield True
