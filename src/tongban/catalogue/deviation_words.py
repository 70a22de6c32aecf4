"""In what bodies that run the same item differ, in words. Pure; values are those of `tongban.catalogue.summary`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.catalogue.definition import Limit
from tongban.catalogue.words import HANDLE_FORMS, limit_words, visits_words
from tongban.kernel.money import yuan

#: Keys of the summary in which bodies are compared (同一事项、同一标准).
FIELDS: Final = {
    "promised": gettext_lazy("承诺时限"),
    "statutory": gettext_lazy("法定时限"),
    "visits": gettext_lazy("跑几次"),
    "materials": gettext_lazy("材料"),
    "fees": gettext_lazy("收费"),
    "steps": gettext_lazy("环节"),
    "handle_forms": gettext_lazy("办理形式"),
    "result": gettext_lazy("办理结果"),
    "handling_items": gettext_lazy("业务办理项"),
}
#: Lists whose order says nothing.
_SETS: Final = frozenset({"materials", "fees", "handle_forms", "handling_items"})


def alike(field: str, value: Any) -> Any:
    """The value with what makes no difference taken out, to be compared."""
    return sorted(value, key=str) if field in _SETS and isinstance(value, list) else value


def value_words(field: str, value: Any) -> str:
    """The value as a guide says it."""
    return _WORDS[field](value)


def differs_in(field: str, usual: Any, other: Any) -> str:
    """What a list has more and less than the usual one; empty for what is no list."""
    if field not in _SETS and field != "steps":
        return ""
    mine, theirs = _names(field, other), _names(field, usual)
    more = [one for one in mine if one not in theirs]
    less = [one for one in theirs if one not in mine]
    parts = [_("多：%s") % "、".join(more)] if more else []
    parts += [_("少：%s") % "、".join(less)] if less else []
    return "；".join(parts) or (_("顺序不同") if mine != theirs else "")


def _names(field: str, value: Any) -> list[str]:
    return [_fee(one) if field == "fees" else _handle_form(one) if field == "handle_forms" else one for one in value]


def _fee(one: Mapping[str, Any]) -> str:
    return f"{one['name']} ¥ {yuan(one['amount_fen'])}/{one['unit']}"


def _handle_form(one: str) -> str:
    return str(HANDLE_FORMS.get(one, one))


def _limit(value: Any) -> str:
    return limit_words(Limit(**value))


def _listed(field: str) -> Callable[[Any], str]:
    def words(value: Any) -> str:
        names = _names(field, value)
        return _("%(n)d 项：%(names)s") % {"n": len(names), "names": "、".join(names)} if names else _("没有")

    return words


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "promised": _limit,
    "statutory": _limit,
    "visits": visits_words,
    "materials": _listed("materials"),
    "fees": lambda value: "、".join(_fee(one) for one in value) or _("不收费"),
    "steps": " → ".join,
    "handle_forms": lambda value: "、".join(map(_handle_form, value)),
    "result": lambda value: value or _("没有"),
    "handling_items": _listed("handling_items"),
}
