"""Files below `TONGBAN_VAR`, on a disk of this machine or one that all machines share."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tongban.files.registries import Store, StoreUnavailableError


class FolderStore(Store):
    """Each path is a file, readable by the program's user alone."""

    def write(self, path: str, data: bytes) -> None:
        """Write beside, then rename: a crash leaves no half file under that name."""
        target = _place(path)
        half = target.with_name(f"{target.name}.part")
        try:
            with os.fdopen(_begun(half), "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            half.replace(target)
            _settle(target.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                half.unlink()
            raise StoreUnavailableError(str(error)) from error

    def read(self, path: str) -> bytes:
        """Read a file whole."""
        try:
            return _place(path).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreUnavailableError(str(error)) from error

    def remove(self, *paths: str) -> None:
        """Remove files, and a folder that becomes empty by it."""
        try:
            for path in paths:
                _place(path).unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    _place(path).parent.rmdir()
        except OSError as error:
            raise StoreUnavailableError(str(error)) from error

    def under(self, folder: str, *, older_than_s: float = 0) -> Iterator[str]:
        """Walk a folder; halves that a crash left are among them."""
        before = time.time() - older_than_s
        for place, _folders, names in os.walk(_place(folder)):
            for name in names:
                path = Path(place, name)
                if _written_at(path) <= before:
                    yield path.relative_to(settings.VAR).as_posix()


def _place(path: str) -> Path:
    return Path(settings.VAR) / path


def _begun(half: Path) -> int:
    """Open a new file; its folder may go just then, emptied by a removal."""
    for _attempt in range(3):
        half.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            return os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    raise StoreUnavailableError(f"no folder for {half}")


def _written_at(path: Path) -> float:
    """When a file was written, Unix time; one that went meanwhile counts as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _settle(folder: Path) -> None:
    """Make a new name in a folder survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
