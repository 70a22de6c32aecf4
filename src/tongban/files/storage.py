"""Where the bytes lie: under `TONGBAN_VAR/files`, by random names that say nothing."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def root() -> Path:
    """Return the folder of all files."""
    return Path(settings.VAR) / "files"


def path_of(storage_key: str) -> Path:
    """Return where a key's bytes lie."""
    return root() / storage_key[:2] / storage_key[2:4] / storage_key


def fresh_name() -> str:
    """Return a name that nothing has."""
    return secrets.token_hex(20)


def write(storage_key: str, data: bytes) -> None:
    """Write bytes durably under a fresh name; a crash leaves no half file under that name."""
    target = path_of(storage_key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = target.with_suffix(".part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    half.rename(target)


def read(storage_key: str) -> bytes:
    """Return a key's bytes as they lie.

    Raises:
        FileNotFoundError: there are none.
    """
    return path_of(storage_key).read_bytes()


def remove(storage_key: str) -> None:
    """Remove a key's bytes; gone already is fine."""
    path_of(storage_key).unlink(missing_ok=True)


def older_than(age_s: float) -> Iterator[Path]:
    """Return every file that has lain longer than that."""
    before = time.time() - age_s
    for path in root().glob("*/*/*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield path
