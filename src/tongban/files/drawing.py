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
#: How a watermark lies on a page: slanted lines, far enough apart to leave the content readable.
_ANGLE: Final = 28
_INK: Final = (176, 0, 32, 62)


def main(order: dict[str, Any], data: bytes, out: IO[bytes]) -> None:
    """Draw one page (`page`), or every page with a watermark (`lines`), as the order says."""
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
    """A copy of all pages with the watermark drawn into the picture, where it cannot be taken off again."""
    pages = _marked_pages(order, data)
    first = next(pages)
    if order["kind"] == "application/pdf":
        # Of a pipe, which it tries to map into memory, the library makes nothing.
        whole = io.BytesIO()
        first.save(whole, "PDF", save_all=True, append_images=pages, resolution=150.0, quality=_JPEG_QUALITY)
        out.write(whole.getvalue())
    else:
        first.save(out, "PNG")


def _marked_pages(order: dict[str, Any], data: bytes) -> Iterator[Image.Image]:
    width = int(order["width"])
    if order["kind"] != "application/pdf":
        yield _watermarked(_picture(data, width), order["lines"], order["font"])
        return
    with contextlib.closing(pypdfium2.PdfDocument(data)) as document:
        for number in range(len(document)):
            yield _watermarked(_drawn(document[number], width), order["lines"], order["font"])


def _watermarked(page: Image.Image, lines: list[str], font_path: str) -> Image.Image:
    size = max(14, page.width // 44)
    font = ImageFont.truetype(font_path, size)
    text = "\n".join(lines)
    box = ImageDraw.Draw(page).multiline_textbbox((0, 0), text, font=font, spacing=size // 3)
    across, down = int(box[2]) + size * 3, int(box[3]) + size * 5
    side = int(math.hypot(page.width, page.height)) + max(across, down)
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for row, top in enumerate(range(0, side, down)):
        for left in range(-across // 2 * (row % 2), side, across):
            draw.multiline_text((left, top), text, font=font, fill=_INK, spacing=size // 3)
    turned = layer.rotate(_ANGLE, resample=Image.Resampling.BILINEAR)
    at = ((side - page.width) // 2, (side - page.height) // 2)
    cut = turned.crop((*at, at[0] + page.width, at[1] + page.height))
    return Image.alpha_composite(page.convert("RGBA"), cut).convert("RGB")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
    main(json.loads(sys.argv[1]), sys.stdin.buffer.read(), sys.stdout.buffer)
