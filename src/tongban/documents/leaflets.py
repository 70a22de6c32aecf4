"""Papers that are no legal documents: a guide to take home, a blank form. Neither numbered, sealed nor kept.

Their content comes from the catalogue, which everybody may read; whatever a person writes goes into documents.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from tongban.documents import settings
from tongban.documents.typesetting import typeset

Leaflet = Literal["guide", "form"]
#: Papers kept in a process, about 100 kB each.
_KEPT = 32


def leaflet(
    name: Leaflet,
    *,
    title: str,
    organisation: str,
    site_name: str,
    content: Mapping[str, Any],
    sample: bool,
    target: str,
    at: dt.datetime,
) -> bytes:
    """Return the PDF of a leaflet; `sample` marks every page 示例, `target` is where the QR code leads.

    Args:
        name: which template (`typst/leaflet_<name>.typ`).
        title: what the file is called inside.
        organisation: the body whose paper it is.
        site_name: the portal, as the foot of the page names it.
        content: JSON-able; texts are printed, never obeyed.
        sample: whether everything in it is made up.
        target: an address.
        at: the time that the file states (aware): that of what it shows, so that equal content gives equal bytes.

    Raises:
        TypesettingError: the content does not fit the template.
    """
    envelope = {
        "title": title,
        "organisation": organisation,
        "site_name": site_name,
        "demonstration": sample,
        "target": target,
        "content": dict(content),
    }
    return _set(name, json.dumps(envelope, ensure_ascii=False, sort_keys=True), at)


@lru_cache(maxsize=_KEPT)
def _set(name: Leaflet, envelope: str, at: dt.datetime) -> bytes:
    data: dict[str, Any] = json.loads(envelope)
    sheet = typeset(
        f"leaflet_{name}.typ", data, at=at, typeface=settings.typeface(), qr_target=str(data["target"]), drawings={}
    )
    return sheet.pdf
