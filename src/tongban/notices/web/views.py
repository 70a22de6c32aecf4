"""The inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.identity.queries import account_of, login_required, require_actor
from tongban.notices import commands, queries


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the reader's messages, the latest first."""
    actor = require_actor(request)
    page = queries.inbox(account_of(actor), cursor=request.GET.get("cursor"))
    return render(request, "notices/inbox.html", {"page": page, "unread": queries.unread(actor)})


@login_required
@require_POST
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message read and go where it leads."""
    message = commands.mark_read(require_actor(request), message_id=message_id)
    return redirect(message.link or "messages_inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    commands.mark_all_read(require_actor(request))
    return redirect("messages_inbox")
