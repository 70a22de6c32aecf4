"""What the pages say about the city: name, contacts, whether this is a demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class Site:
    """The public face of one city; filled from `settings.SITE`, which the city pack provides."""

    title: str
    city_name: str
    base_url: str
    demo: bool
    #: the body that answers for the site
    organiser: str = ""
    #: lines of 找到我们: hall, address, opening hours
    contact: tuple[str, ...] = ()
    phone: str = ""
    complaint_phone: str = ""


def current() -> Site:
    """Return the site of this installation; without a pack it has no city in its name."""
    facts: Mapping[str, Any] = getattr(settings, "SITE", {})
    city_name = str(facts.get("city_name", ""))
    return Site(
        title=str(facts.get("title") or (_("%(city)s政务服务") % {"city": city_name})),
        city_name=city_name,
        base_url=str(getattr(settings, "BASE_URL", "")),
        demo=bool(getattr(settings, "DEMO", False)),
        organiser=str(facts.get("organiser", "")),
        contact=tuple(str(line) for line in facts.get("contact", ())),
        phone=str(facts.get("phone", "")),
        complaint_phone=str(facts.get("complaint_phone", "")),
    )
