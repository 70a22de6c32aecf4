"""Rules of keys, steps, questions and conditions: every name exists, every path ends, nothing is out of reach. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tongban.catalogue.conditions import ConditionError, holds, names
from tongban.catalogue.definition import Definition, Question, Step
from tongban.catalogue.faults import Fault
from tongban.catalogue.situation import chosen_options, walk, walks


def keys(it: Definition) -> Iterator[Fault]:
    """Keys are used once in each list."""
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("questions", (question.key for question in it.questions)),
        ("materials", (material.key for material in it.materials)),
        ("steps", (step.key for step in it.steps)),
        ("fee", (fee.key for fee in it.fee)),
        ("special_procedures", (special.key for special in it.special_procedures)),
        *((f"questions.{i}.options", (o.value for o in question.options)) for i, question in enumerate(it.questions)),
    )
    for path, used in groups:
        for key, count in Counter(used).items():
            if count > 1:
                yield Fault("key.twice", path, f"“{key}”用了 {count} 次，请改成不同的")


def steps(it: Definition) -> Iterator[Fault]:
    """One approval, at the end; all steps lead to it; no circle; no step waits for one that does not exist."""
    by_key = {step.key: step for step in it.steps}
    for index, step in enumerate(it.steps):
        for key in step.after:
            if key not in by_key:
                yield Fault("step.after", f"steps.{index}.after", f"环节“{step.name}”要等的“{key}”不存在")
    approvals = [step for step in it.steps if step.kind == "approval"]
    if len(approvals) != 1:
        yield Fault("step.one_approval", "steps", f"要有且只有一个决定环节，现在有 {len(approvals)} 个")
        return
    stuck = _never_open(by_key)
    for index, step in enumerate(it.steps):
        if step.key in stuck:
            yield Fault("step.cycle", f"steps.{index}", f"环节“{step.name}”互相等待，永远轮不到")
    if stuck:
        return
    leading = _leading_to(approvals[0], by_key)
    for index, step in enumerate(it.steps):
        if step.key not in leading:
            yield Fault("step.dead_end", f"steps.{index}", f"环节“{step.name}”办完后没有去处，决定环节不等它")


def questions(it: Definition) -> Iterator[Fault]:
    """Questions lead forwards, each can be reached, and at least one way ends in an application."""
    positions = {question.key: index for index, question in enumerate(it.questions)}
    for index, question in enumerate(it.questions):
        yield from _option_faults(index, question, positions)
    if not it.questions:
        return
    seen: set[str] = set()
    applied = False
    for _answers, at in walks(it):
        seen.update(question.key for question in at.asked)
        applied = applied or at.finished
    for index, question in enumerate(it.questions):
        if question.key not in seen:
            yield Fault("question.unreachable", f"questions.{index}", f"问题“{question.text}”怎么答都问不到")
    if not applied:
        yield Fault("question.no_application", "questions", "怎么回答都不能申请，至少要有一条路能办")


def handling_items(it: Definition) -> Iterator[Fault]:
    """Each way through the questions that ends in an application is exactly one handling item."""
    if not it.handling_items:
        return
    for number, count in Counter(one.number for one in it.handling_items).items():
        if count > 1:
            yield Fault("handling.number", "handling_items", f"业务办理项序号 {number} 用了 {count} 次，请改成不同的")
    used: set[str] = set()
    for answers, at in walks(it):
        if not at.finished:
            continue
        fitting = [one for one in it.handling_items if holds(one.when, answers)]
        used.update(one.number for one in fitting)
        if len(fitting) != 1:
            way = "、".join(f"{question.text}{words}" for question, words in _way(it, answers)) or "不答问题"
            many = (
                "没有业务办理项" if not fitting else "有不止一个业务办理项：" + "、".join(one.name for one in fitting)
            )
            yield Fault("handling.one", "handling_items", f"“{way}”时{many}，每种情形要对应且只对应一个")
            return
    for index, one in enumerate(it.handling_items):
        if one.number not in used:
            yield Fault("handling.unreachable", f"handling_items.{index}", f"业务办理项“{one.name}”怎么答都办不到")


def _way(it: Definition, answers: Mapping[str, object]) -> Iterator[tuple[Question, str]]:
    for question in walk(it, answers).asked:
        yield question, "、".join(option.label for option in chosen_options(question, answers.get(question.key)))


def conditions(it: Definition) -> Iterator[Fault]:
    """Conditions name existing questions, answers and form fields; a question's own looks back only."""
    options = {question.key: {option.value for option in question.options} for question in it.questions}
    properties = it.form.get("properties", {})
    fields = properties if isinstance(properties, Mapping) else {}
    earlier: set[str] = set()
    for index, question in enumerate(it.questions):
        path = f"questions.{index}.when"
        yield from _names(path, question.when, {key: options[key] for key in earlier}, {})
        earlier.add(question.key)
    lists: tuple[tuple[str, Iterable[object]], ...] = (
        ("materials", it.materials),
        ("fee", it.fee),
        ("handling_items", it.handling_items),
    )
    for name, things in lists:
        for index, thing in enumerate(things):
            yield from _names(f"{name}.{index}.when", getattr(thing, "when", None), options, fields)
    for name, field in fields.items():
        if isinstance(field, Mapping):
            yield from _names(f"form.properties.{name}.x-when", field.get("x-when"), options, fields)
    choice = it.result.number_choice
    if choice and set(choice.codes) - options.get(choice.question, set()):
        yield Fault("condition.answer", "result.number_choice", "编号规则引用了不存在的问题或者答案")


