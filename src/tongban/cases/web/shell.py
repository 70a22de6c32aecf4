"""The window's tab in the shell of the desk."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add
from tongban.cases.queries import window_posts
from tongban.identity.queries import actor_of_request
from tongban.kernel.actor import Role


def register() -> None:
    """Add the tab for those who sit at a window."""
    add("desk", Entry(key="window", label=_("窗口收件"), url_name="cases:window", order=20, visible=_at_window))


def _at_window(request: HttpRequest) -> bool:
    actor = actor_of_request(request)
    return actor is not None and any(one.role == Role.WINDOW_CLERK for one in window_posts(actor))
