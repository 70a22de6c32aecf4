"""Typesetting: data and a template become the bytes of a PDF/A-2 file. Pure: no database, no settings, no clock.

Texts reach the template as one JSON string in `sys.inputs` and are set as typst strings. Nothing here builds
template source from data, so that `#import`, `*` or `$` in a name are printed and never obeyed.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno

TEMPLATES = Path(__file__).parent / "typst"
#: 〓 is the printer's sign for a character that the case lacks.
GETA = "〓"
_SUFFIXES = {".otf", ".ttf", ".ttc"}
# typst's compiler is safe to build from many threads, but two at once only fight over the same cores and cache.
_LOCK = threading.Lock()


class TypesettingError(Exception):
    """The template could not be set; the cause is a fault in the program or its data, never in a person's input."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """Fonts of a city: 仿宋 and 小标宋 are replaced by Noto Serif SC, 黑体 by Noto Sans SC, unless the city brings
    its own.
    """

    body: str = "Noto Serif SC"
    heading: str = "Noto Sans SC"
    #: Folders with further fonts (licensed 仿宋, rare characters).
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Where the middle of a seal sits: page (1 is the first), and points from the top left corner."""

    page: int
    x_pt: float
    y_pt: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A typeset document; `seat` is None where the template has no place for a seal."""

    pdf: bytes
    seat: Seat | None
    missing: tuple[str, ...]


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    at: dt.datetime,
    typeface: Typeface,
    qr_target: str,
    drawings: Mapping[str, str] | None = None,
) -> Sheet:
    """Set `data` by a template of `typst/`.

    Args:
        template: file name of the template.
        data: JSON-able envelope; `content` holds the kind's own fields.
        at: time of creation that the file states (aware); the same input gives the same bytes.
        typeface: fonts.
        qr_target: what the QR code leads to.
        drawings: SVG texts by name, for `sys.inputs`.

    Raises:
        TypesettingError: the template does not fit the data.
    """
    readable, missing = _replace_missing(data, typeface)
    envelope = {
        **readable,
        "fonts": {"body": typeface.body, "heading": typeface.heading},
        "missing_glyphs": list(missing),
    }
    # The compiler (7 MiB) and the reader of fonts (4 MiB) come when a process typesets; most web workers never do.
    import typst

    inputs = {"data": json.dumps(envelope, ensure_ascii=False), "qr": qr_svg(qr_target), **(drawings or {})}
    try:
        with _LOCK:
            compiler = typst.Compiler(
                str(TEMPLATES / template),
                root=str(TEMPLATES),
                font_paths=_fonts(typeface),
                ignore_system_fonts=True,
                sys_inputs=inputs,
            )
            pdf = compiler.compile(
                format="pdf", pdf_standards=["a-2a"], timestamp=at.astimezone(dt.UTC).replace(microsecond=0)
            )
            seats = json.loads(compiler.query("<seal>", field="value"))
    except typst.TypstError as error:
        raise TypesettingError(f"{template}: {error}") from error
    if not isinstance(pdf, bytes):
        raise TypesettingError(f"{template}: no PDF came back")
    seat = Seat(seats[-1]["page"], seats[-1]["x"], seats[-1]["y"]) if seats else None
    return Sheet(pdf=pdf, seat=seat, missing=missing)


def qr_svg(target: str) -> str:
    """Return an SVG text with the QR code (error level M) of `target`."""
    out = io.BytesIO()
    segno.make(target, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode("ascii")


def strokes_svg(strokes: Iterable[Iterable[tuple[float, float]]]) -> str:
    """Draw pen strokes (coordinates 0..1, a field three times as wide as high) as an SVG text."""
    paths = []
    for stroke in strokes:
        points = [f"{x * 300:.1f} {y * 100:.1f}" for x, y in stroke]
        if points:
            paths.append(f'<path d="M{" L".join(points)}"/>')
    body = "".join(paths)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
        f'<g fill="none" stroke="#111" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{body}</g></svg>'
    )


def seal_drawing() -> bytes:
    """Return a one-page PDF, 42 mm square and transparent, with the demonstration seal."""
    import typst

    with _LOCK:
        compiler = typst.Compiler(str(TEMPLATES / "seal.typ"), root=str(TEMPLATES), ignore_system_fonts=True)
        pdf = compiler.compile(format="pdf", pdf_tags=False, timestamp=0)
    if not isinstance(pdf, bytes):
        raise TypesettingError("seal.typ: no PDF came back")
    return pdf


def _folders(typeface: Typeface) -> list[str]:
    return [str(Path(pylopdf_fonts_zh_cn.serif_path()).parent), *typeface.folders]


@functools.cache
def _fonts(typeface: Typeface) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_folders(typeface))


@functools.cache
def coverage(typeface: Typeface) -> frozenset[int]:
    """Return the code points for which some font of the typeface has a glyph."""
    from fontTools.ttLib import TTCollection, TTFont

    found: set[int] = set()
    for folder in _folders(typeface):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix.lower() in _SUFFIXES:
                faces = (
                    TTCollection(path, lazy=True).fonts if path.suffix.lower() == ".ttc" else [TTFont(path, lazy=True)]
                )
                for face in faces:
                    found.update(face.getBestCmap() or {})
    return frozenset(found)


def _replace_missing(data: Mapping[str, Any], typeface: Typeface) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put 〓 for every character without a glyph and list their code points, so that nothing is lost without a word."""
    covered = coverage(typeface)
    missing: list[str] = []

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return "".join(_glyph(char, covered, missing) for char in value)
        if isinstance(value, Mapping):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [walk(item) for item in value]
        return value

    return walk(data), tuple(missing)


def _glyph(char: str, covered: frozenset[int], missing: list[str]) -> str:
    if char in "\n\t" or ord(char) in covered:
        return char
    if not char.isprintable():
        return ""  # control characters and joiners have no place on paper
    missing.append(f"U+{ord(char):04X}")
    return GETA
