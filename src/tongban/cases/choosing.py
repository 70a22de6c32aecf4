"""What one may choose of an inbox, as the desk draws it: filters, order and columns, all in the address."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Literal
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.cases.queries.inbox_filters import CHANNELS, CLAIMS, DUES, KINDS, InboxFilters
from tongban.cases.states import ENDED, LABELS, State
from tongban.desk.registries import COLUMNS, COLUMNS_AT_FIRST, Chip, Menu, Order, Question
from tongban.identity.queries import colleagues_of
from tongban.kernel.actor import Actor

#: Colleagues that a menu names; in larger bodies one finds the others by their cases.
COLLEAGUES_MAX = 40
#: An address may be long; what of it names columns is not.
_COLUMNS_MAX = 100
#: Keys and names, in order.
_Named = tuple[tuple[str, str], ...]
_TYPED = ("name", "since", "until")
_BEGUN: Mapping[str, Literal["ascending", "descending"]] = {"submitted": "ascending", "-submitted": "descending"}


def choosing(actor: Actor, filters: InboxFilters, columns: str) -> "Choosing":
    """The choices of an actor's page; `columns` as they stand in the address."""
    bodies = tuple((str(one.organisation_id), one.organisation_name) for one in actor.appointments)
    colleagues = tuple((str(one.pk), one.name) for one in colleagues_of(actor)[:COLLEAGUES_MAX])
    return _choosing(get_language(), filters, columns[:_COLUMNS_MAX], bodies, colleagues)


@lru_cache(maxsize=512)
def _choosing(
    _language: str | None, filters: InboxFilters, columns: str, bodies: _Named, colleagues: _Named
) -> "Choosing":
    """Remembered: the same hundred addresses stand in every menu of an inbox all day."""
    return Choosing(filters, columns, bodies, colleagues)


class Choosing:
    """The choices of one page: each is an address that differs from the present one in one thing."""

    def __init__(self, filters: InboxFilters, columns: str, bodies: _Named, colleagues: _Named) -> None:
        self._filters = filters
        asked = tuple(one for one in COLUMNS if one in columns.split(","))
        self.columns = asked if columns else COLUMNS_AT_FIRST
        self._bodies = dict(bodies)
        self._colleagues = dict(colleagues)

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        """The filters that are on; a tap takes one away."""
        filters = self._filters
        texts = {
            _("环节：%s"): ("kind", self._kinds().get(filters.kind, "")),
            _("到期：%s"): ("due", self._dues().get(filters.due, "")),
            _("状态：%s"): ("state", self._states().get(filters.state, "")),
            _("来源：%s"): ("channel", self._channels().get(filters.channel, "")),
            _("领办：%s"): ("claimed", self._claims().get(filters.claimed, _("同事") if filters.claimed else "")),
            _("单位：%s"): ("org", self._bodies.get(filters.org, _("其他单位") if filters.org else "")),
            _("事项编码：%s"): ("item", filters.item),
            _("事项：%s"): ("name", filters.name),
            _("提交从 %s"): ("since", filters.since),
            _("提交到 %s"): ("until", filters.until),
        }
        return tuple(
            Chip(label=words % value, href=self._address(filters.without(name)), on=True)
            for words, (name, value) in texts.items()
            if value
        )

    @cached_property
    def menus(self) -> tuple[Menu, ...]:
        """The filters that are chosen from a list."""
        offered: list[tuple[str, str, Mapping[str, str]]] = [
            ("kind", _("环节"), self._kinds()),
            ("due", _("到期"), self._dues()),
            ("state", _("状态"), self._states()),
            ("channel", _("来源"), self._channels()),
            ("claimed", _("领办"), self._claims()),
        ]
        if len(self._bodies) > 1:
            offered.append(("org", _("单位"), self._bodies))
        return tuple(
            Menu(
                label=label,
                options=tuple(
                    Chip(
                        label=words,
                        href=self._address(self._filters.having(name, value)),
                        on=getattr(self._filters, name) == value,
                    )
                    for value, words in values.items()
                ),
            )
            for name, label, values in offered
        )

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The filters that are typed."""
        filters = self._filters
        return (
            Question(name="name", label=_("事项名称里有"), kind="text", value=filters.name),
            Question(name="since", label=_("提交日期从"), kind="date", value=filters.since),
            Question(name="until", label=_("提交日期到"), kind="date", value=filters.until),
        )

    @cached_property
    def kept(self) -> Mapping[str, str]:
        """What stands in the address besides what is typed."""
        return self._filters.without(*_TYPED).as_query() | self._columns_in_address(self.columns)

    @cached_property
    def orders(self) -> Mapping[str, Order]:
        """How the columns sort."""
        sort = self._filters.sort
        other = "-submitted" if sort == "submitted" else "submitted"
        return {
            "due": Order(href=self._sorted("due"), direction="ascending" if sort == "due" else ""),
            "item": Order(href=self._sorted("item"), direction="ascending" if sort == "item" else ""),
            "begun": Order(href=self._sorted(other), direction=_BEGUN.get(sort, "")),
        }

    @cached_property
    def choose(self) -> Menu:
        """The menu of columns and of the order, which a phone has no heads for."""
        labels = {
            "task": _("环节"),
            "source": _("来源"),
            "who": _("办理人"),
            "begun": _("提交日期"),
            "number": _("办件编号"),
        }
        options = []
        for key, label in labels.items():
            on = key in self.columns
            others = tuple(one for one in COLUMNS if (one in self.columns) != (one == key))
            options.append(Chip(label=label, href=self._address(self._filters, others), on=on))
        return Menu(label=_("列"), options=tuple(options))

    def _sorted(self, sort: str) -> str:
        return self._address(replace(self._filters, sort=sort))

    def _address(self, filters: InboxFilters, columns: tuple[str, ...] | None = None) -> str:
        shown = self.columns if columns is None else columns
        return "?" + urlencode(filters.as_query() | self._columns_in_address(shown))

    @staticmethod
    def _columns_in_address(columns: tuple[str, ...]) -> dict[str, str]:
        return {} if columns == COLUMNS_AT_FIRST else {"cols": ",".join(columns) or "none"}

    @staticmethod
    def _kinds() -> dict[str, str]:
        return {key: _(words) for key, words in KINDS.items()}

    @staticmethod
    def _dues() -> dict[str, str]:
        return {key: _(words) for key, words in DUES.items()}

    @staticmethod
    def _channels() -> dict[str, str]:
        return {key: _(words) for key, words in CHANNELS.items()}

    @staticmethod
    def _states() -> dict[str, str]:
        nothing_to_do = ENDED - {State.COMPLETED, State.DECIDED_REFUSED}
        return {str(state): _(words) for state, words in LABELS.items() if state not in nothing_to_do}

    def _claims(self) -> dict[str, str]:
        return {key: _(words) for key, words in CLAIMS.items()} | self._colleagues
