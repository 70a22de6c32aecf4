"""Components that take in: field, picks, error summary, file row, drop zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongban.base.web import formats

register = template.Library()

COMPONENTS = "base/components/"
Choice = tuple[Any, Any]


def _choices(choices: Iterable[Any] | None, value: Any) -> list[dict[str, Any]]:
    """Take pairs, triples with a help text, or objects with value, label (and help); mark the chosen ones."""
    chosen = {str(v) for v in value} if isinstance(value, list | tuple | set) else {"" if value is None else str(value)}
    drawn = []
    for choice in choices or ():
        if isinstance(choice, Sequence) and not isinstance(choice, str):
            key, label, help_text = choice[0], choice[1], choice[2] if len(choice) > 2 else ""
        else:
            key, label, help_text = choice.value, choice.label, getattr(choice, "help", "")
        drawn.append({"value": key, "label": label, "hint": help_text or "", "on": str(key) in chosen})
    return drawn


@register.inclusion_tag(COMPONENTS + "field.html")
def field(
    name: str,
    label: str,
    value: Any = "",
    type: str = "text",  # noqa: A002
    hint: str = "",
    error: str = "",
    source: str = "",
    level: str = "",
    required: bool = True,
    choices: Iterable[Any] | None = None,
    id: str = "",  # noqa: A002
    rows: int = 4,
    readonly: bool = False,
    disabled: bool = False,
    **extra: Any,
) -> dict[str, Any]:
    """One question with its answer: text tel email date number password search textarea or select (`choices`).

    `error` stands beside the field and is tied to it; `source`, `level` say where a prefilled answer comes from. More
    keywords become attributes (`maxlength=200`, `autocomplete="name"`, `inputmode="numeric"`, `placeholder="…"`).
    """
    ident = id or f"id_{name}"
    described = [f"{ident}-{part}" for part, there in (("hint", hint), ("error", error), ("from", source)) if there]
    return {
        "name": name,
        "label": label,
        "value": "" if value is None else value,
        "kind": "select" if choices is not None else type,
        "hint": hint,
        "error": error,
        "source": source,
        "level": level,
        "required": required,
        "choices": _choices(choices, value),
        "id": ident,
        "rows": rows,
        "readonly": readonly,
        "disabled": disabled,
        "described": " ".join(described),
        "extra": extra,
    }


@register.inclusion_tag(COMPONENTS + "picks.html")
def picks(
    name: str,
    legend: str,
    choices: Iterable[Any],
    value: Any = "",
    kind: str = "radio",
    hint: str = "",
    error: str = "",
    required: bool = True,
    big: bool = False,
    id: str = "",  # noqa: A002
) -> dict[str, Any]:
    """A question with answers to pick from: `kind` radio or checkbox; `value` one or a list.

    Choices are (value, label[, help]) or objects with those names.

    `big` makes the question the heading of the page (one question at a time).
    """
    return {
        "name": name,
        "legend": legend,
        "choices": _choices(choices, value),
        "kind": kind,
        "hint": hint,
        "error": error,
        "required": required and kind == "radio",
        "optional": not required,
        "big": big,
        "id": id or f"id_{name}",
    }


@register.inclusion_tag(COMPONENTS + "pick.html")
def pick(
    name: str,
    label: str,
    value: str = "1",
    on: bool = False,
    kind: str = "checkbox",
    hint: str = "",
    error: str = "",
    id: str = "",  # noqa: A002
    **extra: Any,
) -> dict[str, Any]:
    """One thing to tick, as a consent."""
    ident = id or f"id_{name}"
    return {
        "name": name,
        "label": label,
        "value": value,
        "on": on,
        "kind": kind,
        "hint": hint,
        "error": error,
        "id": ident,
        "extra": extra,
    }


def _bound_kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return str(getattr(widget, "input_type", "text"))


@register.simple_tag
def bound_field(bound: forms.BoundField, source: str = "", level: str = "") -> SafeString:
    """A field of a Django form in our look (log-in, registration, small forms)."""
    widget = bound.field.widget
    error = " ".join(str(e) for e in bound.errors)
    label, hint, ident = str(bound.label or ""), str(bound.help_text or ""), str(bound.id_for_label or bound.auto_id)
    name, value = bound.html_name, bound.value()
    if isinstance(widget, forms.HiddenInput):
        return SafeString(str(bound))
    if isinstance(widget, forms.CheckboxInput):
        context = pick(name, label, value="on", on=bool(value), hint=hint, error=error, id=ident)
        return render_to_string(COMPONENTS + "pick.html", context)
    choices = getattr(bound.field, "choices", None)
    required = bound.field.required
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        kind = "checkbox" if isinstance(widget, forms.CheckboxSelectMultiple) else "radio"
        context = picks(
            name, label, choices or (), value=value, kind=kind, hint=hint, error=error, required=required, id=ident
        )
        return render_to_string(COMPONENTS + "picks.html", context)
    known = {"type", "id", "name", "value", "required", "rows", "cols", "class", "style", "placeholder"}
    extra = {key.replace("-", "_"): v for key, v in widget.attrs.items() if key not in known}
    if (length := getattr(bound.field, "max_length", None)) and "maxlength" not in extra:
        extra["maxlength"] = length
    context = field(
        name,
        label,
        value="" if _bound_kind(widget) == "password" else value,
        type=_bound_kind(widget),
        hint=hint,
        error=error,
        source=source,
        level=level,
        required=required,
        choices=choices if isinstance(widget, forms.Select) else None,
        id=ident,
        disabled=bound.field.disabled,
        **extra,
    )
    return render_to_string(COMPONENTS + "field.html", context)


def _summary_rows(errors: Any, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Flatten a Django form, a mapping or pairs to (id of the field, sentence)."""
    if isinstance(errors, forms.BaseForm):
        form = errors
        rows = [("", str(e)) for e in form.non_field_errors()]
        rows += [(str(b.id_for_label or b.auto_id), f"{b.label}：{e}") for b in form for e in b.errors]
        return rows
    pairs = errors.items() if isinstance(errors, Mapping) else errors or ()
    return [
        (
            f"id_{name}" if name and name != "__all__" else "",
            f"{labels[name]}：{message}" if name in labels else str(message),
        )
        for name, message in pairs
    ]


