"""The form on paper: blank, to be printed and filled in by hand, or filled in as a sample. Pure.

What comes out is plain JSON for the typesetter: texts, boxes and rows, never markup. Situation questions stand first,
because on paper nobody hides the fields that do not apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tongban.catalogue.condition_words import when_words
from tongban.catalogue.definition import Definition
from tongban.catalogue.forms.samples import sample_data
from tongban.catalogue.forms.schema import FormSchema, label_of, widget_of
from tongban.catalogue.forms.words import display
from tongban.catalogue.situation import paths, walk

#: Signs of a number that has a box for each.
_BOXES: Final = {"id_number": 18, "uscc": 18}
#: Texts as long as this need several lines.
_LONG: Final = 200
#: Empty rows of a table on paper.
_ROWS: Final = 5


def paper_form(definition: Definition, *, filled_on: date | None = None) -> list[dict[str, Any]]:
    """The groups of the paper form with their fields; with a day, filled in as a sample of that day.

    A group is `title`, `hint`, `fields`; a field `label`, `need`, `hint`, `kind` (line, boxes, choices, area, date,
    table) with `value`, `boxes`, `choices` (label, on), `unit`, `columns` and `rows`.
    """
    answers = _usual_answers(definition) if filled_on else {}
    data = sample_data(definition.form, answers, on=filled_on) if filled_on else {}
    form = FormSchema(definition.form)
    fields: dict[str, list[dict[str, Any]]] = {str(group["key"]): [] for group in form.groups}
    first = next(iter(fields))
    for name, part in form.ordered():
        key = str(part.get("x-group", first))
        shown = _field(part, data.get(name), need=name in form.required() or bool(part.get("x-required")))
        when = when_words(definition, part.get("x-when"))
        if when:
            shown["hint"] = "；".join(filter(None, (f"{when}时填", shown["hint"])))
        fields[key if key in fields else first].append(shown)
    groups = [
        {"title": str(group.get("title", "")), "hint": str(group.get("hint", "")), "fields": fields[str(group["key"])]}
        for group in form.groups
        if fields[str(group["key"])]
    ]
    asked = _questions(definition, answers)
    return [{"title": "申请情形", "hint": "在符合的一项前打“√”", "fields": asked}, *groups] if asked else groups


def _usual_answers(definition: Definition) -> dict[str, object]:
    """The answers that choose the first way to an application."""
    return next((answers for answers in paths(definition, limit=500) if walk(definition, answers).finished), {})


def _questions(definition: Definition, answers: Mapping[str, object]) -> list[dict[str, Any]]:
    return [
        shape(
            question.text,
            "choices",
            need=question.when is None,
            hint="可多选" if question.multiple and "多选" not in question.text else "",
            choices=[
                {"label": option.label, "on": option.value in _listed(answers.get(question.key))}
                for option in question.options
                if option.stop is None
            ],
        )
        for question in definition.questions
    ]


def _listed(answer: object) -> list[object]:
    return list(answer) if isinstance(answer, (list, tuple)) else [answer]


def _field(part: Mapping[str, Any], value: Any, *, need: bool) -> dict[str, Any]:
    widget = widget_of(part)
    title, hint = str(part.get("title", "")), str(part.get("description", ""))
    if widget == "table":
        return _table(part, value, title, hint, need=need)
    options = part.get("items", part) if widget == "checks" else part
    if widget == "checkbox" or "const" in part:
        return shape("", "choices", need=True, hint=hint, choices=[{"label": title, "on": value is True}])
    if widget == "yesno":
        choices = [{"label": "是", "on": value is True}, {"label": "否", "on": value is False}]
        return shape(title, "choices", need=need, hint=hint, choices=choices)
    if "enum" in options:
        chosen = _listed(value)
        choices = [{"label": label_of(options, one), "on": one in chosen} for one in options["enum"]]
        return shape(title, "choices", need=need, hint=hint, choices=choices)
    text = display(part, value, lambda _code: "").removesuffix(f" {part.get('x-unit', '')}") if value else ""
    if widget in _BOXES:
        return shape(title, "boxes", need=need, hint=hint, boxes=[*text.ljust(_BOXES[widget])])
    kind = "date" if widget == "date" else "area" if _is_long(widget, part) else "line"
    unit = "元" if widget == "money" else str(part.get("x-unit", ""))
    return shape(title, kind, need=need, hint=hint, value=text.removeprefix("¥ "), unit=unit)


def _is_long(widget: str, part: Mapping[str, Any]) -> bool:
    return widget == "textarea" or (widget == "text" and int(part.get("maxLength", 0)) > _LONG)


def _table(part: Mapping[str, Any], value: Any, title: str, hint: str, *, need: bool) -> dict[str, Any]:
    columns: Mapping[str, Mapping[str, Any]] = part.get("items", {}).get("properties", {})
    filled = [
        [display(column, row.get(name), lambda _code: "") for name, column in columns.items()]
        for row in (value if isinstance(value, list) else [])
    ]
    count = max(min(_ROWS, int(part.get("maxItems", _ROWS))), len(filled), int(part.get("minItems", 0)))
    rows = [*filled, *([""] * len(columns) for _ in range(count - len(filled)))]
    titles = [str(column.get("title", name)) for name, column in columns.items()]
    return shape(title, "table", need=need, hint=hint, columns=titles, rows=rows)


def shape(label: str, kind: str, *, need: bool = True, hint: str = "", **more: Any) -> dict[str, Any]:
    """A field of a paper form with everything that the typesetter looks at; `more` says what is not empty."""
    empty: dict[str, Any] = {"value": "", "unit": "", "boxes": [], "choices": [], "columns": [], "rows": []}
    return {"label": label, "kind": kind, "need": need, "hint": hint, **empty, **more}
