"""One act on many marked cases; what became of each is said case by case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from tongban.cases import commands
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.problems import NotFound

#: The acts in words, as they stand on the buttons.
LABELS = {
    "receive": gettext_noop("收件"),
    "accept": gettext_noop("受理"),
    "claim": gettext_noop("领办"),
    "release": gettext_noop("退回待领"),
    "archive": gettext_noop("归档"),
}


@require_POST
@staff_required()
def batch(request: HttpRequest, act: str) -> HttpResponse:
    """Do the act to every marked case: back to the list where all went well, else a table says what became of each."""
    actor = require_actor(request)
    if act not in LABELS:
        raise NotFound(_("这个操作"))
    back = _back(request)
    marked = [str(one) for one in request.POST.getlist("key")]
    if not marked:
        messages.warning(request, _("请先选中要办的件（点行首的方框，或按 x）。"))
        return redirect(back)
    rows = commands.do_many(actor=actor, act=act, case_nos=marked)
    done = sum(one.outcome == "done" for one in rows)
    if done == len(rows):
        said = ngettext("已%(label)s %(n)d 件。", "已%(label)s %(n)d 件。", done)
        messages.success(request, said % {"label": _(LABELS[act]), "n": done})
        return redirect(back)
    context = {
        "act": act,
        "label": _(LABELS[act]),
        "rows": sorted(rows, key=lambda one: ("refused", "unchanged", "done").index(one.outcome)),
        "done": done,
        "unchanged": sum(one.outcome == "unchanged" for one in rows),
        "refused": sum(one.outcome == "refused" for one in rows),
        "left": len(set(marked)) - len(rows),
        "back": back,
    }
    return render(request, "cases/desk/batch.html", context)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("desk:panel", args=["cases"])
