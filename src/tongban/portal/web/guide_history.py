"""How an item came to be as it is: its history in plain words, and its earlier versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tongban.catalogue import queries as catalogue
from tongban.portal.web.guide import shown


@require_safe
def history(request: HttpRequest, task_code: str) -> HttpResponse:
    """Every version with its day and what it changed; when the item was stopped and went on."""
    item = catalogue.implementation(task_code)
    assert item.current is not None
    page = catalogue.history(item, cursor=request.GET.get("cursor") or None)
    context = {"item": item, "name": item.current.parsed.name, "page": page}
    return render(request, "portal/guide_history.html", context)


@require_safe
def version(request: HttpRequest, task_code: str, number: int) -> HttpResponse:
    """The guide as it was; the version in force has its own address."""
    found = catalogue.numbered_version(task_code, number)
    if found.pk == found.implementation.current_id:
        return redirect("portal:guide", task_code=found.implementation.task_code)
    return render(request, "portal/guide_version.html", shown(found, old=True))
