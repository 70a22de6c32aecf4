"""What every page of an application needs: the actor's own draft, the thread of steps, the saved line."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tongban.cases.models import Draft
from tongban.cases.queries import access_draft
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of, situation_words, walk
from tongban.identity.queries import citizen_required, require_actor

DraftView = Callable[[HttpRequest, Draft], HttpResponse]

SITUATION, FORM, MATERIALS, CONFIRM = 1, 2, 3, 4


def applying(view: DraftView) -> Callable[..., HttpResponseBase]:
    """Give a view the citizen's own draft; a submitted one leads to its case, whatever was asked."""

    @never_cache
    @citizen_required
    @wraps(view)
    def guarded(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        draft = access_draft(require_actor(request), draft_id)
        if draft.case is not None:
            return redirect("portal:done", case_no=draft.case.case_no)
        return view(request, draft)

    return guarded


def show(
    request: HttpRequest, template: str, draft: Draft, step: int, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a step of the application with what all of them show."""
    definition = definition_of(draft.item_version)
    implementation = draft.item_version.implementation
    shared = {
        "draft": draft,
        "definition": definition,
        "organisation": implementation.organisation,
        "applicant_name": draft.applicant.get("name", ""),
        "thread": _thread(draft, definition, step),
        "step": step,
        "situation": situation_words(definition, draft.answers),
        "guide_changed": implementation.current_id != draft.item_version_id,
        "closed": implementation.state != "active",
    }
    return render(request, template, shared | context, status=status)


def _thread(draft: Draft, definition: Definition, step: int) -> list[tuple[str, str]]:
    """The steps; those before this one lead back."""
    names = [
        (_("情形"), "portal:situation"),
        (_("表单"), "portal:form"),
        (_("材料"), "portal:materials"),
        (_("确认"), "portal:confirm"),
    ]
    ready = walk(definition, draft.answers).finished
    return [
        (words, reverse(name, args=[draft.public_id]) if number < step and (ready or number == 1) else "")
        for number, (words, name) in enumerate(names, start=1)
    ]


def ready_for_form(draft: Draft) -> bool:
    """Whether the situation is chosen, so that form and materials are known."""
    return walk(definition_of(draft.item_version), draft.answers).finished
