"""What the desk keeps for a person: saved views, and the one to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.base.reading import Asked, Prepared
from tongban.desk import policy
from tongban.desk.models import ADDRESS_MAX, FirstView, SavedView
from tongban.kernel.actor import Actor

#: Own views and those of all one's units on one page.
SHOWN_MAX = 60
#: Names in the address that are no part of a view: the place in the list, and the view itself.
PLACE = frozenset({"cursor", "view"})


@dataclass(frozen=True, kw_only=True)
class KeptView:
    """A view as the actor finds it: `mine` may be changed by the actor, `first` is the one to begin with."""

    pk: int
    panel: str
    name: str
    address: str
    organisation_id: int | None
    unit: str
    may_change: bool
    first: bool


def views(actor: Actor, panel: str = "") -> tuple[KeptView, ...]:
    """The actor's own views, then those of the actor's units, of one panel or of all: one statement, at most 60."""
    rows = [row for asked in ask_views(actor, panel) for row in asked.rows()]
    units, headed = policy.units(actor), policy.headed_units(actor)
    kept = [
        KeptView(
            pk=one.pk,
            panel=one.panel,
            name=one.name,
            address=one.address,
            organisation_id=one.organisation_id,
            unit=units.get(one.organisation_id or 0, ""),
            may_change=one.account_id == actor.account_id or one.organisation_id in headed,
            first=one.first,
        )
        for one in rows
    ]
    return tuple(sorted(kept, key=lambda one: (bool(one.organisation_id), one.pk)))


def ask_views(actor: Actor, panel: str = "") -> tuple[Asked, ...]:
    """What `views` reads, to be read ahead with other things of a page."""
    if actor.kind != "staff" or actor.account_id is None:
        return ()
    return (_VIEWS.asked(panel, account=actor.account_id, units=list(policy.units(actor))),)


def _kept(panel: str, account: Any, units: Any) -> QuerySet[Any]:
    firsts = FirstView.objects.filter(account_id=account, view=OuterRef("pk"))
    seen = SavedView.objects.filter(Q(account_id=account) | Q(organisation_id__any=units))
    found = seen.annotate(first=Exists(firsts)).order_by("organisation_id", "pk")
    return (found.filter(panel=panel) if panel else found)[:SHOWN_MAX]


_VIEWS = Prepared(_kept)


def visible(actor: Actor) -> QuerySet[SavedView]:
    """The views that the actor may use."""
    if actor.kind != "staff" or actor.account_id is None:
        return SavedView.objects.none()
    return SavedView.objects.filter(Q(account_id=actor.account_id) | Q(organisation_id__in=policy.units(actor)))


def address_of(query: Mapping[str, str]) -> str:
    """What of an address makes a view, in one order whatever the order of its parts."""
    return urlencode(sorted((name, value) for name, value in query.items() if value and name not in PLACE))


def query_of(address: str) -> dict[str, str]:
    """The parts of an address, each name once; what is longer than any address of ours is cut."""
    return dict(parse_qsl(address[: 4 * ADDRESS_MAX]))
