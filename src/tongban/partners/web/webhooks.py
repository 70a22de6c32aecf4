"""The page of webhooks for IT staff: who is told where, what got through, what was given up and is sent again."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound, Refusal
from tongban.partners import commands, queries
from tongban.partners.models import WebhookMessage

_STATES: Final = WebhookMessage.State.values


@never_cache
@require_safe
@staff_required(Role.IT_ADMIN)
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every address, the paused ones first."""
    found = queries.webhooks_for(require_actor(request))
    return render(request, "partners/desk/webhooks.html", {"webhooks": found})


@never_cache
@require_safe
@staff_required(Role.IT_ADMIN)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One address with its messages, the latest first; `state` shows some of them."""
    return _page(request, require_actor(request), webhook_id)


@require_POST
@staff_required(Role.IT_ADMIN)
def act(request: HttpRequest, webhook_id: int, act: str) -> HttpResponse:
    """Send a test message, go on after a pause, send again what was given up, or remove the address."""
    actor = require_actor(request)
    try:
        sentence = _done(request, actor, webhook_id, act)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, actor, webhook_id, refusal=refusal)
    messages.success(request, sentence)
    if act == "remove":
        return redirect("partners:webhooks")
    return redirect("partners:webhook", webhook_id)


def _done(request: HttpRequest, actor: Actor, webhook_id: int, act: str) -> str:
    match act:
        case "ping":
            commands.queue_ping(actor=actor, endpoint_id=webhook_id)
            return _("测试消息已排队，几秒后刷新本页就能看到结果。")
        case "resume":
            commands.resume_webhook(actor=actor, endpoint_id=webhook_id)
            return _("已恢复推送，积压的消息按先后顺序发出。")
        case "retry":
            one = request.POST.get("message", "")
            chosen = [int(one)] if one.isascii() and one.isdigit() and len(one) < 19 else None
            if one and chosen is None:
                raise NotFound(_("这条消息"))
            count = commands.retry_failed(actor=actor, endpoint_id=webhook_id, message_ids=chosen)
            return _("%(count)s 条消息已重新排队。") % {"count": count}
        case "remove":
            commands.remove_webhook(actor=actor, endpoint_id=webhook_id)
            return _("推送地址已删除，不再向它发送。")
    raise NotFound(_("这个操作"))


def _page(request: HttpRequest, actor: Actor, webhook_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    chosen = state if state in _STATES else ""
    context = {
        "found": queries.state_of(actor, webhook_id),
        "page": queries.messages_of(actor, webhook_id, state=chosen, cursor=request.GET.get("cursor")),
        "state": chosen,
        "states": [("", _("全部")), *WebhookMessage.State.choices],
        "refusal": refusal,
    }
    return render(request, "partners/desk/webhook.html", context, status=refusal.status if refusal else 200)
