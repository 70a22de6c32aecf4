"""Looking at a file before it is kept: is it whole, is it what it says, can everybody open it."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

from PIL import Image

from tongban.files import office, pictures, problems, sniffing
from tongban.files.problems import FileRefusal

PIXELS_MAX = 100_000_000
_EXIF_ORIENTATION = 0x0112
#: A picture of the largest size takes 400 MB while it is looked at: one at a time in each process.
_one_picture = threading.Lock()
_PDF_END_WITHIN = 2048


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: its kind and the bytes to keep."""

    media_type: str
    data: bytes


def inspect(data: bytes, filename: str) -> Inspected:
    """Look at a file and return what is to be kept of it: pictures without what they tell about the photographer.

    Raises:
        FileRefusal: `file_empty`, `file_type_not_allowed`, `file_type_mismatch`, `file_damaged`, `file_encrypted`,
            `file_too_many_pixels`, and for archives `file_archive_truncated`, `file_unpacks_too_large`,
            `file_has_macros` or `file_links_outside`.
    """
    if not data:
        raise problems.empty()
    kind = sniffing.media_type(data)
    if kind is None:
        if sniffing.is_locked_office(data):
            raise problems.encrypted()
        raise problems.not_allowed(sniffing.other_kind(data))
    if not sniffing.extension_fits(filename, kind):
        raise problems.mismatch(filename.rpartition(".")[2].lower()[:10], sniffing.ACCEPTED[kind][0])
    if kind not in (sniffing.JPEG, sniffing.PNG):
        _inspect_document(data, kind)
        return Inspected(kind, data)
    return Inspected(kind, _inspect_picture(data, kind))


def _inspect_document(data: bytes, kind: str) -> None:
    if kind == sniffing.PDF:
        _inspect_pdf(data)
        return
    for short, media_type in sniffing.OFFICE.items():
        if media_type == kind:
            office.inspect(data, short)


def _inspect_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-_PDF_END_WITHIN:]:
        raise problems.damaged()
    # 14 MiB: they come with the first PDF file.
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        is_encrypted = reader.encrypted
        pages = 0 if is_encrypted else int(reader.root["/Pages"]["/Count"])
        if pages:
            reader.find_page_container(pages - 1)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise problems.damaged() from error
    if is_encrypted:
        raise problems.encrypted()
    if not pages:
        raise problems.damaged()


def _inspect_picture(data: bytes, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise problems.too_many_pixels(PIXELS_MAX // 1_000_000)
            orientation = int(image.getexif().get(_EXIF_ORIENTATION, 1))
            # An eighth of the size still reads every byte, at a sixty-fourth of the memory (JPEG only).
            image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
            with _one_picture:
                image.load()
        return pictures.clean_jpeg(data, orientation) if kind == sniffing.JPEG else pictures.clean_png(data)
    except FileRefusal:
        raise
    except Exception as error:
        raise problems.damaged() from error
