"""Where bodies that run the same item differ, at the desk: asking why, and answering."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.catalogue import commands, queries
from tongban.catalogue.deviation_words import FIELDS, value_words
from tongban.catalogue.models import DeviationQuestion
from tongban.catalogue.policy import may_edit
from tongban.desk.registries import Chip
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: Entries of a page: each may have nine fields with several groups of bodies.
_SIZE = 10
_QUESTIONS = 20


@never_cache
@require_safe
@staff_required()
def deviations(request: HttpRequest) -> HttpResponse:
    """Entries whose bodies differ, with what most say and who says what else."""
    return _deviations(request, require_actor(request))


@require_POST
@staff_required()
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a body why it differs; a refusal shows the page again with the reason."""
    actor = require_actor(request)
    field = request.POST.get("field", "")
    try:
        commands.ask_why(
            actor=actor,
            task_code=request.POST.get("task_code", ""),
            field=field,
            text=request.POST.get("text", ""),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _deviations(request, actor, refusal=refusal)
    messages.success(request, _("已请这个机构的事项管理员说明，答复后在“说明”里能看到。"))
    return redirect(f"{reverse('catalogue:deviations')}?{request.GET.urlencode()}")


@never_cache
@require_safe
@staff_required()
def questions(request: HttpRequest) -> HttpResponse:
    """Questions to bodies in reach: those that wait for an answer, or those that have one."""
    return _questions(request, require_actor(request))


@require_POST
@staff_required()
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answer for the body; a refusal shows the page again with the reason."""
    actor = require_actor(request)
    try:
        commands.answer_why(actor=actor, question_id=question_id, answer=request.POST.get("answer", ""))
    except NotFound:
        raise
    except Refusal as refusal:
        return _questions(request, actor, refusal=refusal, at=question_id)
    messages.success(request, _("已答复。"))
    return redirect("catalogue:questions")


def _deviations(request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:50] for name in ("field", "code")}
    page = queries.deviating(
        actor, field=asked["field"], catalog_code=asked["code"], cursor=request.GET.get("cursor"), size=_SIZE
    )
    context = {
        "page": page,
        "asked": asked,
        "chips": [
            Chip(label=_("全部"), href=_address(asked, ""), on=not asked["field"]),
            *(
                Chip(label=str(words), href=_address(asked, key), on=asked["field"] == key)
                for key, words in FIELDS.items()
            ),
        ],
        "here": request.GET.urlencode(),
        "refusal": refusal,
        "why": _reason(refusal),
    }
    return render(request, "catalogue/desk/deviations.html", context, status=refusal.status if refusal else 200)


def _questions(
    request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None, at: int | None = None
) -> HttpResponse:
    answered = request.GET.get("answered") == "1"
    page = queries.questions_in_reach(actor, answered=answered, cursor=request.GET.get("cursor"), size=_QUESTIONS)
    context = {
        "page": page,
        "rows": [_question(one, actor, request if one.pk == at else None) for one in page.items],
        "answered": answered,
        "refusal": refusal,
        "why": _reason(refusal),
        "at": at,
        "answer_max": commands.ANSWER_MAX,
    }
    return render(request, "catalogue/desk/questions.html", context, status=refusal.status if refusal else 200)


def _question(one: DeviationQuestion, actor: Actor, typed: HttpRequest | None) -> dict[str, object]:
    return {
        "question": one,
        "label": FIELDS.get(one.field, one.field),
        "said": value_words(one.field, one.value),
        "usual": value_words(one.field, one.usual),
        "mine": one.answered_at is None and may_edit(actor, one.implementation),
        "typed": typed.POST.get("answer", "") if typed else "",
    }


def _reason(refusal: Refusal | None) -> str:
    return (next(iter(refusal.fields.values()), "") or refusal.message) if refusal else ""


def _address(asked: dict[str, str], field: str) -> str:
    return "?" + urlencode({key: text for key, text in (asked | {"field": field}).items() if text})
