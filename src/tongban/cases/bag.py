"""A package of files as BagIt has it (RFC 8493): payload and SHA-256 manifests. No database.

Everything depends on what goes in alone, order and times too, so that the same case gives the same bytes again.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tongban.base import moment

DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
#: What some system does not take in a name; a percent sign BagIt would write differently from `sha256sum`.
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e<>:"/\\|?*%]+')
#: The longest name: bytes of UTF-8 before the ending, letters of the ending.
_STEM_MAX, _ENDING_MAX = 240, 10


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One file of the payload: its path below `data/`, of safe names; the digest of its bytes."""

    path: str
    sha256: str


def tag_files(payload: Iterable[Payload], metadata: Mapping[str, str]) -> dict[str, bytes]:
    """The files that describe the payload, in the order in which they stand in the package; the last seals them all.

    `metadata`: further tag files by name.
    """
    lines = "".join(f"{one.sha256}  data/{one.path}\n" for one in payload)
    files = {
        "bagit.txt": DECLARATION.encode(),
        **{name: text.encode() for name, text in metadata.items()},
        MANIFEST: lines.encode(),
    }
    sealed = "".join(f"{_sha256(content)}  {name}\n" for name, content in files.items())
    return {**files, TAG_MANIFEST: sealed.encode()}


def digest(text: str) -> str:
    """The digest of a text as it stands in the package."""
    return _sha256(text.encode())


def seal_of(files: Mapping[str, bytes]) -> str:
    """The one digest on which every other depends."""
    return _sha256(files[TAG_MANIFEST])


def packed(folder: str, files: Iterable[tuple[str, bytes]], at: datetime) -> Iterator[bytes]:
    """The package as a ZIP with one folder, made while it is read: one file in memory at a time."""
    sink = Sink()
    date_time = at.astimezone(moment.SHANGHAI).timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as package:
        for path, content in files:
            entry = zipfile.ZipInfo(f"{folder}/{path}", date_time=date_time)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            package.writestr(entry, content)
            yield sink.drain()
    yield sink.drain()


def safe_name(name: str) -> str:
    """A name that every system can unpack, at most 255 bytes long; longer ones are cut before their ending."""
    whole = _UNSAFE.sub("_", name).strip(" .")
    stem, dot, ending = whole.rpartition(".")
    if not (stem and ending.isascii() and ending.isalnum() and len(ending) <= _ENDING_MAX):
        stem, dot, ending = whole, "", ""
    return f"{stem.encode()[:_STEM_MAX].decode(errors='ignore')}{dot}{ending}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Sink:
    """What a ZIP is written to when nobody keeps it: bytes are taken away as they come, so it cannot be wound back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Take what comes."""
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nobody is left waiting."""

    def drain(self) -> bytes:
        """Give away what came since."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken
