"""The hall of the city, as the foot of every public page shows it."""

import time

from django.db import DatabaseError
from django.utils.translation import gettext as _

from tongban.base.web.site import Contact
from tongban.directory.models import Place
from tongban.directory.queries import city_hall

#: How long a page may show what was true before, seconds: an address changes once in years.
REMEMBER_S = 60

_remembered: dict[str, tuple[float, Place | None]] = {}


def hall_contact() -> Contact:
    """Name, address, hours and telephone of the city's hall; empty while there is none.

    A page must open even when the database does not answer: then, too, it is empty.
    """
    hall = _hall()
    if hall is None:
        return Contact()
    address = _("%(address)s(示例)") % {"address": hall.address} if hall.sample else hall.address
    return Contact(lines=(hall.name, address, hall.hours), phone=hall.phone)


def forget() -> None:
    """Ask the database again the next time."""
    _remembered.clear()


def _hall() -> Place | None:
    known = _remembered.get("hall")
    if known is not None and time.monotonic() - known[0] < REMEMBER_S:
        return known[1]
    try:
        hall = city_hall()
    except DatabaseError:
        return None
    _remembered["hall"] = (time.monotonic(), hall)
    return hall
