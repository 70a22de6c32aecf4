"""The chunks of pending uploads: encrypted, one file each, under `TONGBAN_VAR/uploads/<upload>/<offset>`."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from django.conf import settings

from tongban.base import keys


def folder(public_id: uuid.UUID) -> Path:
    """Return where the chunks of an upload lie."""
    return Path(settings.VAR) / "uploads" / public_id.hex


def write(public_id: uuid.UUID, offset: int, data: bytes) -> None:
    """Write a chunk durably; the same offset again replaces it."""
    place = folder(public_id)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place / f"{offset:012d}.part"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(keys.ring().encrypt(data, _aad(public_id, offset)))
        out.flush()
        os.fsync(out.fileno())
    half.replace(place / f"{offset:012d}")


def read(public_id: uuid.UUID, size: int) -> bytes:
    """Put the chunks together.

    Raises:
        FileNotFoundError: one of them is not here.
    """
    parts: list[bytes] = []
    offset = 0
    while offset < size:
        sealed = (folder(public_id) / f"{offset:012d}").read_bytes()
        parts.append(keys.ring().decrypt(sealed, _aad(public_id, offset)))
        offset += len(parts[-1])
    return b"".join(parts)


def remove(public_id: uuid.UUID) -> None:
    """Remove the chunks of an upload; gone already is fine."""
    shutil.rmtree(folder(public_id), ignore_errors=True)


def _aad(public_id: uuid.UUID, offset: int) -> bytes:
    return f"upload:{public_id.hex}:{offset}".encode()
