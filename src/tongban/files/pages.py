"""Pages of kept files as pictures, and copies with a watermark: drawn by a program of its own, within bounds.

What cannot be drawn is refused with the reason; the file itself can still be downloaded by whoever may read it.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn

from tongban.files import problems, sniffing
from tongban.files.contents import content
from tongban.files.models import StoredFile
from tongban.kernel.problems import NotFound, Refusal

#: Widths in which a page is drawn, pixels: as it lies beside the form, and enlarged.
WIDTHS: Final = {"fit": 1000, "large": 2000}
#: Width of a picture among the pages that are put in order, pixels.
SMALL_WIDTH: Final = 400
#: More pages than anybody looks through on a screen.
PAGES_MAX: Final = 300
#: Seconds that drawing one page may take.
PAGE_S: Final = 12
#: Pages of a copy with a watermark, their width in pixels (150 to the inch on A4), seconds that all of them may take.
COPY_PAGES_MAX: Final = 40
COPY_WIDTH: Final = 1240
COPY_S: Final = 30
#: Kinds that can be drawn.
DRAWABLE: Final = frozenset({sniffing.PDF, sniffing.JPEG, sniffing.PNG})
#: The program; not imported here, so that the web process never holds the library that draws.
_PROGRAM: Final = Path(__file__).with_name("drawing.py")
#: How the program ends where there are too many pages to copy (`drawing.TOO_MANY_PAGES`).
_TOO_MANY: Final = 3
#: At a time in each process: drawing takes a processor and much memory.
_drawers = threading.BoundedSemaphore(2)
_WAIT_S: Final = 20
_COUNTS_MAX: Final = 4096
_counts: dict[str, int] = {}


def can_be_shown(file: StoredFile) -> bool:
    """Whether the pages of such a file can be looked at here; others are downloaded."""
    return file.media_type in DRAWABLE


def page_count(file: StoredFile) -> int:
    """How many pages a file has for the viewer: 0 where it cannot be shown; at most `PAGES_MAX`."""
    if not can_be_shown(file):
        return 0
    if file.pages is None:
        return _pages_of_old(file)
    return min(file.pages, PAGES_MAX)


def _pages_of_old(file: StoredFile) -> int:
    """Count once in each process; what cannot be read just now is not remembered as empty."""
    known = _counts.get(file.storage_key)
    if known is None:
        try:
            known = pages_of(content(file), file.media_type)
        except Refusal:
            return 0
        if len(_counts) >= _COUNTS_MAX:
            _counts.clear()
        _counts[file.storage_key] = known
    return known


def pages_of(data: bytes, media_type: str) -> int:
    """Count the pages to be kept with a file, at most `PAGES_MAX`; 0 for what is not shown."""
    if media_type != sniffing.PDF:
        return int(media_type in DRAWABLE)
    # 14 MiB: they come with the first PDF file.
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        return max(0, min(int(reader.root["/Pages"]["/Count"]), PAGES_MAX))
    except Exception:  # noqa: BLE001 - of a damaged file the reader raises anything: it has no pages to show
        return 0


def page_picture(file: StoredFile, number: int, size: str = "fit") -> bytes:
    """One page as a JPEG.

    Args:
        file: a file that the caller found by `queries.open_file`.
        number: from 1.
        size: a key of `WIDTHS`.

    Raises:
        NotFound: no such page or size.
        FileRefusal: `file_not_shown`: it cannot be drawn within the bounds; `file_busy`: too many at once.
    """
    if size not in WIDTHS or not 1 <= number <= page_count(file):
        raise NotFound(problems.page_words(), code="page_not_found")
    order = {"kind": file.media_type, "page": number, "width": WIDTHS[size]}
    return _draw(content(file), order, PAGE_S)


def small_picture(data: bytes) -> bytes:
    """A picture that waits to be handed in, small, as a JPEG.

    Raises:
        NotFound: it is no picture.
        FileRefusal: `file_not_shown` or `file_busy`, as above.
    """
    kind = sniffing.media_type(data)
    if kind not in {sniffing.JPEG, sniffing.PNG}:
        raise NotFound(problems.page_words(), code="page_not_found")
    return _draw(data, {"kind": kind, "page": 1, "width": SMALL_WIDTH}, PAGE_S)


def watermarked(data: bytes, media_type: str, lines: Sequence[str]) -> bytes:
    """A copy of a PDF or picture as a PDF whose pages are pictures, the lines slanted across each.

    Raises:
        FileRefusal: `file_not_shown`, `file_busy`, or `file_too_long_to_copy` (more than `COPY_PAGES_MAX`).
    """
    if media_type not in DRAWABLE:
        raise problems.not_shown()
    order: dict[str, object] = {
        "kind": media_type,
        "width": COPY_WIDTH,
        "pages_max": COPY_PAGES_MAX,
        "lines": list(lines),
        "font": str(pylopdf_fonts_zh_cn.sans_path()),
    }
    return _draw(data, order, COPY_S)


def _draw(data: bytes, order: dict[str, object], limit_s: float) -> bytes:
    if not _drawers.acquire(timeout=_WAIT_S):
        raise problems.busy()
    try:
        done = subprocess.run(  # noqa: S603 - our own program, without a shell; the order is JSON of ours
            [sys.executable, "-I", str(_PROGRAM), json.dumps(order)],
            input=data,
            capture_output=True,
            timeout=limit_s,
            env={},
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise (
            problems.too_long_to_copy(COPY_PAGES_MAX) if error.returncode == _TOO_MANY else problems.not_shown()
        ) from error
    except subprocess.TimeoutExpired as error:
        raise problems.not_shown() from error
    finally:
        _drawers.release()
    return done.stdout
