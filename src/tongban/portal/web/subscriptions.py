"""What I follow: items whose changes I am told of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.catalogue import queries as catalogue
from tongban.identity.queries import citizen_required, require_actor
from tongban.portal import subscriptions


@never_cache
@require_safe
@citizen_required
def listed(request: HttpRequest) -> HttpResponse:
    """Everything that I follow, with a button to stop."""
    rows = subscriptions.followed(require_actor(request))
    return render(request, "portal/subscriptions.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def one(request: HttpRequest, task_code: str) -> HttpResponse:
    """Follow one item, or stop."""
    actor = require_actor(request)
    item = catalogue.implementation(task_code)
    if request.method != "POST":
        context = {"item": item, "follows": subscriptions.follows(actor, item.task_code)}
        return render(request, "portal/subscription.html", context)
    if request.POST.get("act") == "stop":
        subscriptions.unfollow(actor=actor, task_code=item.task_code)
        messages.success(request, _("已取消关注。"))
    else:
        subscriptions.follow(actor=actor, task_code=item.task_code)
        messages.success(request, _("已关注，有变化时会在“消息”里告诉您。"))
    return redirect("portal:subscriptions")
