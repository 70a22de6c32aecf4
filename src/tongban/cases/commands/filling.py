"""What may be written into an application: the rules of each part, on a draft in memory. No row is read or saved."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tongban.cases.applicants import Service, ways_of_delivery
from tongban.cases.models import Draft
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import chosen_options, materials_for, relevant_answers
from tongban.kernel.problems import Invalid

#: Files handed in for one material.
FILES_PER_MATERIAL_MAX = 20


def put_answers(draft: Draft, definition: Definition, answers: Mapping[str, Any]) -> None:
    """Put in answers that choose the situation; those off the path that they choose are dropped.

    Raises:
        Invalid: an answer is not one that the guide offers.
    """
    questions = {one.key: one for one in definition.questions}
    for key, value in answers.items():
        if key not in questions or not chosen_options(questions[key], value):
            raise Invalid(_("请从所列选项中选择。"), fields={key: _("请从所列选项中选择。")}, code="answer_unknown")
    draft.answers = relevant_answers(definition, {**draft.answers, **answers})


def put_form(draft: Draft, definition: Definition, data: Mapping[str, Any], *, partial: bool) -> None:
    """Put in form data, over what is there where `partial`; what the guide's form does not ask is dropped."""
    asked = definition.form.get("properties", {})
    merged = {**draft.form, **data} if partial else dict(data)
    draft.form = {key: value for key, value in merged.items() if key in asked}


def put_service(draft: Draft, definition: Definition, service: Service, *, partial: bool) -> None:
    """Put in the address for service, the consent and the way of delivery; with `partial` as they are.

    Raises:
        Invalid: not partial, and the item does not deliver that way, or what that way needs is missing.
    """
    problems = service.problems(ways_of_delivery(definition.delivery, draft.channel))
    if problems and not partial:
        raise Invalid(fields=problems, code="service_invalid")
    paper = {"paper": draft.service["paper"]} if "paper" in draft.service else {}
    draft.service = service.as_json() | paper


def check_material(draft: Draft, definition: Definition, key: str, *, given: int) -> None:
    """Refuse a file for a material that the guide does not ask for here, or one too many (`given` are there).

    Raises:
        Invalid: `material_not_asked`, `material_too_many_files`.
    """
    wanted = {one.key: one for one in materials_for(definition, draft.answers, draft.form)}
    if key not in wanted or wanted[key].generated_from_form:
        raise Invalid(_("办事指南在这个情形下没有要求这份材料，请不要提交。"), code="material_not_asked")
    if given >= FILES_PER_MATERIAL_MAX:
        raise Invalid(
            _("一份材料最多交 %(files_per_material_max)s 个文件，请合并后再上传。")
            % {"files_per_material_max": FILES_PER_MATERIAL_MAX},
            code="material_too_many_files",
        )
