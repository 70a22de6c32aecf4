"""Small safe pieces of HTML: the only module besides the templates that writes markup."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import segno
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tongban.base.web.formats import code_parts
from tongban.base.web.icons import ICONS

#: kind of a state -> the shape that goes with its colour, so that colour never speaks alone
STATE_ICONS: Mapping[str, str] = {
    "none": "dot",
    "run": "play",
    "wait": "warning",
    "done": "check",
    "late": "stop",
    "pause": "pause",
}

#: kind of a notice -> its icon
NOTICE_ICONS: Mapping[str, str] = {
    "": "info",
    "run": "info",
    "wait": "warning",
    "done": "check-circle",
    "late": "stop",
    "pause": "pause",
}


@lru_cache(maxsize=1_024, typed=True)
def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """Draw an icon; `size` is "", "24" or "32"; with a `label` it speaks, without one it is decoration.

    Raises:
        KeyError: there is no such icon.
    """
    inside = mark_safe(ICONS[name])  # noqa: S308  our own constant drawings
    css = f"i i--{size}" if size else "i"
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', css, label, inside
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', css, inside)


def attributes(extra: Mapping[str, Any]) -> SafeString:
    """Write extra attributes: `hx_post="/x"` becomes ` hx-post="/x"`, True a bare attribute, None and False nothing.

    Raises:
        ValueError: a name would be an event handler or is no attribute name; those are refused, not escaped.
    """
    pieces: list[SafeString] = []
    for key, value in extra.items():
        name = key.rstrip("_").replace("_", "-")
        if not name.replace("-", "").isalnum() or not name.isascii() or name.startswith("on") or name == "style":
            raise ValueError(f"not an attribute that a component takes: {key!r}")
        if value is None or value is False:
            continue
        pieces.append(format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value))
    return SafeString("".join(pieces))


def grouped_code(code: str) -> SafeString:
    """Write a code in tabular type, its parts apart for the eye but together for copying."""
    return format_html(
        '<span class="code">{}</span>', format_html_join("", "<span>{}</span>", ((p,) for p in code_parts(code)))
    )


def qr(text: str, label: str) -> SafeString:
    """Draw a QR code (error correction M, quiet zone of 2) of `text`, as SVG as large as its frame."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, dark="#111")
    named = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
    return SafeString(named)


#: What could end a script element or begin a comment in it, as escapes that mean the same in JSON.
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def linked_data(text: str) -> SafeString:
    """Write JSON-LD for the head of a page: a block of data that no browser runs, whatever is in the JSON `text`."""
    return SafeString(f'<script type="application/ld+json">{text.translate(_JSON_ESCAPES)}</script>')


def qr_file(text: str) -> str:
    """Draw a QR code (error correction M, quiet zone of 4 as ISO/IEC 18004 wants) of `text` as an SVG file."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, scale=8, dark="#111", light="#fff")
    return out.getvalue().decode()
