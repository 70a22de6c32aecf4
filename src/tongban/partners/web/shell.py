"""The tab of webhooks for IT staff."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import Role


def register() -> None:
    """Add it to the desk."""
    add(
        "desk",
        Entry(key="webhooks", label=_("事件推送"), url_name="partners:webhooks", order=70, visible=_keeps_systems),
    )


def _keeps_systems(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and Role.IT_ADMIN in actor.roles()
