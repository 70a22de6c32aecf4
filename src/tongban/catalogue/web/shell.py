"""The catalogue's tabs in the desk's shell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add
from tongban.catalogue.policy import may_import
from tongban.catalogue.queries.orders import reads_orders, waiting
from tongban.catalogue.queries.reach import reads_catalogue
from tongban.identity.queries import actor_of_request


def register() -> None:
    """Add the tabs for those whose posts read the catalogue; that of change orders with how many wait."""
    add("desk", Entry(key="items", label=_("事项"), url_name="catalogue:items", order=30, visible=_reads))
    add(
        "desk",
        Entry(
            key="orders",
            label=_("事项变更"),
            url_name="catalogue:orders",
            order=32,
            visible=_reads_orders,
            count=_waiting,
        ),
    )
    add("desk", Entry(key="item_import", label=_("事项导入"), url_name="catalogue:import", order=34, visible=_imports))


def _imports(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and may_import(actor)


def _reads(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and reads_catalogue(actor)


def _reads_orders(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and reads_orders(actor)


def _waiting(request: HttpRequest) -> int | None:
    actor = actor_of_request(request)
    return (waiting(actor) or None) if actor is not None else None
