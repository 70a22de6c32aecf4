"""The facets of a list of items as links: each chosen again is taken away, each kept in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from tongban.catalogue.queries import Facet, Facets, Narrow

#: Fields in the order of the page; whom it serves stands above them as tabs.
FIELDS: Final = {
    "topic": _("主题"),
    "event": _("生活事件"),
    "department": _("部门"),
    "level": _("层级"),
    "hall": _("办事大厅"),
    "initial": _("首字母"),
    "kind": _("事项类型"),
    "online": _("网上办理"),
    "visits": _("跑几次"),
}
_VALUE: Final = '<li><a class="chip{}" href="{}"{}>{}{}</a></li>'
_ON: Final = mark_safe(' aria-current="true"')
#: Longest value taken from an address.
_VALUE_MAX: Final = 60


@dataclass(frozen=True)
class Choice:
    """One value as a link."""

    label: str
    href: str
    count: int | None
    on: bool

    def written(self) -> tuple[str | SafeString, ...]:
        """What is put into the pattern of a value."""
        mark = _ON if self.on else ""
        number = "" if self.count is None else format_html('<span class="num">{}</span>', self.count)
        return (" is-on" if self.on else "", self.href, mark, self.label, number)


@dataclass(frozen=True)
class Group:
    """One facet with its values, open where something is chosen."""

    key: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str

    def drawn(self) -> SafeString:
        """The values as list items: written here because a page has a hundred of them."""
        return format_html_join("", _VALUE, (one.written() for one in self.choices))


def asked(request: HttpRequest, *, target: str = "") -> Narrow:
    """What the address asks for; the page of persons or companies says itself whom it serves."""
    given = {field: request.GET.get(field, "").strip()[:_VALUE_MAX] for field in ("division", *FIELDS)}
    target = target or request.GET.get("target", "")[:_VALUE_MAX]
    return Narrow(target=target, **given)


def address(text: str, narrow: Narrow) -> str:
    """The address of a search."""
    fields = ("q", text), ("target", narrow.target), ("division", narrow.division)
    kept = {key: value for key, value in (*fields, *((one, str(getattr(narrow, one))) for one in FIELDS)) if value}
    return reverse("portal:search") + (f"?{urlencode(kept)}" if kept else "")


def groups(text: str, narrow: Narrow, found: Facets) -> list[Group]:
    """The facets with something to choose from, and those in which something is chosen."""
    made = []
    for field, label in FIELDS.items():
        now = str(getattr(narrow, field))
        values = [one for one in found.get(field, ()) if _fits(field, one, narrow.target)]
        if now and now not in {one.value for one in values}:
            values.append(Facet(now, now, 0))
        without = address(text, replace(narrow, **{field: ""}))
        begun = f"{without}{'&' if '?' in without else '?'}{field}="
        choices = tuple(
            Choice(one.label, without if one.value == now else begun + quote(one.value), one.count, one.value == now)
            for one in values
        )
        chosen = next((one.label for one in choices if one.on), "")
        if len(choices) > 1 or chosen:
            made.append(Group(field, str(label), choices, chosen))
    return made


def chosen(groups: list[Group]) -> list[Choice]:
    """What is chosen, to be taken away again."""
    return [one for group in groups for one in group.choices if one.on]


def _fits(field: str, one: Facet, target: str) -> bool:
    """Themes of persons are not offered to companies."""
    return field != "topic" or target not in ("person", "company") or one.value.startswith(target[0])
