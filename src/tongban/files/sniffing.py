"""What a file is by its first bytes, whatever its name says. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"

#: Kinds that are taken, with the word for people and the extensions that fit.
ACCEPTED: dict[str, tuple[str, frozenset[str]]] = {
    PDF: (_(" PDF 文件"), frozenset({"pdf"})),
    JPEG: (_(" JPG 图片"), frozenset({"jpg", "jpeg", "jpe", "jfif"})),
    PNG: (_(" PNG 图片"), frozenset({"png"})),
}

#: Kinds that people hand in by mistake, so that the refusal can name them.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _(" Word、Excel、OFD 或压缩文件")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("旧版 Word 或 Excel 文件")),
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


def media_type(head: bytes) -> str | None:
    """Return which accepted kind the first kilobyte shows, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return PDF if b"%PDF-" in head[:_PDF_MARK_WITHIN] else None


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
