"""The tab of change orders in the desk's shell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add
from tongban.catalogue.queries.orders import reads_orders, waiting
from tongban.identity.queries import actor_of_request


def register() -> None:
    """Add the tab, with the number of orders that wait, for those whose posts read them."""
    add(
        "desk",
        Entry(
            key="orders",
            label=_("事项变更"),
            url_name="catalogue:orders",
            order=32,
            visible=_reads,
            count=_waiting,
        ),
    )


def _reads(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and reads_orders(actor)


def _waiting(request: HttpRequest) -> int | None:
    actor = actor_of_request(request)
    return (waiting(actor) or None) if actor is not None else None
