"""The form as a page shows it: groups of fields with values, errors, hints and sources, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext

from tongban.catalogue.conditions import holds, names
from tongban.catalogue.forms.prefill import Known
from tongban.catalogue.forms.schema import FormSchema, decided_by_answers, label_of, widget_of
from tongban.catalogue.forms.words import display

#: Empty rows that a table offers beyond those filled, so that it can grow without JavaScript.
SPARE_ROWS: Final = 1
_TYPES: Final = {"date": "date", "phone": "tel"}
_MODES: Final = {"number": "decimal", "money": "decimal", "id_number": "text", "phone": "tel"}
#: Longest text of a field whose length its format fixes.
_LENGTHS: Final = {"id_number": 18, "uscc": 18, "phone": 20}


@dataclass(frozen=True)
class Choice:
    """An option of a list; `group` heads it in a long select (the county of a town)."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Field:
    """One field to show; `parts` are those of an address, `rows` those of a table."""

    name: str
    widget: str
    title: str
    value: Any = ""
    hint: str = ""
    error: str = ""
    required: bool = True
    locked: bool = False
    source: str = ""
    level: str = ""
    unit: str = ""
    type: str = "text"
    choices: tuple[Choice, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: A condition over other fields, as JSON for the page's script; None if it is settled.
    when: Mapping[str, Any] | None = None
    parts: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()

    @property
    def id(self) -> str:
        """The element's id, to which the error summary links."""
        return f"id_{self.name}"


@dataclass(frozen=True)
class Group:
    """A part of the form with a heading."""

    key: str
    title: str
    hint: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class FormView:
    """All that the template needs: `groups`, and `errors` (field path to sentence) in the order of the form."""

    groups: tuple[Group, ...]
    errors: Mapping[str, str]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in order."""
        return tuple(one for group in self.groups for one in group.fields)

    @property
    def summary(self) -> dict[str, str]:
        """The errors as a list on top of the page needs them: each says which field, and which row of a table."""
        titles = {one.name: one.title for one in self.fields}
        return {path: _with_place(titles, path, message) for path, message in self.errors.items()}


@dataclass(frozen=True)
class _Page:
    """What every field of a form looks up while it is made."""

    form: FormSchema
    data: Mapping[str, Any]
    errors: Mapping[str, str]
    known: Mapping[str, Known]
    divisions: tuple[Choice, ...]


def form_view(
    schema: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    answers: Mapping[str, object] | None = None,
    errors: Mapping[str, str] | None = None,
    known: Mapping[str, Known] | None = None,
    divisions: Iterable[Choice] = (),
) -> FormView:
    """The form filled with `data` (posted or saved), with errors beside the fields and what is known with its source.

    A field whose condition the answers settle as false is left out; one whose condition looks at other fields is shown
    with a hint that says when it applies, so that the page works without JavaScript.
    """
    form = FormSchema(schema)
    page = _Page(form, data, errors or {}, known or {}, tuple(divisions))
    shown: dict[str, list[Field]] = {str(group["key"]): [] for group in form.groups}
    first = next(iter(shown))
    for name, part in form.ordered():
        if decided_by_answers(part) and not holds(part.get("x-when"), answers or {}, {}):
            continue
        shown[part.get("x-group", first) if part.get("x-group", first) in shown else first].append(_field(page, name))
    groups = tuple(
        Group(
            str(group["key"]), str(group.get("title", "")), str(group.get("hint", "")), tuple(shown[str(group["key"])])
        )
        for group in form.groups
        if shown[str(group["key"])]
    )
    return FormView(groups, dict(errors or {}))


def _with_place(titles: Mapping[str, str], path: str, message: str) -> str:
    name, *rest = path.split(".")
    title = titles.get(name, "")
    if rest and rest[0].isdigit():
        return gettext("%(title)s第 %(n)s 行：%(message)s") % {
            "title": title,
            "n": int(rest[0]) + 1,
            "message": message,
        }
    return message if rest or not title or title in message else f"{title}：{message}"


def _field(page: _Page, name: str) -> Field:
    part = page.form.properties[name]
    known = page.known.get(name)
    conditional = "x-when" in part and not decided_by_answers(part)
    needed = name in page.form.required() or bool(part.get("x-required"))
    value = page.data.get(name, known.value if known else None)
    base = _plain(page, name, part, value, required=needed and not conditional)
    changes: dict[str, Any] = {}
    if conditional:
        changes["when"] = part["x-when"]
        changes["hint"] = " ".join(filter(None, (_when_words(page.form, part, needed=needed), base.hint)))
    if known:
        changes |= {"source": known.source, "level": known.level, "locked": known.locked}
        if known.locked:
            shown = display(part, known.value, lambda code: _division_name(page.divisions, code))
            changes |= {"value": shown, "widget": "text", "type": "text", "choices": (), "parts": (), "rows": ()}
    return replace(base, **changes)


def _plain(page: _Page, name: str, part: Mapping[str, Any], value: Any, *, required: bool) -> Field:
    widget = widget_of(part)
    return Field(
        name=name,
        widget=widget,
        title=str(part.get("title", name)),
        value=_shown(widget, part, value),
        hint=str(part.get("description", "")),
        error=page.errors.get(name, ""),
        required=required,
        unit=gettext("元") if widget == "money" else str(part.get("x-unit", "")),
        type=_TYPES.get(widget, "text"),
        choices=_choices(widget, part, required=required),
        attributes=_attributes(widget, part),
        parts=_parts(page, name, part, value, required=required) if widget == "address" else (),
        rows=_rows(page, name, part, value) if widget == "table" else (),
    )


def _parts(page: _Page, name: str, part: Mapping[str, Any], value: Any, *, required: bool) -> tuple[Field, ...]:
    inside: Mapping[str, Any] = part.get("properties", {})
    here = value if isinstance(value, Mapping) else {}
    division = Field(
        name=f"{name}.division",
        widget="select",
        title=str(inside.get("division", {}).get("title", gettext("所在地"))),
        value=str(here.get("division", "")),
        error=page.errors.get(f"{name}.division", ""),
        required=required,
        choices=(Choice("", gettext("请选择")), *page.divisions),
    )
    detail = _plain(page, f"{name}.detail", inside.get("detail", {}), here.get("detail"), required=required)
    return division, detail


def _rows(page: _Page, name: str, part: Mapping[str, Any], value: Any) -> tuple[tuple[Field, ...], ...]:
    items: Mapping[str, Any] = part.get("items", {})
    filled = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    wanted = max(len(filled) + SPARE_ROWS, int(part.get("minItems", 0)))
    count = min(wanted, int(part.get("maxItems", wanted)))
    rows = [*filled, *({} for _ in range(count))][: max(count, len(filled))]
    return tuple(
        tuple(
            _plain(
                page,
                f"{name}.{number}.{column}",
                inside,
                row.get(column),
                required=(bool(row) or number < int(part.get("minItems", 0))) and column in items.get("required", ()),
            )
            for column, inside in items.get("properties", {}).items()
        )
        for number, row in enumerate(rows)
    )


def _shown(widget: str, part: Mapping[str, Any], value: Any) -> Any:
    if value is None:
        return ""
    if part.get("type") == "boolean" and isinstance(value, bool):
        return "yes" if value else "no"
    if widget == "money" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    if widget == "checks" and isinstance(value, list):
        return [str(one) for one in value]
    return value if widget in ("address", "table") else str(value)


def _choices(widget: str, part: Mapping[str, Any], *, required: bool) -> tuple[Choice, ...]:
    if widget == "yesno":
        return Choice("yes", gettext("是")), Choice("no", gettext("否"))
    source = part.get("items", {}) if widget == "checks" else part
    options = tuple(Choice(str(option), label_of(source, option)) for option in source.get("enum", ()))
    if widget == "select":
        return (Choice("", gettext("请选择") if required else gettext("不选")), *options)
    return options


def _attributes(widget: str, part: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    if widget in _LENGTHS or "maxLength" in part:
        found["maxlength"] = str(part.get("maxLength", _LENGTHS.get(widget)))
    if widget in _MODES:
        found["inputmode"] = "numeric" if part.get("type") == "integer" and widget == "number" else _MODES[widget]
    if "x-autocomplete" in part:
        found["autocomplete"] = str(part["x-autocomplete"])
    if "x-placeholder" in part:
        found["placeholder"] = str(part["x-placeholder"])
    return found


def _when_words(form: FormSchema, part: Mapping[str, Any], *, needed: bool) -> str:
    """The hint of a conditional field: the fields and values on which it depends, in words."""
    said = []
    for source, key, values in names(part.get("x-when")):
        if source != "field":
            continue
        other = form.properties.get(key, {})
        labels = "、".join(
            gettext("是") if v is True else gettext("否") if v is False else label_of(other, v) for v in values
        )
        said.append(
            f"“{other.get('title', key)}”"
            + (gettext("是“%(labels)s”") % {"labels": labels} if labels else gettext("已填写"))
        )
    words = "，".join(said)
    told = gettext("仅当%(words)s时必须填写。") if needed else gettext("仅当%(words)s时填写。")
    return told % {"words": words} if words else ""


def _division_name(divisions: tuple[Choice, ...], code: str) -> str:
    return next((choice.group + choice.label for choice in divisions if choice.value == code), code)
