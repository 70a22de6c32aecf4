"""What a program needs to lead somebody through an item: the guide in words, the next question, the materials."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from tongban.base.web.api import with_etag
from tongban.base.web.offering import open_reading
from tongban.catalogue import queries
from tongban.catalogue.definition import Question
from tongban.kernel.problems import Invalid

router = Router(tags=["items"])


class Situation(Schema):
    """The answers so far."""

    answers: str = Field(
        "{}", max_length=4000, description='JSON object from question to value or values: {"goods": "food"}.'
    )


class OptionOut(Schema):
    """One answer that a question offers."""

    value: str
    label: str
    help: str


class QuestionOut(Schema):
    """A question that chooses the situation."""

    key: str
    text: str
    help: str
    multiple: bool
    options: list[OptionOut]


class StopOut(Schema):
    """Why these answers lead to no application here: no_permit_needed, other_item, other_body, not_eligible."""

    kind: str
    message: str


class WalkOut(Schema):
    """How far the answers lead: a question to ask, a stop, or neither: then the application may be written."""

    task_code: str
    version: int
    asked: list[str]
    question: QuestionOut | None
    stop: StopOut | None
    finished: bool


class MaterialOut(Schema):
    """A material that this situation asks for."""

    key: str
    name: str
    need: str = Field(description="required, optional, later.")
    original_count: int
    copy_count: int
    format: str
    licence_type: str | None = Field(description="With a licence of this type in the library nothing is handed in.")
    generated_from_form: bool
    accept_standard: str


class MaterialPage(Schema):
    """The materials of a situation, in the guide's order."""

    task_code: str
    version: int
    items: list[MaterialOut]


class FactOut(Schema):
    """One fact of the guide in words."""

    key: str
    label: str
    value: str
    note: str


class GuideOut(Schema):
    """The guide as people read it, in Chinese sentences."""

    task_code: str
    version: int
    name: str
    kind: str
    organisation: str
    facts: list[FactOut]
    conditions: list[str]
    stages: list[list[str]]
    deliveries: list[str]
    places: list[str]
    online: bool
    takes_cases: bool
    state_reason: str
    remedies: str


@open_reading(router, "/items/{task_code}/guide", GuideOut, "Read an item's guide")
def read_guide(request: HttpRequest, task_code: str) -> HttpResponse:
    """Who, how many days, how often one must come, what it costs, where; conditions, steps, remedies."""
    version = queries.current_version(task_code)
    found = queries.guide(version)
    body = {
        "task_code": task_code,
        "version": version.number,
        "name": found.name,
        "kind": found.kind,
        "organisation": found.organisation,
        "facts": [{"key": one.key, "label": one.label, "value": one.value, "note": one.note} for one in found.facts],
        "conditions": list(found.conditions),
        "stages": [[step.name for step in stage.steps] for stage in found.stages],
        "deliveries": list(found.deliveries),
        "places": [one.name for one in found.places],
        "online": found.online,
        "takes_cases": found.takes_cases,
        "state_reason": found.state_reason,
        "remedies": found.remedies,
    }
    return with_etag(request, body, json.dumps(body, ensure_ascii=False, sort_keys=True))


@open_reading(router, "/items/{task_code}/questions", WalkOut, "Ask the next question")
def next_question(request: HttpRequest, task_code: str, situation: Query[Situation]) -> WalkOut:
    """The question that follows these answers, or where they end."""
    del request
    version = queries.current_version(task_code)
    found = queries.walk(queries.definition_of(version), _answers(situation.answers))
    stop = found.stop
    return WalkOut(
        task_code=task_code,
        version=version.number,
        asked=[one.key for one in found.asked],
        question=_question(found.question) if found.question else None,
        stop=StopOut(kind=stop.kind, message=stop.message) if stop else None,
        finished=found.finished,
    )


@open_reading(router, "/items/{task_code}/materials", MaterialPage, "List the materials of a situation")
def list_materials(request: HttpRequest, task_code: str, situation: Query[Situation]) -> MaterialPage:
    """The materials that the guide asks for after these answers."""
    del request
    version = queries.current_version(task_code)
    definition = queries.definition_of(version)
    answers = queries.relevant_answers(definition, _answers(situation.answers))
    wanted = queries.materials_for(definition, answers, {})
    fields = tuple(MaterialOut.model_fields)
    rows = [MaterialOut(**{name: getattr(one, name) for name in fields}) for one in wanted]
    return MaterialPage(task_code=task_code, version=version.number, items=rows)


def _question(question: Question) -> QuestionOut:
    options = [OptionOut(value=one.value, label=one.label, help=one.help) for one in question.options]
    return QuestionOut(
        key=question.key, text=question.text, help=question.help, multiple=question.multiple, options=options
    )


def _answers(text: str) -> dict[str, Any]:
    """The answers as a mapping.

    Raises:
        Invalid: not a JSON object (`answers_invalid`).
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        sentence = _('请写成 JSON 对象：问题的 key 对所选的 value，例如 {"goods": "food"}。')
        raise Invalid(fields={"answers": sentence}, code="answers_invalid")
    return found
