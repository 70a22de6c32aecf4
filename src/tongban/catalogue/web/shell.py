"""The catalogue's tab in the desk's shell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add
from tongban.catalogue.queries.reach import reads_catalogue
from tongban.identity.queries import actor_of_request


def register() -> None:
    """Add the tab for those whose posts read the catalogue."""
    add("desk", Entry(key="items", label=_("事项"), url_name="catalogue:items", order=30, visible=_reads))


def _reads(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and reads_catalogue(actor)
