"""What a list's page shows, for the portal and for the desk."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.catalogue.queries.lists import negative_list, power_list, responsibility_list
from tongban.catalogue.words import KINDS, LEVELS
from tongban.directory.models import Organisation
from tongban.kernel.problems import NotFound

KINDS_OF_LIST: Final = {
    "power": gettext_lazy("权力清单"),
    "responsibility": gettext_lazy("责任清单"),
    "negative": gettext_lazy("负面清单"),
}


def list_context(body: Organisation, kind: str, cursor: str | None) -> dict[str, Any]:
    """Kind, rows and page of one list of a body.

    Raises:
        NotFound: no such kind of list.
        Invalid: the cursor is not one of ours.
    """
    if kind not in KINDS_OF_LIST:
        raise NotFound(_("这个清单"))
    told: dict[str, Any] = {"kind": kind, "label": KINDS_OF_LIST[kind], "page": None}
    if kind == "negative":
        return told | {"rows": negative_list(body)}
    if kind == "responsibility":
        duties = responsibility_list(body, cursor=cursor or None)
        return told | {"rows": duties.items, "page": duties}
    powers = power_list(body, cursor=cursor or None)
    rows = [
        {"item": one, "kind": KINDS.get(one.base.kind, ""), "level": LEVELS.get(one.level, "")} for one in powers.items
    ]
    return told | {"rows": rows, "page": powers}
