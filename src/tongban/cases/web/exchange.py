"""数据汇聚 on the desk: batches for the exchange, what was held back, download."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.cases import commands, queries
from tongban.cases.models import ExchangeBatch
from tongban.directory.models import Division
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal


@never_cache
@require_safe
@staff_required()
def batches(request: HttpRequest) -> HttpResponse:
    """The batches of the actor's division, and the form that orders one."""
    return _list(request, require_actor(request))


@require_POST
@staff_required()
def order(request: HttpRequest) -> HttpResponse:
    """Order a batch; a refusal shows the page again with the reason."""
    actor = require_actor(request)
    numbers = re.split(r"[\s,，、;；]+", request.POST.get("case_numbers", "")[:20_000])
    try:
        batch = commands.order_batch(
            actor=actor,
            reach=request.POST.get("reach") or None,
            mode=request.POST.get("mode", ""),
            case_numbers=numbers,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _list(request, actor, refusal=refusal)
    messages.success(request, _("已开始汇聚，完成后在这里下载。"))
    return redirect("cases:exchange_batch", batch_no=batch.number)


@never_cache
@require_safe
@staff_required()
def batch(request: HttpRequest, batch_no: str) -> HttpResponse:
    """One batch: rows by table, and what was held back with the reason."""
    return _batch(request, require_actor(request), batch_no)


@require_POST
@staff_required()
def download(request: HttpRequest, batch_no: str) -> HttpResponseBase:
    """The batch as a ZIP; who took it is written down before it is packed."""
    actor, form = require_actor(request), request.POST.get("form", "csv")
    try:
        taken = commands.give_out(actor=actor, number=batch_no, form=form)
    except NotFound:
        raise
    except Refusal as refusal:
        return _batch(request, actor, batch_no, refusal=refusal)
    # Sent as it is packed: it has no end that one would have to wait for, and lies on no disk.
    response = StreamingHttpResponse(queries.batch_pieces(taken, form), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{taken.number}-{form}.zip"'
    return response


def _list(request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None) -> HttpResponse:
    page = queries.batches(actor, cursor=request.GET.get("cursor"))
    mine = queries.reaches(actor)
    names = dict(Division.objects.filter(pk__in=mine).values_list("code", "name"))
    context = {
        "page": page,
        "reaches": [(code, names.get(code, code)) for code in mine],
        "modes": [
            ("changes", _("增量"), _("上一批次以后有变动的办件，和上次没能上报的办件。第一次为全量。")),
            ("full", _("全量"), _("核对全部办件，只上报有变动的行。")),
            ("resend", _("重报"), _("按办件编号重新上报，数据版本加一。")),
        ],
        "mode": request.POST.get("mode", "changes"),
        "case_numbers": request.POST.get("case_numbers", ""),
        "refusal": refusal,
        "errors": dict(refusal.fields) if refusal else {},
    }
    return render(request, "cases/desk/exchange.html", context, status=refusal.status if refusal else 200)


def _batch(request: HttpRequest, actor: Actor, batch_no: str, *, refusal: Refusal | None = None) -> HttpResponse:
    page = queries.batch_page(actor, batch_no, cursor=request.GET.get("cursor"))
    context = {
        "batch": page.batch,
        "made": page.batch.state == ExchangeBatch.State.MADE,
        "tables": [(one, page.tables.get(one.name, 0)) for one in queries.EXCHANGE_TABLES],
        "faults": [queries.fault_in_words(one) for one in page.faults.items],
        "page": page.faults,
        "forms": [("csv", "CSV"), ("json", "JSON"), ("xml", "XML")],
        "by": queries.orderer_of(page.batch),
        "refusal": refusal,
    }
    return render(request, "cases/desk/exchange_batch.html", context, status=refusal.status if refusal else 200)
