"""The links that the ground itself brings; `register()` is called by the room's AppConfig."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.base.web.navigation import Entry, add


def register() -> None:
    """Add the pages of the ground to the foot."""
    add("foot_about", Entry(key="site_map", label=_("网站地图"), url_name="base:site_map", order=10))
    add("foot_about", Entry(key="elder", label=_("适老化与无障碍"), url_name="base:elder", order=20))
