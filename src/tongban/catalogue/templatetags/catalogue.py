"""`{% load catalogue %}`: an item's form and its fields in the look of `base`."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tongban.base.templatetags import ui_forms
from tongban.catalogue.forms import Choice, Field, FormView

register = template.Library()

_COMPONENTS = "base/components/"
#: Characters that one line of a field shows on a phone.
_LINE = 18


@register.inclusion_tag("catalogue/form.html")
def item_form(view: FormView) -> dict[str, Any]:
    """All groups and fields, without the `form` element, its token and buttons, which belong to the page."""
    return {"form": view}


@register.simple_tag
def item_field(one: Field) -> SafeString:
    """One field by its widget; everything from outside is escaped by the templates."""
    if one.rows or one.widget == "table":
        return render_to_string("catalogue/table_field.html", {"field": one})
    if one.parts:
        return render_to_string("catalogue/address_field.html", {"field": one})
    if one.widget in ("radio", "yesno", "checks"):
        return _picks(one)
    if one.widget == "checkbox":
        context = ui_forms.pick(one.name, one.title, "yes", one.value == "yes", "checkbox", one.hint, one.error)
        return render_to_string(_COMPONENTS + "pick.html", context)
    return _input(one)


@register.filter
def when_json(one: Field) -> str:
    """The field's condition as JSON text for an attribute (escaped by the template)."""
    return json.dumps(one.when, ensure_ascii=False) if one.when else ""


@register.filter
def choice_groups(one: Field) -> list[tuple[str, list[Choice]]]:
    """The choices in runs of one group."""
    return [(group, list(choices)) for group, choices in groupby(one.choices, key=lambda choice: choice.group)]


def _picks(one: Field) -> SafeString:
    context = ui_forms.picks(
        one.name,
        one.title,
        [(choice.value, choice.label) for choice in one.choices],
        value=one.value,
        kind="checkbox" if one.widget == "checks" else "radio",
        hint=one.hint,
        error=one.error,
        required=one.required,
    )
    return render_to_string(_COMPONENTS + "picks.html", context)


def _input(one: Field) -> SafeString:
    attributes: dict[str, Any] = dict(one.attributes)
    label = f"{one.title}（{one.unit}）" if one.unit and not one.locked else one.title
    # What is known already and cannot be changed is read whole: a long name does not end at the edge of the field.
    whole = one.locked and len(str(one.value or "")) > _LINE
    context = ui_forms.field(
        one.name,
        label,
        value=one.value,
        type="textarea" if whole or one.widget == "textarea" else one.type,
        hint=one.hint,
        error=one.error,
        source=one.source,
        level=one.level,
        required=one.required,
        choices=[(choice.value, choice.label) for choice in one.choices] if one.widget == "select" else None,
        readonly=one.locked,
        rows=2 if whole else 4,
        **attributes,
    )
    return render_to_string(_COMPONENTS + "field.html", context)
