"""The handover of a whole desk: who to whom, what that comes to, one act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.identity import commands, queries
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Role
from tongban.kernel.problems import NotFound, Refusal


@staff_required(Role.IT_ADMIN)
@never_cache
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Ask for both log-in names, show what would move, and do it when that is confirmed."""
    actor = require_actor(request)
    given = request.POST if request.method == "POST" else request.GET
    names = {name: given.get(name, "").strip()[:40] for name in ("leaver", "successor")}
    context: dict[str, Any] = {**names, "plan": None, "error": ""}
    if not all(names.values()):
        if any(names.values()) or request.method == "POST":
            context["error"] = _("请填写移交人和接收人的登录名。")
        return _page(request, context)
    try:
        plan = queries.handover_plan(actor, from_login=names["leaver"], to_login=names["successor"])
        if request.method == "POST":
            done = commands.hand_over(
                actor,
                from_account_id=plan.leaver.pk,
                to_account_id=plan.successor.pk,
                close_account=given.get("close") == "1",
            )
    except NotFound:
        context["error"] = _("没有找到这两位在岗人员，或者其中有岗位不归您管理。请核对登录名。")
        return _page(request, context)
    except Refusal as refusal:
        context["error"] = refusal.message
        return _page(request, context)
    if request.method == "POST":
        moved = sum(done.work.values())
        said = ngettext("已移交 %(posts)d 个岗位、%(n)d 项工作。", "已移交 %(posts)d 个岗位、%(n)d 项工作。", moved)
        messages.success(request, said % {"posts": len(done.appointments), "n": moved})
        return redirect("account_handover")
    return _page(request, context | {"plan": plan})


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "identity/handover.html", context, status=422 if context["error"] else 200)