def _never_open(by_key: Mapping[str, Step]) -> set[str]:
    open_: set[str] = set()
    waiting = dict(by_key)
    while True:
        ready = [key for key, step in waiting.items() if all(a in open_ or a not in by_key for a in step.after)]
        if not ready:
            return set(waiting)
        for key in ready:
            open_.add(key)
            del waiting[key]


def _leading_to(last: Step, by_key: Mapping[str, Step]) -> set[str]:
    found: set[str] = set()
    pending = [last.key]
    while pending:
        key = pending.pop()
        if key in by_key and key not in found:
            found.add(key)
            pending.extend(by_key[key].after)
    return found


def _option_faults(index: int, question: Question, positions: Mapping[str, int]) -> Iterator[Fault]:
    for number, option in enumerate(question.options):
        path = f"questions.{index}.options.{number}"
        ways = [option.next is not None, option.end, option.stop is not None]
        if sum(ways) > 1:
            yield Fault("option.ways", path, f"答案“{option.label}”只能有一个去处：next、end、stop 选一个")
        if question.multiple and any(ways):
            yield Fault("option.multiple", path, "多选题的答案不能各有去处")
        if option.next is not None and positions.get(option.next, -1) <= index:
            yield Fault("option.next", path, f"答案“{option.label}”要跳到后面的问题，“{option.next}”不在后面")


def _names(
    path: str, condition: object, answers: Mapping[str, set[str]], fields: Mapping[str, object]
) -> Iterator[Fault]:
    if condition is None:
        return
    try:
        leaves = list(names(condition)) if isinstance(condition, Mapping) else []
    except ConditionError as error:
        yield Fault("condition.form", path, f"条件写得不对：{error}")
        return
    for source, key, values in leaves:
        if source == "answer":
            yield from _answer_names(path, key, values, answers)
        elif key not in fields:
            yield Fault("condition.field", path, f"条件引用的表单项“{key}”不存在")


def _answer_names(path: str, key: str, values: tuple[object, ...], answers: Mapping[str, set[str]]) -> Iterator[Fault]:
    if key not in answers:
        yield Fault("condition.question", path, f"条件引用的问题“{key}”不存在，或者排在后面")
        return
    for value in values:
        if value not in answers[key]:
            yield Fault("condition.answer", path, f"问题“{key}”没有“{value}”这个答案")
