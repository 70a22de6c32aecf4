"""A condition over answers and form in words, for people who read a guide or fill in a form by hand. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongban.catalogue.definition import Definition
from tongban.catalogue.forms.schema import label_of


def when_words(definition: Definition, condition: Mapping[str, Any] | None) -> str:
    """When the condition holds: “谁来办？”选“委托别人代办”; empty for no condition.

    A name that the definition does not know is written as it is.
    """
    return _words(definition, condition) if condition is not None else ""


def _words(it: Definition, condition: Mapping[str, Any]) -> str:
    if "all" in condition:
        return _("，并且").join(_words(it, part) for part in condition["all"])
    if "any" in condition:
        return _("，或者").join(_words(it, part) for part in condition["any"])
    if "not" in condition:
        return _("不是（%(words)s）") % {"words": _words(it, condition["not"])}
    title, labels = _answer(it, condition) if "answer" in condition else _field(it, condition)
    if "given" in condition:
        told = _("“%(title)s”已填写") if condition["given"] else _("“%(title)s”没有填写")
        return told % {"title": title}
    chosen = pgettext("choices", "或").join(f"“{label}”" for label in labels)
    return _("“%(title)s”选%(labels)s") % {"title": title, "labels": chosen}


def _answer(it: Definition, leaf: Mapping[str, Any]) -> tuple[str, list[str]]:
    question = next((one for one in it.questions if one.key == leaf["answer"]), None)
    labels = {option.value: option.label for option in question.options} if question else {}
    values = [str(value) for value in leaf.get("in", ())]
    return question.text if question else str(leaf["answer"]), [labels.get(value, value) for value in values]


def _field(it: Definition, leaf: Mapping[str, Any]) -> tuple[str, list[str]]:
    part: Mapping[str, Any] = it.form.get("properties", {}).get(leaf["field"], {})
    options = part.get("items", part)
    yes_no = {True: _("是"), False: _("否")}
    labels = [yes_no[value] if isinstance(value, bool) else label_of(options, value) for value in leaf.get("in", ())]
    return str(part.get("title", leaf["field"])), labels
