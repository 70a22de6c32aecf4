"""Binding pictures of pages into one PDF, in order and turned as they lie. A JPEG keeps its own bytes. Pure."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

#: Height of A4, points: the longer side of every page.
_LONG_PT: Final = 842.0
#: Longer side of A4 at 300 dpi, pixels. Pages with more bytes than `_AS_IT_IS_BYTES` are drawn anew within it.
_LONG_PX: Final = 3508
_AS_IT_IS_BYTES: Final = 1536 * 1024
_QUALITY: Final = 85
_EXIF_ORIENTATION: Final = 0x0112
#: How far a picture is to be turned clockwise by its orientation; the mirrored ones are drawn anew.
_TURN_OF: Final = {1: 0, 3: 180, 6: 90, 8: 270}
_SPACES: Final = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page ready to be bound: what of a PDF's image dictionary differs, its bytes, and degrees clockwise."""

    width: int
    height: int
    mode: str
    packing: str
    data: bytes
    turn: int


def leaf(data: bytes, turn: int = 0) -> Leaf:
    """Make a page of a JPEG or PNG that was looked at (`inspection`): upright, of a size for paper.

    Args:
        data: the picture.
        turn: degrees clockwise by which a person turned it: 0, 90, 180 or 270.
    """
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
        oriented = _TURN_OF.get(int(image.getexif().get(_EXIF_ORIENTATION, 1)))
        is_jpeg = image.format == "JPEG"
        if is_jpeg and image.mode in {"L", "RGB"} and oriented is not None and len(data) <= _AS_IT_IS_BYTES:
            return Leaf(image.width, image.height, image.mode, "/DCTDecode", data, (oriented + turn) % 360)
        image.draft("RGB", (_LONG_PX, _LONG_PX))
        return _drawn(_on_paper(ImageOps.exif_transpose(image)), turn % 360)


def _on_paper(image: Image.Image) -> Image.Image:
    """What is transparent becomes white; line art and greys stay what they are."""
    if image.mode in {"1", "L", "RGB"}:
        return image
    if image.mode in {"RGBA", "LA", "P", "PA"}:
        seen = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    return image.convert("RGB")


def _drawn(image: Image.Image, turn: int) -> Leaf:
    if max(image.size) > _LONG_PX:
        if image.mode == "1":
            image = image.convert("L")
        image.thumbnail((_LONG_PX, _LONG_PX))
    if image.mode == "RGB":
        out = io.BytesIO()
        image.save(out, "JPEG", quality=_QUALITY)
        return Leaf(image.width, image.height, "RGB", "/DCTDecode", out.getvalue(), turn)
    return Leaf(image.width, image.height, image.mode, "/FlateDecode", zlib.compress(image.tobytes()), turn)


def bind(leaves: Sequence[Leaf]) -> bytes:
    """Bind pages into a PDF (ISO 32000-1) that holds nothing but them."""
    numbers = range(3, 3 + 3 * len(leaves), 3)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(leaves)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>".encode(),
    ]
    for number, one in zip(numbers, leaves, strict=True):
        objects.extend(_page(one, number))
    return _file(objects)


def _page(one: Leaf, number: int) -> tuple[bytes, bytes, bytes]:
    """The objects of one page: itself, what is drawn on it, the picture."""
    scale = _LONG_PT / max(one.width, one.height)
    wide, high = f"{one.width * scale:.2f}", f"{one.height * scale:.2f}"
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {high}] /Rotate {one.turn} "
        f"/Resources << /XObject << /P {number + 2} 0 R >> >> /Contents {number + 1} 0 R >>"
    )
    picture = (
        f"/Type /XObject /Subtype /Image /Width {one.width} /Height {one.height} /ColorSpace {_SPACES[one.mode]} "
        f"/BitsPerComponent {1 if one.mode == '1' else 8} /Filter {one.packing}"
    )
    return page.encode(), _stream("", f"{wide} 0 0 {high} 0 0 cm /P Do".encode()), _stream(picture, one.data)


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)
