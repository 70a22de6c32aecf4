"""Two or three bodies that run the same item, side by side, with what differs marked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.catalogue.queries import Guide, fee_words, limit_words, visits_words

#: Bodies side by side.
BODIES_MAX = 3


@dataclass(frozen=True)
class Point:
    """One thing that a body says; `own`: not all of them say it."""

    text: str
    own: bool


@dataclass(frozen=True)
class Row:
    """One criterion: what each body says, in the order of the bodies."""

    label: str
    cells: tuple[tuple[Point, ...], ...]

    @property
    def differs(self) -> bool:
        """Whether the bodies say different things."""
        return any(point.own for cell in self.cells for point in cell)


def compare(guides: Sequence[Guide]) -> list[Row]:
    """The rows of the comparison; an empty cell is said as 无."""
    return [_row(str(label), [tuple(say(guide)) or (_("无"),) for guide in guides]) for label, say in _criteria()]


def _row(label: str, said: Sequence[Sequence[str]]) -> Row:
    common = set(said[0]).intersection(*said[1:])
    return Row(label, tuple(tuple(Point(text, text not in common) for text in texts) for texts in said))


def _criteria() -> list[tuple[str, Callable[[Guide], Iterable[str]]]]:
    return [
        (_("承诺时限"), lambda one: [limit_words(one.definition.promised)]),
        (_("法定时限"), lambda one: [limit_words(one.definition.statutory)]),
        (_("跑几次"), lambda one: [visits_words(one.definition.onsite_visits)]),
        (_("多少钱"), _money),
        (_("网上能不能办"), lambda one: [_("能") if one.online else _("不能，要到窗口")]),
        (_("条件"), lambda one: one.conditions),
        (_("材料"), lambda one: [row.material.name for row in one.materials]),
        (_("流程"), _steps),
        (_("在哪办"), lambda one: [f"{place.name}：{place.address}" for place in one.places]),
        (_("能不能在别处办"), lambda one: [one.scope] if one.scope else []),
        (_("咨询"), lambda one: [one.definition.consult_phone]),
    ]


def _money(guide: Guide) -> list[str]:
    return [f"{row.fee.name} {row.amount}" for row in guide.fees] or [fee_words(guide.definition)]


def _steps(guide: Guide) -> list[str]:
    return [f"{step.name}（{limit_words(step.limit)}）" if step.limit else step.name for step in guide.definition.steps]
