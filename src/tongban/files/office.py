"""Documents that are zip archives, looked through: OFD (GB/T 33190-2016), DOCX and XLSX (ISO/IEC 29500-2)."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from tongban.files import problems
from tongban.files.problems import FileRefusal

PARTS_MAX = 4000
UNPACKED_BYTES_MAX = 200 * 1024 * 1024
#: XML packs well; one part that shrinks more than this is made to fill somebody's memory.
_RATIO_MAX = 400
_RATIO_FROM_BYTES = 4 * 1024 * 1024
_XML_BYTES_MAX = 32 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_ENCRYPTED_FLAG = 0x1
_STRONG_ENCRYPTION_FLAG = 0x40
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

#: The part whose presence, besides the list of types, tells the kind.
MAIN_PARTS = {"ofd": "OFD.xml", "docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_TYPES_PART = "[Content_Types].xml"
_MACRO_TYPES = (b"macroenabled", b"vbaproject")
_MACRO_NAMES = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/.*|activex/.*)$", re.IGNORECASE)
_PROGRAM_NAMES = re.compile(r"\.(exe|dll|js|vbs|bat|cmd|ps1|scr|jar|hta)$", re.IGNORECASE)
#: Relations that only lead somewhere when a reader clicks on them.
_CLICKED = ("/hyperlink",)
#: Tells how an OFD's parts are encrypted, by password or certificate; beside OFD.xml (GM/T 0099-2020, annex C).
_LOCKED_OFD_PART = "encryptions.xml"
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_DOCTYPE_BYTES = 16

#: What the standard library raises of archives that are cut, forged, locked or packed in ways that it does not know,
#: and of XML that is broken, too deep, or names an encoding that does not exist (LookupError).
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ET.ParseError,
    NotImplementedError, RuntimeError, ValueError, LookupError,
)  # fmt: skip


def kind_of(data: bytes) -> str | None:
    """Return `ofd`, `docx` or `xlsx` by the parts of an archive, or None for any other archive.

    Raises:
        FileRefusal: `file_archive_truncated`, the list of parts at the end is missing or broken.
    """
    with _opened(data) as archive:
        names = {one.filename for one in archive.infolist()}
    for kind, main in MAIN_PARTS.items():
        if main in names and (kind == "ofd" or _TYPES_PART in names):
            return kind
    return None


def inspect(data: bytes, kind: str, *, xml_bytes_max: int = _XML_BYTES_MAX) -> None:
    """Look through every part of an office file; one part of XML may be `xml_bytes_max` long, all together not more
    than `UNPACKED_BYTES_MAX` or, where that is larger, twice one part.

    Raises:
        FileRefusal: `file_archive_truncated`, `file_damaged`, `file_encrypted`, `file_unpacks_too_large`,
            `file_has_macros` or `file_links_outside`.
    """
    try:
        with _opened(data) as archive:
            entries = archive.infolist()
            if kind == "ofd" and any(entry.filename.lower() == _LOCKED_OFD_PART for entry in entries):
                raise problems.encrypted()
            _look_at_list(entries, max(UNPACKED_BYTES_MAX, 2 * xml_bytes_max))
            for entry in entries:
                _look_at_part(archive, entry, xml_bytes_max)
            _look_at_main(archive, kind)
    except FileRefusal:
        raise
    except _DAMAGE as error:
        raise problems.damaged() from error


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise problems.archive_truncated() from error


def _look_at_list(entries: list[zipfile.ZipInfo], unpacked_bytes_max: int) -> None:
    """Refuse by what the list of parts already says, before a byte is unpacked."""
    names = [entry.filename for entry in entries]
    if len(names) > PARTS_MAX or sum(entry.file_size for entry in entries) > unpacked_bytes_max:
        raise problems.unpacks_too_large()
    if len(set(names)) != len(names):
        raise problems.damaged()
    for entry in entries:
        if entry.flag_bits & (_ENCRYPTED_FLAG | _STRONG_ENCRYPTION_FLAG):
            raise problems.encrypted()
        if entry.compress_type not in _METHODS or ".." in entry.filename.split("/") or entry.filename[:1] in "/\\":
            raise problems.damaged()
        if entry.file_size > _RATIO_FROM_BYTES and entry.file_size > entry.compress_size * _RATIO_MAX:
            raise problems.unpacks_too_large()
        if _MACRO_NAMES.search(entry.filename) or _PROGRAM_NAMES.search(entry.filename):
            raise problems.has_macros()


def _look_at_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, xml_bytes_max: int) -> None:
    """Read one part to its end, which proves its checksum, and look into what is XML."""
    name = entry.filename.lower()
    is_xml = name.endswith((".xml", ".rels"))
    is_kept = name.endswith(".rels") or name == _TYPES_PART.lower()
    kept: list[bytes] = []
    size, tail = 0, b""
    for chunk in _chunks(archive, entry):
        size += len(chunk)
        if size > entry.file_size or (is_xml and size > xml_bytes_max):
            raise problems.unpacks_too_large()
        if is_xml:
            # In UTF-16 every other byte is zero; a word may lie across two chunks.
            plain = tail + chunk.replace(b"\x00", b"")
            if _DOCTYPE.search(plain):
                raise problems.damaged()
            tail = plain[-_DOCTYPE_BYTES:]
        if is_kept:
            kept.append(chunk)
    if name.endswith(".rels"):
        _look_at_relations(b"".join(kept))
    elif is_kept and any(mark in b"".join(kept).lower() for mark in _MACRO_TYPES):
        raise problems.has_macros()


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK_BYTES):
            yield chunk


def _look_at_relations(text: bytes) -> None:
    """Refuse templates, objects and pictures that a reader would fetch from elsewhere by itself."""
    for relation in ET.fromstring(text):  # noqa: S314 - without a document type, see `_look_at_part`
        outside = relation.get("TargetMode", "").lower() == "external"
        if outside and not relation.get("Type", "").lower().endswith(_CLICKED):
            raise problems.links_outside()


def _look_at_main(archive: zipfile.ZipFile, kind: str) -> None:
    root = ET.fromstring(archive.read(MAIN_PARTS[kind]))  # noqa: S314 - every part has been looked at
    word = root.tag.rpartition("}")[2]
    if word != {"ofd": "OFD", "docx": "document", "xlsx": "workbook"}[kind]:
        raise problems.damaged()
