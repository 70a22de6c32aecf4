"""Components that lead: button, crumbs, pager, tabs, chips, thread of steps, time line, clock bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from tongban.base.web import parts
from tongban.base.web.components import component

register = template.Library()

COMPONENTS = "base/components/"
BUTTON_KINDS = frozenset({"", "main", "quiet", "plain", "danger"})


@component(register, COMPONENTS + "button.html")
def button(
    label: str,
    kind: str = "",
    href: str = "",
    icon: str = "",
    size: str = "",
    type: str = "submit",  # noqa: A002
    wide: bool = False,
    only_icon: bool = False,
    disabled: bool = False,
    busy: bool = False,
    **extra: Any,
) -> dict[str, Any]:
    """A button, or with `href` a link that looks like one.

    `kind`: "" main quiet plain danger; `size`: "" big sm; further keywords become attributes (`hx_post="…"`).
    """
    if kind not in BUTTON_KINDS:
        raise template.TemplateSyntaxError(f"no such kind of button: {kind!r}")
    modifiers = [kind, size, "wide" if wide else "", "icon" if only_icon else ""]
    return {
        "css": " ".join(["btn", *(f"btn--{word}" for word in modifiers if word)]),
        "label": label,
        "href": href,
        "icon": icon,
        "type": type,
        "only_icon": only_icon,
        "disabled": disabled,
        "busy": busy,
        "extra": extra,
    }


@register.inclusion_tag(COMPONENTS + "crumbs.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """`{% crumbs "首页" home_url "我的办件" "" %}`: words and addresses in turn; an empty address is where one is."""
    steps = [(pairs[i], pairs[i + 1] if i + 1 < len(pairs) else "") for i in range(0, len(pairs), 2)]
    return {"steps": steps}


@register.inclusion_tag(COMPONENTS + "pager.html", takes_context=True)
def pager(context: Context, page: Any, param: str = "cursor", label: str = "") -> dict[str, Any]:
    """Previous and next page of a keyset-paged list; the other words of the query stay."""
    request = context.get("request")

    def address(cursor: object) -> str:
        if not cursor:
            return ""
        query = request.GET.copy() if request is not None else None
        if query is None:
            return f"?{param}={cursor}"
        query[param] = str(cursor)
        return f"?{query.urlencode()}"

    return {
        "previous": address(getattr(page, "previous", None)),
        "next": address(getattr(page, "next", None)),
        "label": label or _("分页"),
    }


@register.inclusion_tag(COMPONENTS + "tabs.html")
def tabs(items: Iterable[parts.Tab], label: str = "", css: str = "tabs") -> dict[str, Any]:
    """Tabs as links: `parts.Tab(label, href, current, count)`; `css="vtabs"` for the tabs of a viewer."""
    return {"items": list(items), "label": label or _("视图"), "css": css}


@component(register, COMPONENTS + "chip.html")
def chip(label: str, href: str = "", on: bool = False, menu: bool = False) -> dict[str, Any]:
    """A filter: `on` with a cross (its address takes the filter away), `menu` with an arrow."""
    return {"label": label, "href": href, "on": on, "icon": "close" if on else "chevron-down" if menu else ""}


@register.inclusion_tag(COMPONENTS + "thread.html")
def thread(steps: Sequence[Any], now: int = 1, label: str = "") -> dict[str, Any]:
    """The thread 1 情形 · 2 表单 · 3 材料 · 4 确认. Steps are words, or (words, address) to go back to."""
    drawn = []
    for number, step in enumerate(steps, 1):
        words, href = (step, "") if isinstance(step, str) else (step[0], step[1])
        css = "is-done" if number < now else "is-now" if number == now else ""
        drawn.append({"words": words, "href": href if number < now else "", "css": css})
    return {"steps": drawn, "label": label or _("步骤")}


@register.inclusion_tag(COMPONENTS + "timeline.html")
def timeline(entries: Iterable[parts.Entry], heading: str = "h3") -> dict[str, Any]:
    """What happened and what comes: `parts.Entry` records; `heading` h3 or h4."""
    return {"entries": list(entries), "level": 4 if heading == "h4" else 3}


@register.inclusion_tag(COMPONENTS + "clock_bar.html")
def clock_bar(bar: parts.ClockBar, small: bool = False, key: bool = True) -> dict[str, Any]:
    """Working days: used, paused (hatched), today, left, after the promise. `bar` comes from `parts.clock_bar`."""
    return {"bar": bar, "small": small, "key": key and not small}
