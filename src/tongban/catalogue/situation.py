"""From a person's answers to what applies to them: the next question, the materials, the fees. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from tongban.catalogue.conditions import holds
from tongban.catalogue.definition import Definition, Fee, HandlingItem, Material, Option, Question, Stop

#: A fee cannot be multiplied by more than this, whatever the form says.
QUANTITY_MAX = Decimal(1_000_000)

#: The questions whose ways were asked for last, so many at most, and the ways.
_LATEST: dict[str, tuple[tuple[Question, ...], int, tuple[tuple[Mapping[str, object], Walk], ...]]] = {}


@dataclass(frozen=True)
class Walk:
    """How far the answers lead: the questions asked, and then a question to ask, a stop, or neither (finished)."""

    asked: tuple[Question, ...]
    question: Question | None
    stop: Stop | None

    @property
    def finished(self) -> bool:
        """All questions on the way are answered and an application may follow."""
        return self.question is None and self.stop is None


@dataclass(frozen=True)
class FeeLine:
    """A fee that applies to an application: the quantity as a decimal number and the amount in fen."""

    fee: Fee
    quantity: Decimal
    amount_fen: int


def walk(definition: Definition, answers: Mapping[str, object]) -> Walk:
    """Follow the questions with these answers; an answer that no option offers counts as not given."""
    asked: list[Question] = []
    index = 0
    while index < len(definition.questions):
        question = definition.questions[index]
        index += 1
        if not holds(question.when, _answers_to(asked, answers)):
            continue
        chosen = chosen_options(question, answers.get(question.key))
        if not chosen:
            return Walk(tuple(asked), question, None)
        asked.append(question)
        option = chosen[0]
        if option.stop is not None:
            return Walk(tuple(asked), None, option.stop)
        if option.end:
            break
        if option.next is not None:
            index = _index(definition, option.next, index)
    return Walk(tuple(asked), None, None)


def relevant_answers(definition: Definition, answers: Mapping[str, object]) -> dict[str, object]:
    """Only the answers that lie on the way, in the order asked; those before a change of mind are dropped."""
    return _answers_to(list(walk(definition, answers).asked), answers)


def chosen_options(question: Question, answer: object) -> tuple[Option, ...]:
    """The options that the answer names, in the question's order; empty if it names none or something unknown."""
    values = answer if isinstance(answer, (list, tuple)) else [answer]
    if not question.multiple and len(values) > 1:
        return ()
    chosen = tuple(option for option in question.options if option.value in values)
    return chosen if len(chosen) == len(values) else ()


def materials_for(
    definition: Definition,
    answers: Mapping[str, object],
    form: Mapping[str, object] | None = None,
) -> tuple[Material, ...]:
    """The materials that these answers and this form call for, in the order of the guide."""
    return tuple(material for material in definition.materials if holds(material.when, answers, form))


def fees_for(
    definition: Definition,
    answers: Mapping[str, object],
    form: Mapping[str, object] | None = None,
) -> tuple[FeeLine, ...]:
    """The fees that apply, quantities taken from the form; one without a quantity is left out."""
    lines = (_fee_line(fee, form or {}) for fee in definition.fee if holds(fee.when, answers, form))
    return tuple(line for line in lines if line.quantity)


def handling_item_for(definition: Definition, answers: Mapping[str, object]) -> HandlingItem | None:
    """The handling item (业务办理项) that these answers choose; None where the item is not divided."""
    return next((one for one in definition.handling_items if holds(one.when, answers)), None)


def situation_words(definition: Definition, answers: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The situation in words, for summaries and documents: (question, label or labels chosen)."""
    return tuple(
        (question.text, "、".join(option.label for option in chosen_options(question, answers.get(question.key))))
        for question in walk(definition, answers).asked
    )


def paths(definition: Definition, limit: int = 10_000) -> Iterator[dict[str, object]]:
    """Every way through the questions in the order of the options, single answers only, at most `limit` of them."""
    pending: list[dict[str, object]] = [{}]
    given = 0
    while pending and given < limit:
        answers = pending.pop()
        at = walk(definition, answers)
        if at.question is None:
            given += 1
            yield answers
            continue
        for option in reversed(at.question.options):
            value: object = [option.value] if at.question.multiple else option.value
            pending.append({**answers, at.question.key: value})


def walks(definition: Definition, limit: int = 2_001) -> tuple[tuple[Mapping[str, object], Walk], ...]:
    """Every way through the questions with where it leads, at most `limit`; for rules, which look at them in turn."""
    # One definition is checked by many rules one after the other: its ways are found once.
    known = _LATEST.get("walks")
    if known is not None and known[0] is definition.questions and known[1] == limit:
        return known[2]
    found = tuple((answers, walk(definition, answers)) for answers in paths(definition, limit))
    _LATEST["walks"] = (definition.questions, limit, found)
    return found


def _answers_to(asked: list[Question], answers: Mapping[str, object]) -> dict[str, object]:
    return {question.key: answers[question.key] for question in asked if question.key in answers}


def _index(definition: Definition, key: str, after: int) -> int:
    # Only forwards: a definition that jumps back is refused by the rules and must not loop here.
    for index in range(after, len(definition.questions)):
        if definition.questions[index].key == key:
            return index
    return after


def _fee_line(fee: Fee, form: Mapping[str, object]) -> FeeLine:
    quantity = Decimal(1) if fee.quantity_field is None else _quantity(form.get(fee.quantity_field))
    amount = (quantity * fee.amount_fen).quantize(Decimal(1), ROUND_HALF_UP)
    return FeeLine(fee, quantity, int(amount))


def _quantity(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return Decimal(0)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    if not number.is_finite() or number < 0:
        return Decimal(0)
    return min(number, QUANTITY_MAX)
