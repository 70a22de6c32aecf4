"""Beginning an application, and the questions that decide its way, one at a time."""

from __future__ import annotations

from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base.web.formats import cn_date
from tongban.cases import commands
from tongban.cases.models import Draft
from tongban.cases.queries import my_drafts
from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import ItemVersion, Question
from tongban.identity.queries import account_of, citizen_required, companies_of, mandates_held, require_actor
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid
from tongban.portal.web import drafts

#: For whom: oneself; a company or a person one acts for, each with its key behind a dash.
PERSON, COMPANY, PRINCIPAL = "person", "company", "principal"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def start(request: HttpRequest, task_code: str) -> HttpResponse:
    """Choose for whom, go on with an earlier draft, or begin."""
    actor = require_actor(request)
    version = catalogue.current_version(task_code)
    choices = _applicants(actor, version)
    if request.method == "POST" and choices:
        chosen = request.POST.get("applicant", choices[0][0] if len(choices) == 1 else "")
        if chosen in {value for value, *_rest in choices}:
            kind, _dash, number = chosen.partition("-")
            draft = commands.start_draft(
                actor=actor,
                version_id=version.pk,
                channel=_channel(request),
                company_id=int(number) if kind == COMPANY else None,
                principal_id=int(number) if kind == PRINCIPAL else None,
            )
            return redirect("portal:situation", draft_id=draft.public_id)
        return _start_page(request, actor, version, choices, error=_("请选择为谁办理。"))
    return _start_page(request, actor, version, choices)


def _start_page(
    request: HttpRequest, actor: Actor, version: ItemVersion, choices: list[tuple[str, str, str]], error: str = ""
) -> HttpResponse:
    definition = catalogue.definition_of(version)
    account = account_of(actor)
    level = account.person.assurance_level if account.person else 0
    earlier = [one for one in my_drafts(actor) if one.item_version.implementation_id == version.implementation_id]
    context: dict[str, Any] = {
        "guide": catalogue.guide(version),
        "choices": choices,
        "error": error,
        "earlier": [(one, one.applicant.get("name", "")) for one in earlier],
        "level_missing": level < definition.assurance_level,
        "companies_only": PERSON not in definition.service_targets,
    }
    return render(request, "portal/apply/start.html", context, status=422 if error else 200)


def _applicants(actor: Actor, version: ItemVersion) -> list[tuple[str, str, str]]:
    """For whom the actor may apply: (value, name, help)."""
    targets = set(catalogue.definition_of(version).service_targets)
    found: list[tuple[str, str, str]] = []
    if PERSON in targets:
        found.append((PERSON, _("我本人：%(name)s") % {"name": actor.name}, ""))
        found += [
            (
                f"{PRINCIPAL}-{one.principal_id}",
                _("代%(name)s办理") % {"name": one.principal.name},
                _("授权到%(day)s") % {"day": cn_date(one.valid_to)},
            )
            for one in mandates_held(actor)
            if actor.mandate_of(one.principal_id) is not None
        ]
    if targets - {PERSON}:
        found += [
            (
                f"{COMPANY}-{one.company_id}",
                one.company.name,
                _("统一社会信用代码 %(code)s") % {"code": one.company.uscc},
            )
            for one in companies_of(actor)
        ]
    return found


def _channel(request: HttpRequest) -> Literal["web", "mobile"]:
    return "mobile" if "Mobi" in request.headers.get("User-Agent", "") else "web"


@require_safe
@drafts.applying
def resume(_request: HttpRequest, draft: Draft) -> HttpResponse:
    """Go on where the applicant stopped."""
    if not drafts.ready_for_form(draft):
        return redirect("portal:situation", draft_id=draft.public_id)
    problems = commands.look_over(draft).problems
    if "form" in problems:
        return redirect("portal:form", draft_id=draft.public_id)
    if "materials" in problems:
        return redirect("portal:materials", draft_id=draft.public_id)
    return redirect("portal:confirm", draft_id=draft.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@drafts.applying
def situation(request: HttpRequest, draft: Draft) -> HttpResponse:
    """One question; or the end at which no application follows, told kindly; or the situation as a whole."""
    actor = require_actor(request)
    definition = catalogue.definition_of(draft.item_version)
    if request.method == "POST":
        return _answer(request, actor, draft)
    way = catalogue.walk(definition, draft.answers)
    again = next((one for one in way.asked if one.key == request.GET.get("ask")), None)
    if again is not None:
        return _ask(request, draft, again)
    if way.stop is not None:
        return drafts.show(request, "portal/apply/stop.html", draft, drafts.SITUATION, {"stop": way.stop, "way": way})
    if way.question is not None:
        return _ask(request, draft, way.question)
    if not definition.questions:
        return redirect("portal:form", draft_id=draft.public_id)
    asked = list(zip(way.asked, catalogue.situation_words(definition, draft.answers), strict=True))
    return drafts.show(request, "portal/apply/situation.html", draft, drafts.SITUATION, {"asked": asked})


def _answer(request: HttpRequest, actor: Actor, draft: Draft) -> HttpResponse:
    definition = catalogue.definition_of(draft.item_version)
    question = next((one for one in definition.questions if one.key == request.POST.get("question")), None)
    if question is None:
        return redirect("portal:situation", draft_id=draft.public_id)
    values = request.POST.getlist("answer")[: len(question.options) + 1]
    if not values:
        return _ask(request, draft, question, error=_("请选一项再继续。"))
    value: Any = values if question.multiple else values[0]
    try:
        commands.save_answers(actor=actor, draft_id=draft.public_id, answers={question.key: value})
    except Invalid as refusal:
        return _ask(request, draft, question, error=refusal.fields.get(question.key, refusal.message))
    return redirect("portal:situation", draft_id=draft.public_id)


def _ask(request: HttpRequest, draft: Draft, question: Question, error: str = "") -> HttpResponse:
    definition = catalogue.definition_of(draft.item_version)
    asked = catalogue.walk(definition, draft.answers).asked
    keys = [one.key for one in asked]
    place = keys.index(question.key) if question.key in keys else len(keys)
    context = {
        "question": question,
        "choices": [(one.value, one.label, one.help) for one in question.options],
        "value": draft.answers.get(question.key, [] if question.multiple else ""),
        "kind": "checkbox" if question.multiple else "radio",
        "error": error,
        "number": place + 1,
        "before": asked[place - 1].key if place > 0 else "",
    }
    status = 422 if error else 200
    return drafts.show(request, "portal/apply/question.html", draft, drafts.SITUATION, context, status=status)


@require_POST
@drafts.applying
def adopt_guide(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Take the guide now in force; what was written stays where it is still asked for."""
    actor = require_actor(request)
    commands.adopt_current_guide(actor=actor, draft_id=draft.public_id)
    messages.success(request, _("已换成新的办事指南，已填的内容都保留了，请再核对一遍。"))
    return redirect("portal:draft", draft_id=draft.public_id)


@require_POST
@drafts.applying
def discard(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Give the draft up."""
    actor = require_actor(request)
    commands.discard_draft(actor=actor, draft_id=draft.public_id)
    messages.success(request, _("已删除这份没有提交的申请。"))
    return redirect("portal:my")
