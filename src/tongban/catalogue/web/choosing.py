"""What one may choose of the table of items: filters, order and columns, all in the address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.catalogue.models import Implementation
from tongban.catalogue.queries.table import PROMISES, VISITS, TableFilters
from tongban.catalogue.words import KINDS, LEVELS
from tongban.desk.registries import Chip, Menu, Question

#: Columns beside the item's name, in their order.
COLUMNS: Final = {
    "body": gettext_lazy("实施机构"),
    "level": gettext_lazy("行使层级"),
    "kind": gettext_lazy("事项类型"),
    "state": gettext_lazy("状态"),
    "promised": gettext_lazy("承诺时限"),
    "statutory": gettext_lazy("法定时限"),
    "visits": gettext_lazy("跑几次"),
    "materials": gettext_lazy("材料"),
    "fees": gettext_lazy("收费"),
    "online": gettext_lazy("网上办"),
    "version": gettext_lazy("版本"),
    "code": gettext_lazy("实施编码"),
}
COLUMNS_AT_FIRST: Final = ("body", "level", "state", "promised", "visits", "materials", "fees", "version")
#: An address may be long; what of it names columns is not.
_COLUMNS_MAX: Final = 200


class Choosing:
    """The choices of one page: each is an address that differs from the present one in one thing."""

    def __init__(self, filters: TableFilters, columns: str) -> None:
        self.filters = filters
        asked = columns[:_COLUMNS_MAX].split(",")
        self.columns = tuple(one for one in COLUMNS if one in asked) if columns else COLUMNS_AT_FIRST
        self._chosen = self.columns != COLUMNS_AT_FIRST

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The filters that are on; a tap takes one away."""
        words = {"q": _("事项：%s"), "body": _("机构：%s")}
        found = []
        for name, value in self.filters.plain().items():
            if name in words:
                label = words[name] % value
            elif name in self._lists:
                label = f"{self._lists[name][0]}：{self._lists[name][1].get(value, value)}"
            else:
                continue
            found.append(Chip(label=label, href=self._address(self.filters.without(name)), on=True))
        return tuple(found)

    @property
    def menus(self) -> tuple[Menu, ...]:
        """The filters that are chosen from a list, and the order."""
        return tuple(
            Menu(label=label, options=tuple(self._options(name, values)))
            for name, (label, values) in self._lists.items()
        )

    @property
    def questions(self) -> tuple[Question, ...]:
        """The filters that are typed."""
        return (
            Question(name="q", label=_("事项名称或者编码"), kind="text", value=self.filters.q),
            Question(name="body", label=_("实施机构名称或者代码"), kind="text", value=self.filters.body),
        )

    @property
    def kept(self) -> dict[str, str]:
        """What stands in the address beside what is typed."""
        plain = {name: value for name, value in self.filters.plain().items() if name not in ("q", "body")}
        return plain | ({"cols": ",".join(self.columns)} if self._chosen else {})

    @property
    def choose(self) -> Menu:
        """The menu of columns: a tap puts one in or takes it out."""
        options = []
        for key, label in COLUMNS.items():
            on = key in self.columns
            chosen = [one for one in COLUMNS if (one in self.columns) is not (one == key)]
            options.append(Chip(label=str(label), href=self._address(self.filters, chosen), on=on))
        return Menu(label=_("列"), options=tuple(options))

    @property
    def everything(self) -> str:
        """The address without filters."""
        return self._address(TableFilters())

    @property
    def _lists(self) -> dict[str, tuple[str, Mapping[str, str]]]:
        return {
            "level": (_("层级"), {key: str(words) for key, words in LEVELS.items()}),
            "kind": (_("类型"), {key: str(words) for key, words in KINDS.items()}),
            "state": (_("状态"), {key: str(words) for key, words in Implementation.State.choices}),
            "promised": (_("承诺时限"), {key: str(words) for key, words in PROMISES.items()}),
            "visits": (_("跑几次"), {key: str(words) for key, words in VISITS.items()}),
            "sort": (_("排序"), {"code": _("按实施编码"), "recent": _("最近发布的在前")}),
        }

    def _options(self, name: str, values: Mapping[str, str]) -> Iterator[Chip]:
        now = getattr(self.filters, name)
        for key, words in values.items():
            chosen = TableFilters(**self.filters.plain() | {name: key})
            yield Chip(label=words, href=self._address(chosen), on=key == (now or ("code" if name == "sort" else "")))

    def _address(self, filters: TableFilters, columns: list[str] | None = None) -> str:
        told = filters.plain()
        if columns is not None or self._chosen:
            told["cols"] = ",".join(self.columns if columns is None else columns)
        return f"?{urlencode(told)}"
