"""A change order on the desk: what it is, what is still wrong with it, handing it in."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, localtime, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.catalogue import commands
from tongban.catalogue.models import ItemChange
from tongban.catalogue.queries import drafts
from tongban.catalogue.web.editing import counts, section_key
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required()
def change(request: HttpRequest, change_no: str) -> HttpResponse:
    """The change with its reason and everything that is wrong; keeping the reason, handing in, giving up."""
    actor = require_actor(request)
    found = drafts.access_draft(actor, change_no)
    if request.method != "POST":
        return _show(request, actor, found)
    try:
        _done(request, actor, found)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(request, actor, drafts.access_draft(actor, change_no), refusal=refusal)
    return redirect("catalogue:change", change_no=change_no)


@require_POST
@staff_required()
def begin(request: HttpRequest, task_code: str) -> HttpResponse:
    """Begin to change what a body runs, and go to the draft; where one is under way, to that one."""
    actor = require_actor(request)
    try:
        made = commands.change_implementation(actor=actor, task_code=task_code, kind=ItemChange.Kind.CHANGE)
    except commands.CatalogueRefusal as refusal:
        under_way = drafts.under_way(actor, task_code)
        if refusal.code != "change_open" or under_way is None:
            raise
        made = under_way
    return redirect("catalogue:change", change_no=made.number)


def _done(request: HttpRequest, actor: Actor, found: ItemChange) -> None:
    act = request.POST.get("act", "")
    if act == "withdraw":
        commands.withdraw_change(actor=actor, number=found.number)
        messages.success(request, _("已撤回。"))
        return
    if act not in ("save", "submit"):
        raise Invalid(_("不认识这个按钮，请刷新页面后重试。"), code="act_unknown")
    given = request.POST.get("revision", "")
    if act == "submit" and given != str(found.revision):
        # What is handed in is what one has looked at.
        raise commands.CatalogueRefusal("change_edited_elsewhere", _("这张变更单刚才在别处保存过。请核对后再提交。"))
    reason, effective_at = request.POST.get("reason", ""), typed_moment(request.POST.get("effective_at", ""))
    saved = commands.save_change(
        actor=actor, number=found.number, revision=found.revision, reason=reason, effective_at=effective_at
    )
    if act == "submit":
        commands.submit_change(actor=actor, number=found.number, revision=saved.revision)
    messages.success(request, _("已提交审核。") if act == "submit" else _("已保存。"))


def typed_moment(text: str) -> datetime | None:
    """The moment that was typed, in the city's time where it names none; None for nothing.

    Raises:
        Invalid: `effective_at`.
    """
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        message = _("生效时间要写成 2026-12-01 00:00 这样，或者不填")
        raise Invalid(message, fields={"effective_at": message}, code="effective_at")
    return make_aware(found) if is_naive(found) else found


def written_moment(at: datetime | None) -> str:
    """A moment as a field for date and time takes it, in the city's time; empty for none."""
    return localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""


def _show(request: HttpRequest, actor: Actor, found: ItemChange, *, refusal: Refusal | None = None) -> HttpResponse:
    faults = drafts.faults_of(found, found.content)
    wrong = counts(found, faults)
    context = {
        "change": found,
        "section": None,
        "sections": [(one, wrong.get(one.key, 0)) for one in drafts.sections_of(found)],
        "faults": [(section_key(found, fault.path), fault) for fault in faults],
        "writable": drafts.writable(actor, found),
        "withdrawable": drafts.withdrawable(actor, found),
        "reviews": found.reviews.order_by("pk"),
        "refusal": refusal,
        "reason": request.POST.get("reason", found.reason),
        "effective_at": request.POST.get("effective_at", written_moment(found.effective_at)),
    }
    status = refusal.status if refusal else 200
    return render(request, "catalogue/desk/editing/change.html", context, status=status)
