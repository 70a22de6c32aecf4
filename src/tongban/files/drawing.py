"""Draws pages as pictures: a program of its own, so that a hostile file takes nothing down but itself.

Run as `python drawing.py ORDER < file > answer`, ORDER being JSON. It imports neither Django nor anything of Tongban:
it starts fast, and holds no key, no connection and no secret. The caller (`tongban.files.pages`) limits the time;
memory and processor time are limited here, before anything of the file is read.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import IO, Any, Final

import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

#: Address space of the program, bytes; processor time, seconds.
_MEMORY_MAX: Final = 1536 * 1024 * 1024
_PROCESSOR_S: Final = 20
#: Height of a page at most, as a multiple of its width: a till slip, not a thread of a metre by a million.
_RATIO_MAX: Final = 6.0
_JPEG_QUALITY: Final = 82
#: How the program ends where the file has more pages than the order lets it copy.
TOO_MANY_PAGES: Final = 3
#: How a watermark lies on a page: slanted lines, far enough apart to leave the content readable.
_ANGLE: Final = 28
_INK: Final = (176, 0, 32, 62)


def main(order: dict[str, Any], data: bytes, out: IO[bytes]) -> None:
    """Draw the page that the order names; or, where it has `lines`, a copy of all pages under that watermark."""
    if "lines" in order:
        _write_copy(order, data, out)
        return
    picture = _page(data, order["kind"], int(order["page"]), int(order["width"]))
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)


def _page(data: bytes, kind: str, number: int, width: int) -> Image.Image:
    if kind != "application/pdf":
        return _picture(data, width)
    with contextlib.closing(pypdfium2.PdfDocument(data)) as document:
        return _drawn(document[number - 1], width)


def _drawn(page: Any, width: int) -> Image.Image:
    across, down = page.get_size()
    if not (across > 0 and down > 0 and math.isfinite(across) and math.isfinite(down)) or down / across > _RATIO_MAX:
        raise ValueError("the page has no size that can be drawn")
    picture: Image.Image = page.render(scale=width / across).to_pil()
    return picture.convert("RGB")


def _picture(data: bytes, width: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
        image.draft("RGB", (width, width))
        upright = ImageOps.exif_transpose(image)
        if upright.height / upright.width > _RATIO_MAX:
            raise ValueError("the picture has no size that can be drawn")
        if upright.mode in {"RGBA", "LA", "P", "PA"}:
            layer = upright.convert("RGBA")
            layer.thumbnail((width, math.ceil(width * _RATIO_MAX)))
            upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        plain = upright.convert("RGB")
    plain.thumbnail((width, math.ceil(width * _RATIO_MAX)))
    return plain


def _write_copy(order: dict[str, Any], data: bytes, out: IO[bytes]) -> None:
    """A PDF of pictures: the watermark is part of each and cannot be taken off again."""
    pages = _marked_pages(order, data)
    first = next(pages)
    # Of a pipe, which it tries to map into memory, the library makes nothing.
    whole = io.BytesIO()
    first.save(whole, "PDF", save_all=True, append_images=pages, resolution=150.0, quality=_JPEG_QUALITY)
    out.write(whole.getvalue())


def _marked_pages(order: dict[str, Any], data: bytes) -> Iterator[Image.Image]:
    width, stencils = int(order["width"]), _Stencils(order["lines"], order["font"])
    if order["kind"] != "application/pdf":
        yield stencils.laid_over(_picture(data, width))
        return
    with contextlib.closing(pypdfium2.PdfDocument(data)) as document:
        if len(document) > int(order["pages_max"]):
            raise SystemExit(TOO_MANY_PAGES)
        for number in range(len(document)):
            yield stencils.laid_over(_drawn(document[number], width))


class _Stencils:
    """The watermark for pages of each size, drawn once."""

    def __init__(self, lines: list[str], font_path: str) -> None:
        self.text, self.font_path = "\n".join(lines), font_path
        self.size: tuple[int, int] = (0, 0)
        self.ready = Image.new("RGBA", (1, 1))

    def laid_over(self, page: Image.Image) -> Image.Image:
        """The page with the watermark drawn into it."""
        if page.size != self.size:
            self.size, self.ready = page.size, self._drawn(*page.size)
        return Image.alpha_composite(page.convert("RGBA"), self.ready).convert("RGB")

    def _drawn(self, across: int, down: int) -> Image.Image:
        letter = max(14, across // 52)
        font = ImageFont.truetype(self.font_path, letter)
        box = ImageDraw.Draw(self.ready).multiline_textbbox((0, 0), self.text, font=font, spacing=letter // 3)
        wide, high = int(box[2]) + letter * 3, int(box[3]) + letter * 5
        side = int(math.hypot(across, down)) + max(wide, high)
        layer = Image.new("RGBA", (side, side), (*_INK[:3], 0))
        draw = ImageDraw.Draw(layer)
        for row, top in enumerate(range(0, side, high)):
            for left in range(-wide // 2 * (row % 2), side, wide):
                draw.multiline_text((left, top), self.text, font=font, fill=_INK, spacing=letter // 3)
        turned = layer.rotate(_ANGLE, resample=Image.Resampling.BILINEAR)
        left, top = (side - across) // 2, (side - down) // 2
        return turned.crop((left, top, left + across, top + down))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
    main(json.loads(sys.argv[1]), sys.stdin.buffer.read(), sys.stdout.buffer)
