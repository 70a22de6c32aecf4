"""One field of the form as a small section of its own, and back to what `forms.designing` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Final

from tongban.catalogue.editing.entries import Entry, Offers, Section, value_at
from tongban.catalogue.editing.reading import Posted, read
from tongban.catalogue.forms.designing import SOURCES, Change, kind_of
from tongban.catalogue.forms.schema import label_of

_BOUNDED: Final = ("integer", "number", "money")
_CHOSEN: Final = ("radio", "select", "checks")
_LONG: Final = ("text", "textarea", "table")


def section_of_field(
    name: str, field: Mapping[str, Any], *, column: bool, groups: Sequence[Mapping[str, Any]]
) -> Section:
    """What the designer asks about a field of this kind."""
    kind = kind_of(field)
    entries = [
        Entry(path="title", title="名称", required=True),
        Entry(path="description", title="填写说明"),
        Entry(path="required", title="必填", kind="flag"),
    ]
    if kind in _CHOSEN:
        entries.append(
            Entry(
                path="options",
                title="选项",
                kind="lines",
                required=True,
                hint="一行一个：代号，空格，文字；例如：own 自有",
            )
        )
    if kind in _LONG:
        words = "最多几行" if kind == "table" else "最多几个字"
        entries.append(Entry(path="longest", title=words, kind="number", required=True))
    if kind in _BOUNDED:
        unit = "分" if kind == "money" else ""
        entries += [
            Entry(path="least", title=f"最小{unit}", kind="line"),
            Entry(path="most", title=f"最大{unit}", kind="line"),
        ]
    if kind in ("integer", "number"):
        entries.append(Entry(path="unit", title="单位", hint="例如：平方米"))
    if not column:
        entries += _of_form(groups)
    entries.append(Entry(path="name", title="代号", required=True, rare=True))
    parts = tuple(Entry(**{**vars(one), "path": f"{_at(name)}.{one.path}"}) for one in entries)
    return Section(key="field", title=str(field.get("title", name)), parts=parts)


def shown_of(name: str, field: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    """The field as content of its section."""
    kind = kind_of(field)
    place = field.get("items", {}) if kind == "checks" else field
    options = place.get("enum") if isinstance(place, Mapping) else None
    return {
        "title": field.get("title", ""),
        "description": field.get("description", ""),
        "required": required or bool(field.get("x-required")),
        "options": [f"{one} {label_of(place, one)}" for one in options] if isinstance(options, (list, tuple)) else [],
        "longest": field.get("maxItems" if kind == "table" else "maxLength"),
        "least": field.get("minimum"),
        "most": field.get("maximum"),
        "unit": field.get("x-unit", ""),
        "group": field.get("x-group", ""),
        "prefill": field.get("x-prefill", ""),
        "when": field.get("x-when"),
        "name": name,
    }


def change_of(section: Section, name: str, content: Mapping[str, Any], posted: Posted) -> tuple[Change, str]:
    """What was typed about the field, and the name that it is to have.

    Raises:
        Invalid: a bound that is no number (left as it was by the page).
    """
    typed = value_at(read(section, content, posted), _at(name))
    lines = [one.split(None, 1) for one in typed.get("options", ())]
    when = typed.get("when")
    change = Change(
        title=str(typed.get("title", "")),
        hint=str(typed.get("description", "")),
        required=bool(typed.get("required")),
        group=str(typed.get("group", "")),
        prefill=str(typed.get("prefill", "")),
        unit=str(typed.get("unit", "")),
        when=when if isinstance(when, Mapping) else None,
        options=tuple((line[0], line[-1].strip()) for line in lines),
        longest=typed["longest"] if isinstance(typed.get("longest"), int) else None,
        least=_number(typed.get("least")),
        most=_number(typed.get("most")),
    )
    return change, str(typed.get("name", ""))


def content_of(name: str, field: Mapping[str, Any], draft: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    """The content of the field's section: the field, and what conditions may ask for (not the field itself)."""
    form = draft.get("form")
    fields = form.get("properties", {}) if isinstance(form, Mapping) else {}
    others = {key: one for key, one in fields.items() if key != name}
    return {
        "questions": draft.get("questions"),
        "form": {"properties": others},
        "fields": {_key(name): shown_of(name, field, required=required)},
    }


def sources() -> Offers:
    """Where a value may be known from, as the page offers it."""
    return Offers({"sources": tuple((key, words) for key, (words, _sample) in SOURCES.items())})


def path_of(name: str) -> str:
    """Where the field's entries begin, in the form and in ids."""
    return _at(name)


def _of_form(groups: Sequence[Mapping[str, Any]]) -> list[Entry]:
    made = []
    if groups:
        choices = tuple((str(one.get("key", "")), str(one.get("title", ""))) for one in groups)
        made.append(Entry(path="group", title="分组", kind="choice", required=True, choices=choices))
    hint = "从列表里选；取自电子证照的，写 licence.证照类型代码.字段"
    made.append(Entry(path="prefill", title="预填来源", offer="sources", hint=hint))
    made.append(Entry(path="when", title="什么情形才填", kind="condition", empty=None, hint="都不选，表示都要填"))
    return made


def _at(name: str) -> str:
    return f"fields.{_key(name)}"


def _key(name: str) -> str:
    return name.replace(".", "-")


def _number(value: Any) -> float | None:
    try:
        found = float(str(value).strip()) if str("" if value is None else value).strip() else None
    except ValueError:
        return None
    if found is None or not isfinite(found):
        return None
    # A whole number is written as one, so that saving without a change changes nothing.
    return int(found) if found.is_integer() else found
