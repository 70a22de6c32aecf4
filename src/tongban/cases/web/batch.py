"""One act on many marked cases: each in its own transaction, each refusal told by its case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tongban.cases import commands, queries
from tongban.cases.states import ACT_LABELS, Act
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: Cases of one page.
MARKED_MAX = 100
ACTS = (Act.RECEIVE, Act.CLAIM_STEP)


@require_POST
@staff_required()
def batch(request: HttpRequest, act: str) -> HttpResponse:
    """Receive, or take on oneself, every marked case; what cannot be is said case by case."""
    actor = require_actor(request)
    if act not in ACTS:
        raise NotFound(_("这个操作"))
    marked = [str(one) for one in request.POST.getlist("key")[:MARKED_MAX]]
    done = 0
    for case_no in marked:
        try:
            done += _do(actor, Act(act), case_no)
        except Refusal as refusal:
            messages.warning(request, f"{case_no[-8:]}：{refusal.message}")
    label = ACT_LABELS[Act(act)]
    if done:
        said = ngettext("已%(label)s %(n)d 件。", "已%(label)s %(n)d 件。", done)
        messages.success(request, said % {"label": label, "n": done})
    elif not marked:
        messages.warning(request, _("请先选中要办的件（点行首的方框，或按 x）。"))
    else:
        messages.warning(request, _("选中的件里没有可以%s的。") % label)
    return redirect(_back(request))


def _do(actor: Actor, act: Act, case_no: str) -> int:
    """How many acts were done on the case: none where it stands elsewhere by now."""
    case = queries.access_case(actor, case_no)
    wanted = [one for one in queries.possible_acts(actor, case) if one.act == act]
    for one in wanted:
        if act == Act.RECEIVE:
            commands.receive(actor=actor, case_no=case_no)
        elif one.step is not None:
            commands.claim_step(actor=actor, case_no=case_no, step_key=one.step.key)
    return min(len(wanted), 1)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("desk:panel", args=["cases"])
