"""Components whose drawing is remembered: a state, an icon or a button looks the same a thousand times a minute."""

from collections.abc import Callable
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


def component(register: Library, template: str) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., SafeString]]:
    """Register a tag that draws a template from nothing but its arguments and the language; Python may call it too.

    Drawings from plain values are remembered; from others (lists, rows, lazy words) they are made each time. The
    template must not ask for the page's context.
    """

    def decorate(context: Callable[..., dict[str, Any]]) -> Callable[..., SafeString]:
        def draw(args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> SafeString:
            return render_to_string(template, context(*args, **dict(named)))

        @lru_cache(maxsize=KEPT_MAX)
        def remembered(
            _language: str | None, _types: tuple[type, ...], args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]
        ) -> SafeString:
            return draw(args, named)

        @wraps(context)
        def tag(*args: Any, **named: Any) -> SafeString:
            pairs = tuple(named.items())
            types = tuple(type(one) for one in (*args, *named.values()))
            if not _PLAIN.issuperset(types):
                return draw(args, pairs)
            return remembered(get_language(), types, args, pairs)

        return register.simple_tag(tag, name=context.__name__)

    return decorate
