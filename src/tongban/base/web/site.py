"""What the pages say about the city: name, contacts, whether this is a demonstration."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.base.pack import City, PackFileError, read_city

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The column 找到我们: lines of hall, address and hours; telephone for questions."""

    lines: Sequence[str] = ()
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The public face of one city, from its pack."""

    title: str
    city_name: str
    base_url: str
    demo: bool
    #: language of the page as HTML names it
    lang: str = "zh-CN"
    #: 12-digit code of the city; empty with a broken pack
    division: str = ""
    #: the body that answers for the site
    organiser: str = ""
    contact: Sequence[str] = ()
    phone: str = ""
    complaint_phone: str = ""


#: Who knows the hall and its telephone: an upper room says so at start (`contacts`).
_readers: list[Callable[[], Contact]] = []


def contacts(reader: Callable[[], Contact]) -> None:
    """Say where the foot of the public pages finds the hall; the last one that was named counts.

    The reader is asked on every public page, so it remembers its answer itself.
    """
    _readers[:] = [reader]


@lru_cache(maxsize=1)
def english_offered() -> bool:
    """Whether an English catalogue is installed; without one every page is Chinese, whatever the browser asks for."""
    return any((Path(folder) / "en/LC_MESSAGES/django.mo").is_file() for folder in settings.LOCALE_PATHS)


def _folder() -> Path:
    named = Path(str(getattr(settings, "CITY", "")))
    return named if named.is_absolute() or named.is_dir() else Path(settings.ROOT) / "cities" / named


@lru_cache(maxsize=4)
def _city(folder: Path) -> City | None:
    try:
        return read_city(folder)
    except PackFileError as error:
        # A page must open even while somebody is repairing the pack; `city check` says what is wrong.
        logger.warning("No card of the city: %s", error)
        return None


def _contact() -> Contact:
    try:
        return _readers[0]() if _readers else Contact()
    except DatabaseError:
        # The foot must not keep an error page from telling that the database is gone.
        logger.warning("The hall is not known", exc_info=True)
        return Contact()


def current() -> Site:
    """Return the site of this installation; with a broken pack it has no city in its name."""
    city = _city(_folder())
    contact = _contact()
    demo = bool(getattr(settings, "DEMO", False)) or bool(city and city.demonstration)
    base_url = str(getattr(settings, "BASE_URL", ""))
    if city is None:
        return Site(title=_("政务服务"), city_name="", base_url=base_url, demo=demo)
    english = english_offered() and (get_language() or "").startswith("en")
    return Site(
        lang="en" if english else "zh-CN",
        title=city.portal_name_en if english else _("%(city)s政务服务") % {"city": city.name},
        city_name=city.name_en if english else city.name,
        base_url=base_url,
        demo=demo,
        division=city.division,
        organiser=_("%(city)s人民政府办公室") % {"city": city.name},
        contact=contact.lines,
        phone=contact.phone,
        complaint_phone=city.hotline,
    )
