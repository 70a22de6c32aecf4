"""A package of files as BagIt has it (RFC 8493): payload, SHA-256 manifests, and the check of one. No database.

Everything depends on what goes in alone, order and times too, so that the same case gives the same bytes again.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from tongban.base import moment

DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
NAME_MAX: Final = 80
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
#: Bytes looked at at a time.
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One file of the payload: its path below `data/`, the digest of its bytes."""

    path: str
    sha256: str


def tag_files(payload: Iterable[Payload], metadata: Mapping[str, str]) -> dict[str, bytes]:
    """The files that describe the payload, in the order in which they stand in the package; the last seals them all.

    `metadata`: further tag files by name.
    """
    lines = "".join(f"{one.sha256}  {_escaped(f'data/{one.path}')}\n" for one in payload)
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


def check(package: IO[bytes]) -> list[str]:
    """What is wrong with a package, in words; empty where every file is there and is what the manifests say."""
    try:
        with zipfile.ZipFile(package) as opened:
            return _check(opened)
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, EOFError, OSError) as error:
        return [f"不是完整的归档信息包：{error}"]


def _check(opened: zipfile.ZipFile) -> list[str]:
    names = opened.namelist()
    folders = {name.partition("/")[0] for name in names}
    if len(folders) != 1 or len(set(names)) != len(names):
        return ["归档信息包应当只有一个文件夹，文件不重名"]
    folder = folders.pop()
    there = {name.partition("/")[2] for name in names}
    found: list[str] = []
    for manifest in (TAG_MANIFEST, MANIFEST):
        if manifest not in there:
            found.append(f"缺少 {manifest}")
            continue
        listed = _read(opened.read(f"{folder}/{manifest}").decode())
        wanted = {one for one in there if one.startswith("data/") == (manifest == MANIFEST) and one != TAG_MANIFEST}
        found += [f"缺少 {path}" for path in sorted(set(listed) - there)]
        found += [f"多出 {path}" for path in sorted(wanted - set(listed))]
        found += [
            f"{path} 与校验值不符"
            for path in sorted(set(listed) & there)
            if _digest(opened, f"{folder}/{path}") != listed[path]
        ]
    return found


def safe_name(name: str) -> str:
    """A name that every system can unpack, its ending kept; longer ones are cut before it."""
    stem, dot, ending = _UNSAFE.sub("_", name).strip(" .").rpartition(".")
    return f"{(stem or ending)[:NAME_MAX]}{dot}{ending[:10]}" if stem else ending[:NAME_MAX]


def _read(text: str) -> dict[str, str]:
    lines = [line.split("  ", 1) for line in text.splitlines() if line]
    return {path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%"): digest for digest, path in lines}


def _digest(opened: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with opened.open(name) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


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
