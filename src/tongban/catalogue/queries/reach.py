"""Which implementations somebody sees at the desk: those of the divisions of one's posts that read the catalogue."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongban.catalogue.models import Implementation
from tongban.catalogue.policy import READERS
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


def reads_catalogue(actor: Actor) -> bool:
    """Whether the actor has the catalogue's tables at the desk at all."""
    return actor.kind == "staff" and bool(actor.roles() & set(READERS))


def within_reach(actor: Actor, roles: tuple[str, ...] = READERS) -> QuerySet[Implementation]:
    """The implementations of the divisions of the actor's posts with one of these roles, and of those inside them.

    Raises:
        NotFound: the actor has no such post.
    """
    divisions = {one.division_code for one in actor.appointments if one.role in roles}
    if actor.kind != "staff" or not divisions:
        raise NotFound(_("这个页面"))
    inside = Q(pk__in=[])
    for code in divisions:
        inside |= Q(division_id__gte=code, division_id__lte=_last_inside(code))
    return Implementation.objects.filter(inside)


def _last_inside(code: str) -> str:
    """The last code that a division can hold: 430212000000 gives 430212999999. A range, which an index can follow."""
    stem = next((code[:width] for width in (2, 4, 6, 9) if not code[width:].strip("0")), code)
    return stem.ljust(12, "9")
