"""The team page: load by person and unit, what stands behind each number, and giving a step to a colleague."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.cases import commands, queries
from tongban.cases.web.reading import whole_number
from tongban.identity.queries import names_of, require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal


@never_cache
@require_safe
@staff_required()
def team(request: HttpRequest) -> HttpResponse:
    """Load by unit and person; with `unit` in the address, also what stands behind a number."""
    return _page(request, require_actor(request))


@require_POST
@staff_required()
def assign(request: HttpRequest, case_no: str) -> HttpResponse:
    """Give a step to a colleague; a refusal shows the page again with the reason."""
    actor = require_actor(request)
    to = whole_number(request.POST.get("account", ""))
    try:
        commands.assign_step(
            actor=actor, case_no=case_no, step_key=request.POST.get("step", ""), account_id=to if to is not None else 0
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, actor, refusal=refusal)
    messages.success(request, _("已转派，对方的收件箱里能看到。"))
    return redirect(f"{reverse('cases:team')}?{request.GET.urlencode()}#inhand")


def _page(request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None) -> HttpResponse:
    units = queries.team(actor)
    unit, who = whole_number(request.GET.get("unit", "")), request.GET.get("who", "")
    due = request.GET.get("due", "")
    account_id = whole_number(who)
    entries = None
    if unit is not None:
        entries = queries.team_entries(actor, unit, account_id=account_id, due=due)
    heading = names_of([account_id]).get(account_id, "") if account_id is not None else _("还没有人领办的")
    context = {
        "units": units,
        "entries": entries,
        "heading": heading,
        "due": due,
        "chosen": (unit, account_id, due),
        "refusal": refusal,
        "reason": (next(iter(refusal.fields.values()), "") or refusal.message) if refusal else "",
    }
    return render(request, "cases/desk/team.html", context, status=refusal.status if refusal else 200)
