"""Opinions while they are written, and the page of stock phrases."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.cases import commands, queries
from tongban.cases.states import Act
from tongban.cases.web.reading import whole_number
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: The text of each form into which a phrase goes.
TEXTS = {Act.COMPLETE_STEP: "opinion", Act.DECIDE: "reason"}


def seen_of(body: QueryDict) -> commands.Seen | None:
    """What the posting page knows of the draft; None where it did not say."""
    if "draft_version" not in body:
        return None
    return commands.Seen(version=whole_number(body.get("draft_version", "")) or 0, tab=body.get("draft_tab", ""))


def content_of(body: QueryDict) -> dict[str, Any]:
    """What the form of a step holds."""
    return {**{name: body.get(name, "") for name in body}, "checklist": body.getlist("checklist")}


def save(actor: Actor, case_no: str, body: QueryDict) -> str:
    """Keep what the form holds, with the phrase that was chosen at the end of its text; the sentence that says so.

    Raises:
        NotFound: no such case, step or phrase.
        CaseRefusal: what the command says.
    """
    content = content_of(body)
    chosen = body.get("phrase", "")
    if chosen:
        phrase = next((one for one in queries.phrases_for(actor) if str(one.pk) == chosen), None)
        if phrase is None:
            raise NotFound(_("这条常用语"))
        name = "reason" if body.get("act") == Act.DECIDE else "opinion"
        content[name] = f"{content.get(name, '')}{phrase.text}"
    seen = seen_of(body) or commands.Seen(version=0, tab="")
    commands.save_opinion(actor=actor, case_no=case_no, step_key=body.get("step", ""), content=content, seen=seen)
    return _("常用语已加到意见里，草稿已保存。") if chosen else _("意见草稿已保存，只有您自己能看到。")


def context_of(actor: Actor, page: queries.CasePage, *, conflict: bool) -> dict[str, Any]:
    """What the forms of steps need beside the page: phrases, the name of this page, and whether two pages differ."""
    writes = any(one.act in TEXTS for one in page.acts)
    return {
        "phrases": queries.phrases_for(actor) if writes else [],
        "tab": uuid.uuid4().hex,
        "conflict": conflict,
    }


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def phrases(request: HttpRequest) -> HttpResponse:
    """One's own phrases and those of one's units; adding one."""
    actor = require_actor(request)
    if request.method == "POST":
        unit = request.POST.get("unit", "")
        try:
            commands.save_phrase(
                actor=actor,
                text=request.POST.get("text", ""),
                phrase_id=whole_number(request.POST.get("phrase", "")),
                organisation_id=whole_number(unit),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            return _phrases(request, actor, refusal=refusal)
        messages.success(request, _("常用语已保存。"))
        return redirect("cases:phrases")
    return _phrases(request, actor)


@require_POST
@staff_required()
def remove_phrase(request: HttpRequest, phrase_id: int) -> HttpResponse:
    """Delete a phrase."""
    commands.remove_phrase(actor=require_actor(request), phrase_id=phrase_id)
    messages.success(request, _("常用语已删除。"))
    return redirect("cases:phrases")


def _phrases(request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None) -> HttpResponse:
    lists = queries.phrase_lists(actor)
    if len(lists) == 1:
        raise NotFound(_("这个页面"))
    context = {
        "lists": lists,
        "refusal": refusal,
        "error": (refusal.fields.get("text") or refusal.message) if refusal else "",
        "typed": request.POST,
    }
    return render(request, "cases/desk/phrases.html", context, status=refusal.status if refusal else 200)
