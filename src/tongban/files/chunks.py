"""The chunks of pending uploads: encrypted, each of its own, in the store under `uploads/<upload>/<offset>`."""

from __future__ import annotations

import uuid

from tongban.base import keys
from tongban.files.storage import answering

_FOLDER = "uploads"


def write(public_id: uuid.UUID, offset: int, data: bytes) -> None:
    """Write a chunk durably; the same offset again replaces it.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as store:
        store.write(_path(public_id, offset), keys.ring().encrypt(data, _aad(public_id, offset)))


def read(public_id: uuid.UUID, size: int) -> bytes:
    """Put the chunks together.

    Raises:
        FileNotFoundError: one of them is not here.
        FileRefusal: `file_store_unavailable`.
    """
    parts: list[bytes] = []
    offset = 0
    with answering() as store:
        while offset < size:
            sealed = store.read(_path(public_id, offset))
            parts.append(keys.ring().decrypt(sealed, _aad(public_id, offset)))
            offset += len(parts[-1])
    return b"".join(parts)


def remove(public_id: uuid.UUID) -> None:
    """Remove the chunks of an upload; gone already is fine.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as store:
        store.remove(*store.under(f"{_FOLDER}/{public_id.hex}"))


def remove_older(age_s: float) -> int:
    """Remove the chunks that have lain so long, seconds, whosever they were; how many.

    Raises:
        FileRefusal: `file_store_unavailable`.
    """
    with answering() as store:
        ended = list(store.under(_FOLDER, older_than_s=age_s))
        store.remove(*ended)
    return len(ended)


def _path(public_id: uuid.UUID, offset: int) -> str:
    return f"{_FOLDER}/{public_id.hex}/{offset:012d}"


def _aad(public_id: uuid.UUID, offset: int) -> bytes:
    return f"upload:{public_id.hex}:{offset}".encode()
