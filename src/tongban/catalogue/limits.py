"""How long the steps of an item take together, and that it is no more than what is promised. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from tongban.catalogue.definition import Definition, Limit, Step
from tongban.catalogue.faults import Fault

#: Calendar days of one unit, as the exchange converts them (domain.md 3.2): a month has 30 days, a week 5 working days.
_DAYS: Final = {
    "at_once": Fraction(0),
    "hours": Fraction(1, 24),
    "calendar_days": Fraction(1),
    "working_days": Fraction(7, 5),
    "months": Fraction(30),
}


def in_days(limit: Limit) -> Fraction:
    """A limit in calendar days, for comparing limits of different units only; never to compute a due date."""
    return limit.amount * _DAYS[limit.unit]


def ranks(after: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Each step with its rank from 0: one more than the last of those it waits for.

    `after`: step to those it waits for; names that are no step do not count. Steps that never come to turn, because
    they wait in a circle or for one that does, are not in the answer.
    """
    found: dict[str, int] = {}
    waiting = dict(after)
    while True:
        ready = [key for key, others in waiting.items() if all(one in found for one in others if one in after)]
        if not ready:
            return found
        for key in ready:
            found[key] = max((found[one] + 1 for one in waiting.pop(key) if one in after), default=0)


def longest(steps: Sequence[Step]) -> tuple[tuple[Step, ...], Fraction]:
    """The way through the steps that takes longest, and its calendar days; of parallel ones the slowest counts.

    A step without a limit takes no time here. Steps that never come to turn are left out.
    """
    by_key = {step.key: step for step in steps}
    order = ranks({step.key: step.after for step in steps})
    best: dict[str, tuple[tuple[Step, ...], Fraction]] = {}
    for key in sorted(order, key=order.__getitem__):
        step = by_key[key]
        ways = [best[one] for one in step.after if one in best]
        way, days = max(ways, key=lambda pair: pair[1], default=((), Fraction(0)))
        best[key] = ((*way, step), days + (in_days(step.limit) if step.limit else 0))
    return max(best.values(), key=lambda pair: pair[1], default=((), Fraction(0)))


def limits(it: Definition) -> Iterator[Fault]:
    """Limits of the steps add up to no more than what is promised; what counts in it fits into it."""
    for index, step in enumerate(it.steps):
        if step.limit is not None and (step.limit.unit == "at_once") is not (step.limit.amount == 0):
            yield Fault("step.limit_zero", f"steps.{index}.limit", "“即办”的时限是 0，其他单位的时限要大于 0")
    way, days = longest(it.steps)
    if days > in_days(it.promised):
        names = "、".join(step.name for step in way if step.limit is not None)
        yield Fault(
            "step.limits_over_promise", "steps", f"环节时限加起来超过承诺办结时限：{names}；并行环节按最长的计算"
        )
    for index, special in enumerate(it.special_procedures):
        if special.counts_in_limit and in_days(special.limit) > in_days(it.promised):
            yield Fault(
                "special.over_promise",
                f"special_procedures.{index}.limit",
                f"“{special.name}”计入办理时限，它的时限不能超过承诺办结时限",
            )


def units(it: Definition, known: Collection[str]) -> Iterator[Fault]:
    """Every unit that a step names is one of the directory; `known`: credit codes of those in being."""
    for index, step in enumerate(it.steps):
        if step.unit is not None and step.unit not in known:
            yield Fault("step.unit", f"steps.{index}.unit", f"环节“{step.name}”的承办单位 {step.unit} 不在机构目录里")


def units_of(it: Definition) -> frozenset[str]:
    """Credit codes of the units that the steps name."""
    return frozenset(step.unit for step in it.steps if step.unit is not None)
