"""The list of sessions, with browsers in words."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.views import ListUserSessionsView
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: In this order, because most browsers call themselves by the names of others too.
_BROWSERS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_PHONES = ("Mobile", "Android", "iPhone", "HarmonyOS")


def browser_words(user_agent: str) -> str:
    """Return what somebody recognises as their device: 手机 · 微信."""
    device = _("手机") if any(mark in user_agent for mark in _PHONES) else _("电脑")
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), _("其他浏览器"))
    return f"{device} · {browser}"


class SessionsView(ListUserSessionsView):  # type: ignore[misc]  # allauth is untyped
    """Where one is logged in, and the way to end it elsewhere."""

    template_name = "identity/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Put the sessions beside the words of their browsers."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["rows"] = [(session, browser_words(session.user_agent)) for session in context["sessions"]]
        return context
