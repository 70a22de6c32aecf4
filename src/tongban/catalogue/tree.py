"""The questions of an item as a decision tree: every way through it and its end; what can never apply. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from math import prod
from typing import Any, Final

from tongban.catalogue.conditions import ConditionError, holds, names
from tongban.catalogue.definition import Definition, Fee, HandlingItem, Material, Stop
from tongban.catalogue.faults import Fault
from tongban.catalogue.situation import handling_item_for, paths, situation_words, walk, walks

#: More ways than this nobody can read, and no rule can try in time.
WAYS_MAX: Final = 2_000
#: Combinations of values that are tried for one condition; one that needs more is taken to hold somewhere.
_TRIED_MAX: Final = 4_096
#: Values that a condition may name of one question of which any choice is tried.
_NAMED_MAX: Final = 8
#: Stands for a value that no condition names.
_OTHER: Final = "\x00"

_Condition = Mapping[str, object]


@dataclass(frozen=True)
class Way:
    """One way through the questions: what was asked and answered, and where it ends."""

    answers: Mapping[str, object]
    #: (question, label of the answer), in the order asked.
    words: tuple[tuple[str, str], ...]
    #: Told instead of an application; None where one follows.
    stop: Stop | None
    materials: tuple[Material, ...]
    #: Materials that depend on what is entered in the form besides.
    perhaps: tuple[Material, ...]
    fees: tuple[Fee, ...]
    handling_item: HandlingItem | None


@dataclass(frozen=True)
class Branch:
    """A node of the tree: an answer with the next question and its branches, or the end of a way."""

    answer: str
    question: str
    branches: tuple[Branch, ...]
    way: Way | None


def ways(it: Definition, limit: int = WAYS_MAX) -> Iterator[Way]:
    """Every way through the questions, in the order of the options, at most `limit`."""
    for answers in paths(it, limit):
        at = walk(it, answers)
        yield _way(it, answers, at.stop)


def tree(found: Sequence[Way], depth: int = 0, answer: str = "") -> Branch | None:
    """The ways as a tree; None where there is none."""
    if not found:
        return None
    if len(found[0].words) == depth:
        return Branch(answer, "", (), found[0])
    groups: dict[str, list[Way]] = {}
    for way in found:
        groups.setdefault(repr(list(way.answers.values())[depth]), []).append(way)
    branches = (tree(group, depth + 1, group[0].words[depth][1]) for group in groups.values())
    return Branch(answer, found[0].words[depth][0], tuple(one for one in branches if one is not None), None)


def too_many(it: Definition) -> Iterator[Fault]:
    """The ways through the questions can be counted."""
    if len(walks(it)) > WAYS_MAX:
        yield Fault("question.ways", "questions", f"情形超过 {WAYS_MAX} 种，请减少问题或者答案，或者把事项拆开")


def holding(it: Definition) -> Iterator[Fault]:
    """Every condition holds on some way that ends in an application; none contradicts itself."""
    applied = [answers for answers, at in walks(it) if at.finished]
    multiple = frozenset(question.key for question in it.questions if question.multiple)
    for path, what, condition in _conditions(it):
        try:
            ever = _satisfiable(condition, None, multiple)
            now = ever and any(_satisfiable(condition, answers, multiple) for answers in _distinct(condition, applied))
        except ConditionError:
            # Told by `graph_rules.conditions`.
            continue
        if not ever:
            yield Fault("condition.contradiction", path, f"{what}的条件自相矛盾，永远不成立")
        elif applied and not now:
            yield Fault("condition.never", path, f"按现在的问题，怎么回答都用不到{what}，请改条件或者删去")


def _way(it: Definition, answers: Mapping[str, object], stop: Stop | None) -> Way:
    words = situation_words(it, answers)
    if stop is not None:
        return Way(answers, words, stop, (), (), (), None)
    multiple = frozenset(question.key for question in it.questions if question.multiple)
    sure = tuple(one for one in it.materials if holds(one.when, answers))
    perhaps = tuple(
        one for one in it.materials if one not in sure and one.when and _satisfiable(one.when, answers, multiple)
    )
    fees = tuple(one for one in it.fee if one.when is None or _satisfiable(one.when, answers, multiple))
    return Way(answers, words, None, sure, perhaps, fees, handling_item_for(it, answers))


def _conditions(it: Definition) -> Iterator[tuple[str, str, _Condition]]:
    named: tuple[tuple[str, str, Iterable[Any]], ...] = (
        ("materials", "材料", it.materials),
        ("fee", "收费", it.fee),
    )
    for name, kind, things in named:
        for index, thing in enumerate(things):
            if thing.when is not None:
                yield f"{name}.{index}.when", f"{kind}“{thing.name}”", thing.when
    fields = it.form.get("properties")
    for name, field in fields.items() if isinstance(fields, Mapping) else ():
        if isinstance(field, Mapping) and isinstance(field.get("x-when"), Mapping):
            yield f"form.properties.{name}.x-when", f"表单项“{field.get('title', name)}”", field["x-when"]


def _distinct(condition: _Condition, applied: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """Of the ways, those that differ in what the condition asks for."""
    wanted = {key for source, key, _values in names(condition) if source == "answer"}
    seen: set[str] = set()
    for answers in applied:
        part = {key: answers[key] for key in wanted if key in answers}
        if (mark := repr(sorted(part.items()))) not in seen:
            seen.add(mark)
            yield part


def _satisfiable(condition: _Condition, answers: Mapping[str, object] | None, multiple: frozenset[str]) -> bool:
    """Whether some answers and some form make it true.

    `answers`: of one way, which then are given; a question that was not asked has none, and of a question with several
    answers any choice is tried. None: any answers.
    """
    values: dict[tuple[str, str], set[object]] = {}
    for source, key, wanted in names(condition):
        values.setdefault((source, key), set()).update(wanted)
    choices = [_choices(source, key, wanted, answers, multiple) for (source, key), wanted in values.items()]
    for combination in islice(product(*choices), _TRIED_MAX):
        made: dict[str, dict[str, object]] = {"answer": {}, "field": {}}
        for (source, key), value in zip(values, combination, strict=True):
            made[source][key] = value
        if holds(condition, made["answer"], made["field"]):
            return True
    untried = prod(map(len, choices)) > _TRIED_MAX
    return untried or any(len(wanted) > _NAMED_MAX for wanted in values.values())


def _choices(
    source: str, key: str, wanted: set[object], answers: Mapping[str, object] | None, multiple: frozenset[str]
) -> Sequence[object]:
    of_way = source == "answer" and answers is not None
    if of_way and key not in (answers or {}):
        return (None,)
    several = source == "field" or key in multiple
    if of_way and not several:
        return ((answers or {})[key],)
    singles = sorted(wanted, key=repr)
    choices: list[object] = [_OTHER, *singles] if of_way else [None, _OTHER, *singles]
    if several:
        # Of several answers, or of a form's field that may hold a list, any choice counts.
        named = [*singles[:_NAMED_MAX], _OTHER]
        sizes = range(2, len(named) + 1)
        choices += [list(one) for one in chain.from_iterable(combinations(named, size) for size in sizes)]
    return choices
