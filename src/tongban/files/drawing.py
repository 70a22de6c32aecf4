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
from typing import IO, Any, Final

import pypdfium2
from PIL import Image, ImageOps

#: Address space of the program, bytes; processor time, seconds.
_MEMORY_MAX: Final = 1536 * 1024 * 1024
_PROCESSOR_S: Final = 20
#: Height of a page at most, as a multiple of its width: a till slip, not a thread of a metre by a million.
_RATIO_MAX: Final = 6.0
_JPEG_QUALITY: Final = 82


def main(order: dict[str, Any], data: bytes, out: IO[bytes]) -> None:
    """Draw the page that the order names."""
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


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
    main(json.loads(sys.argv[1]), sys.stdin.buffer.read(), sys.stdout.buffer)
