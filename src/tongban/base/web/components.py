"""Components whose drawing is remembered: a state, an icon or a button looks the same a thousand times a minute."""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache, wraps
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: Drawings kept of each component.
KEPT_MAX = 1_024
#: What a drawing may be remembered by. Exact types: text that counts as HTML is not the same as text.
_PLAIN = frozenset({str, SafeString, int, bool, type(None)})


def _kinds(values: Iterable[Any]) -> tuple[Any, ...] | None:
    """The exact types of some values, those within too; None where a drawing cannot be remembered by them."""
    found: list[Any] = []
    for one in values:
        kind = type(one)
        if kind in _PLAIN:
            found.append(kind)
            continue
        parts = one if kind is tuple else _parts(one)
        within = None if parts is None else _kinds(parts)
        if within is None:
            return None
        found.append((kind, within))
    return tuple(found)


def _parts(value: Any) -> list[Any] | None:
    """What a frozen record is made of; None for what is no such record and may change."""
    params = getattr(value, "__dataclass_params__", None)
    if params is None or not params.frozen:
        return None
    return [getattr(value, name) for name in value.__dataclass_fields__]


def component(register: Library, template: str) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., SafeString]]:
    """Register a tag that draws a template from nothing but its arguments and the language; Python may call it too.

    Drawings from plain values, and from frozen records and tuples of them, are remembered; from others (lists, rows,
    lazy words) they are made each time. The template must not ask for the page's context.
    """

    def decorate(context: Callable[..., dict[str, Any]]) -> Callable[..., SafeString]:
        def draw(args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> SafeString:
            return render_to_string(template, context(*args, **dict(named)))

        @lru_cache(maxsize=KEPT_MAX)
        def remembered(
            _language: str | None, _types: Hashable, args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
        ) -> SafeString:
            return draw(args, named)

        @wraps(context)
        def tag(*args: Any, **named: Any) -> SafeString:
            pairs = tuple(named.items())
            types = _kinds((*args, *named.values()))
            if types is None:
                return draw(args, pairs)
            return remembered(get_language(), types, args, pairs)

        return register.simple_tag(tag, name=context.__name__)

    return decorate
