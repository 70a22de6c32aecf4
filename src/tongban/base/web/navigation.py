"""What the shells link to. Rooms add their entries at start; an entry whose address is not built is not shown.

    from tongban.base.web.navigation import Entry, add
    add("main", Entry(key="track", label=_("查进度"), url_name="portal:track", icon="clock", order=40))

Sections: `main` (public navigation), `foot_service`, `foot_oversight`, `foot_about` (columns of the foot), `user` (menu
of a citizen), `desk` (tabs of the desk), `desk_user` (menu of an officer), and the single addresses `home`, `search`,
`login`, `logout`, `desk_home`, `desk_search` (the first one that exists is taken).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.base.reading import Asked
from tongban.base.web.site import english_offered

SECTIONS = frozenset(
    {
        "main",
        "foot_service",
        "foot_oversight",
        "foot_about",
        "user",
        "desk",
        "desk_user",
        "home",
        "search",
        "login",
        "logout",
        "desk_home",
        "desk_search",
    }
)

FOOT_COLUMNS = (
    ("foot_service", _("办事")),
    ("foot_oversight", _("监督")),
    ("foot_about", _("关于本站")),
)

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One link of a shell."""

    key: str
    label: Words
    url_name: str
    icon: str = ""
    #: smaller comes first
    order: int = 50
    args: Sequence[Any] = ()
    #: whether this person sees it; everybody by default
    visible: Callable[[HttpRequest], bool] | None = None
    #: a number beside it (things to do), None for no number
    count: Callable[[HttpRequest], int | None] | None = None
    #: what `count` reads, for pages that read everything in one statement
    asks: Callable[[HttpRequest], Iterable[Asked]] | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry as it is drawn for one request."""

    label: Words
    href: str
    icon: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    title: Words
    entries: Sequence[Link]


@dataclass
class Registry:
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    #: names the citizen and the officer for the top bar; identity fills them
    person: Callable[[HttpRequest], str] | None = None
    staff: Callable[[HttpRequest], str] | None = None


registry = Registry()


def add(section: str, entry: Entry) -> None:
    """Add a link to a section; the same key again replaces it.

    Raises:
        ValueError: there is no such section.
    """
    if section not in SECTIONS:
        raise ValueError(f"no such section of the navigation: {section!r}")
    registry.entries.setdefault(section, {})[entry.key] = entry


def name_readers(*, person: Callable[[HttpRequest], str], staff: Callable[[HttpRequest], str]) -> None:
    """Say how the name in the top bar is found: of a citizen, and of an officer with the body ("渌口区市监局 张敏")."""
    registry.person = person
    registry.staff = staff


def address(entry: Entry) -> str:
    """Return the address of an entry, or nothing when that page is not built."""
    try:
        return reverse(entry.url_name, args=list(entry.args) or None)
    except NoReverseMatch:
        return ""


def links(section: str, request: HttpRequest | None) -> list[Link]:
    """Return the links of a section that exist and that this person may see, in order."""
    drawn = []
    for entry in sorted(registry.entries.get(section, {}).values(), key=lambda e: (e.order, e.key)):
        href = address(entry)
        if not href or (entry.visible and (request is None or not entry.visible(request))):
            continue
        here = request is not None and (request.path == href or (href != "/" and request.path.startswith(href)))
        count = entry.count(request) if entry.count and request is not None else None
        drawn.append(Link(label=entry.label, href=href, icon=entry.icon, current=here, count=count))
    # Of pages one inside the other only the innermost is where one is.
    innermost = max((len(one.href) for one in drawn if one.current), default=0)
    return [replace(one, current=one.current and len(one.href) == innermost) for one in drawn]


def asked(request: HttpRequest, *sections: str) -> list[Asked]:
    """Return what the numbers beside the links of these sections will read, for those that this person sees."""
    found: list[Asked] = []
    for section in sections:
        for entry in registry.entries.get(section, {}).values():
            if entry.asks and (not entry.visible or entry.visible(request)):
                found.extend(entry.asks(request))
    return found


class Navigation:
    """The links of one request, each list made when a template asks for it."""

    def __init__(self, request: HttpRequest | None) -> None:
        self._request = request

    def _first(self, section: str, fallback: str = "") -> str:
        found = links(section, self._request)
        return found[0].href if found else fallback

    @cached_property
    def main(self) -> list[Link]:
        return links("main", self._request)

    @cached_property
    def foot(self) -> list[Column]:
        columns = [Column(title=title, entries=links(section, self._request)) for section, title in FOOT_COLUMNS]
        return [column for column in columns if column.entries]

    @cached_property
    def user(self) -> list[Link]:
        return links("user", self._request)

    @cached_property
    def desk(self) -> list[Link]:
        return links("desk", self._request)

    @cached_property
    def desk_user(self) -> list[Link]:
        return links("desk_user", self._request)

    @cached_property
    def home(self) -> str:
        return self._first("home", "/")

    @cached_property
    def desk_home(self) -> str:
        return self._first("desk_home", self.home)

    @cached_property
    def search(self) -> str:
        return self._first("search")

    @cached_property
    def desk_search(self) -> str:
        return self._first("desk_search")

    @cached_property
    def login(self) -> str:
        return self._first("login") or _reverse("account_login")

    @cached_property
    def logout(self) -> str:
        return self._first("logout") or _reverse("account_logout")

    @cached_property
    def set_language(self) -> str:
        return _reverse("set_language") if english_offered() else ""

    def _signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def person(self) -> str:
        """The name in the public bar; nothing for a visitor."""
        if self._request is None or not self._signed_in():
            return ""
        if registry.person:
            return registry.person(self._request)
        return str(self._request.user)

    @cached_property
    def staff(self) -> str:
        """Body and name in the desk bar; nothing for a visitor."""
        if self._request is None or not self._signed_in():
            return ""
        if registry.staff:
            return registry.staff(self._request)
        return str(self._request.user)


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