@register.inclusion_tag(COMPONENTS + "error_summary.html")
def error_summary(errors: Any, title: str = "", labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All errors on top, each a link to its field. Takes a Django form or {name: sentence}; nothing for none."""
    rows = _summary_rows(errors, labels or {})
    return {"rows": rows, "title": title or _("有 %(n)s 处要改，改好才能继续") % {"n": len(rows)}}


@register.simple_block_tag
def file_row(
    content: SafeString,
    name: str,
    meta: str = "",
    kind: str = "",
    size: int | None = None,
    error: str = "",
    percent: int | None = None,
    busy: bool = False,
) -> SafeString:
    """`{% file_row name="a.pdf" meta="14:01 上传" %}…{% endfile_row %}`; `percent` going up, `busy` while checked."""
    suffix = name.rsplit(".", 1)[-1].upper() if "." in name else ""
    details = "，".join(part for part in (formats.bytes_size(size), meta) if part)
    return render_to_string(
        COMPONENTS + "file_row.html",
        {
            "content": content,
            "name": name,
            "kind": (kind or suffix)[:4],
            "details": error or details,
            "error": error,
            "percent": percent,
            "busy": busy,
        },
    )


@register.inclusion_tag(COMPONENTS + "drop_zone.html")
def drop_zone(
    name: str = "file",
    label: str = "",
    accept: str = ".pdf,.jpg,.jpeg,.png,.ofd,.docx,.xlsx",
    multiple: bool = False,
    hint: str = "",
    error: str = "",
    id: str = "",  # noqa: A002
    camera: bool = False,
) -> dict[str, Any]:
    """A place to drop files; without script a plain file input. `camera` opens the camera on a phone."""
    ident = id or f"id_{name}"
    return {
        "name": name,
        "label": label or _("选文件"),
        "accept": accept,
        "multiple": multiple,
        "hint": hint,
        "error": error,
        "id": ident,
        "camera": camera,
    }
