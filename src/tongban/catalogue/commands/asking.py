"""Asking a body why its item differs from that of the others, and answering."""

from __future__ import annotations

from django.db import transaction

from tongban.base import moment
from tongban.catalogue.commands import held
from tongban.catalogue.commands.held import CatalogueRefusal
from tongban.catalogue.deviation_words import FIELDS
from tongban.catalogue.events import DeviationAnswered, DeviationAsked
from tongban.catalogue.models import DeviationQuestion
from tongban.catalogue.policy import may_edit
from tongban.catalogue.queries.deviations import usual_value
from tongban.catalogue.queries.reach import within_reach
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

ANSWER_MAX = 1000


def ask_why(*, actor: Actor, task_code: str, field: str, text: str) -> DeviationQuestion:
    """Ask the editors of a body why its item differs in a field from that of most bodies in the actor's reach.

    Raises:
        NotFound: the implementation is unknown, or not within the reach of a post that reads the catalogue.
        Invalid: unknown field (`bad_filter`), no text or too long a one.
        CatalogueRefusal: `question_open`, it was asked and not answered yet; `no_deviation`.
    """
    reach = within_reach(actor)
    if field not in FIELDS:
        raise Invalid("没有这样的比较项目，请从页面上重新选择。", code="bad_filter")
    why = held.required(text, "text", "要说明的问题")
    with transaction.atomic():
        if not reach.filter(task_code=task_code).exists():
            raise NotFound("这个事项")
        item = held.implementation(task_code)
        if DeviationQuestion.objects.filter(implementation=item, field=field, answered_at__isnull=True).exists():
            raise CatalogueRefusal("question_open", "已经请这个机构说明，还没有答复。")
        usual = usual_value(reach, item.base_id, field)
        value = item.summary.get(field)
        if usual == value:
            raise CatalogueRefusal("no_deviation", "这个机构现在与多数机构一致，不用说明。请刷新页面。")
        question = DeviationQuestion.objects.create(
            implementation=item, field=field, value=value, usual=usual, text=why,
            asked_at=moment.now(), asked_by=actor.ref, asked_by_name=actor.name,
        )  # fmt: skip
        held.append(actor, f"item:{task_code}", DeviationAsked(task_code, field, question.pk))
        return question


def answer_why(*, actor: Actor, question_id: int, answer: str) -> DeviationQuestion:
    """Answer for the body, once.

    Raises:
        NotFound: unknown question, or the actor does not edit the body's items.
        Invalid: no answer or too long a one.
        CatalogueRefusal: `question_answered`.
    """
    with transaction.atomic():
        rows = DeviationQuestion.objects.select_for_update(of=("self",)).select_related("implementation")
        question = rows.filter(pk=question_id).first()
        if question is None or not may_edit(actor, question.implementation):
            raise NotFound("这个问题")
        said = held.required(answer, "answer", "说明", ANSWER_MAX)
        if question.answered_at is not None:
            raise CatalogueRefusal("question_answered", "这个问题已经有人答复。请刷新后查看。")
        question.answer, question.answered_at = said, moment.now()
        question.answered_by, question.answered_by_name = actor.ref, actor.name
        question.save(update_fields=["answer", "answered_at", "answered_by", "answered_by_name"])
        code = question.implementation.task_code
        held.append(actor, f"item:{code}", DeviationAnswered(code, question.field, question.pk))
        return question
