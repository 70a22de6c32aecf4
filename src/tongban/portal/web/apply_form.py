"""The item's form: prefilled with what is known, saved as one goes, every error told at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.base.web import site
from tongban.cases import commands
from tongban.cases.models import Draft
from tongban.catalogue import forms
from tongban.catalogue.queries import address_choices, definition_of
from tongban.identity.queries import require_actor
from tongban.portal.known import known_of, locked_values
from tongban.portal.web import drafts


@require_http_methods(["GET", "HEAD", "POST"])
@drafts.applying
def form(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show or save the form; `act=save` keeps it as it is, otherwise it must be right before the next step."""
    actor = require_actor(request)
    if not drafts.ready_for_form(draft):
        return redirect("portal:situation", draft_id=draft.public_id)
    definition = definition_of(draft.item_version)
    known = known_of(draft, definition)
    if request.method != "POST":
        return _page(request, draft, draft.form, known)
    data = forms.clean(definition.form, request.POST, locked_values(known))
    draft = commands.save_form(actor=actor, draft_id=draft.public_id, data=data, partial=False)
    if request.POST.get("autosave"):
        return HttpResponse(status=204)
    if request.POST.get("act") == "save":
        messages.success(request, _("已保存。可以继续填，也可以以后在“我的办件”里接着填。"))
        return redirect("portal:form", draft_id=draft.public_id)
    errors = forms.validate(definition.form, data, answers=draft.answers)
    if errors:
        return _page(request, draft, data, known, errors)
    return redirect("portal:materials", draft_id=draft.public_id)


def _page(
    request: HttpRequest,
    draft: Draft,
    data: dict[str, Any],
    known: dict[str, forms.Known],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    definition = definition_of(draft.item_version)
    view = forms.form_view(
        definition.form,
        data,
        answers=draft.answers,
        errors=errors,
        known=known,
        divisions=address_choices(site.current().division),
    )
    shown = {"form": view, "errors": errors or {}, "known_count": sum(one.name in known for one in view.fields)}
    return drafts.show(request, "portal/apply/form.html", draft, drafts.FORM, shown, status=422 if errors else 200)
