"""What a file is by its bytes, whatever its name says. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from tongban.files import office

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
OFD = "application/ofd"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Kinds that a browser shows by itself; the others are always saved.
SHOWN = frozenset({PDF, JPEG, PNG})

#: Kinds that are taken, with the word for people and the extensions that fit.
ACCEPTED: dict[str, tuple[str, frozenset[str]]] = {
    PDF: (_(" PDF 文件"), frozenset({"pdf"})),
    JPEG: (_(" JPG 图片"), frozenset({"jpg", "jpeg", "jpe", "jfif"})),
    PNG: (_(" PNG 图片"), frozenset({"png"})),
    OFD: (_(" OFD 文件"), frozenset({"ofd"})),
    DOCX: (_(" Word 文件"), frozenset({"docx"})),
    XLSX: (_(" Excel 文件"), frozenset({"xlsx"})),
}
#: The extension given to a file whose name has none.
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png", OFD: "ofd", DOCX: "docx", XLSX: "xlsx"}
#: Archives by the short name that `office` gives them.
OFFICE = {"ofd": OFD, "docx": DOCX, "xlsx": XLSX}
_ZIP_MARK = b"PK\x03\x04"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The stream in which Office puts a document that a password locks ([MS-OFFCRYPTO] 2.3.4.4), as named in the directory.
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")

#: Kinds that people hand in by mistake, so that the refusal can name them.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (_ZIP_MARK, _("压缩文件")),
    (_OLE_MARK, _("旧版 Word 或 Excel 文件")),
    (b"GIF8", _(" GIF 图片")),
    (b"BM", _(" BMP 图片")),
    (b"II*\x00", _(" TIFF 图片")),
    (b"MM\x00*", _(" TIFF 图片")),
    (b"Rar!", _("压缩文件")),
    (b"7z\xbc\xaf", _("压缩文件")),
    (b"\x1f\x8b", _("压缩文件")),
    (b"MZ", _("程序")),
    (b"\x7fELF", _("程序")),
    (b"{\\rtf", _("写字板文件")),
)
#: PDF readers look for the mark in the first kilobyte (ISO 32000-1, annex H, note 13).
_PDF_MARK_WITHIN = 1024


def media_type(data: bytes) -> str | None:
    """Return which accepted kind the bytes show, or None.

    Raises:
        FileRefusal: `file_archive_truncated` for an archive without its end.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(_ZIP_MARK):
        return OFFICE.get(office.kind_of(data) or "")
    # What begins as a program or a picture and carries a PDF behind it is opened as one thing here, as another there.
    if any(data.startswith(mark) for mark, _word in _OTHERS) or data[4:8] == b"ftyp":
        return None
    return PDF if b"%PDF-" in data[:_PDF_MARK_WITHIN] else None


def is_locked_office(data: bytes) -> bool:
    """Whether this is a Word or Excel file that a password locks."""
    return data.startswith(_OLE_MARK) and _LOCKED_STREAM in data


def other_kind(head: bytes) -> str:
    """Return a word for a kind that is not taken."""
    if head[4:8] == b"ftyp":
        return _(" HEIC 图片或视频")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _(" WebP 图片")
    for mark, word in _OTHERS:
        if head.startswith(mark):
            return word
    return _("不认识的文件")


def extension_fits(filename: str, kind: str) -> bool:
    """Whether a name's extension is one of the kind's; a name without an extension fits."""
    _stem, dot, extension = filename.rpartition(".")
    return not dot or extension.lower() in ACCEPTED[kind][1]
