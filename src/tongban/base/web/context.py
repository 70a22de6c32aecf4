"""Context processor of every page: `site`, `elder`, `nav`, `request_id`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tongban.base.web import elder, navigation
from tongban.base.web.site import current


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the city, the reader's elder mode and the links of the shells."""
    return {
        "site": current(),
        "elder": getattr(request, "elder", None) or elder.chosen(request),
        "nav": navigation.Navigation(request),
        "request_id": getattr(request, "request_id", ""),
    }
