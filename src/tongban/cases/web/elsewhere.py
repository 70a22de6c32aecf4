"""What systems in which items are run report, and the button by which a refused case is handed over again."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongban.cases import commands
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.problems import NotFound, Refusal
from tongban.partners import registries as partners
from tongban.partners.problems import PartnerError, SignatureError

_REPORT_BYTES_MAX = 64 * 1024


@csrf_exempt  # The system has no session here; its signature is checked instead.
@require_POST
def reports(request: HttpRequest, system: str) -> HttpResponse:
    """Take a report. What is taken, or was taken before, is answered with 200, so that it ends."""
    if int(request.headers.get("Content-Length") or 0) > _REPORT_BYTES_MAX:
        return _answer({"detail": "too large"}, 413)
    try:
        adapter = partners.running_system(system)
        report = adapter.report(system=system, headers=request.headers, path=request.path, body=request.body)
    except SignatureError:
        return _answer({"detail": "the signature is not valid"}, 401)
    except PartnerError:
        return _answer({"detail": "the report cannot be read"}, 400)
    try:
        applied = commands.take_report(system=system, report=report)
    except Refusal as refusal:
        return _answer({"detail": refusal.code}, refusal.status)
    return _answer({"applied": applied}, 200)


@require_POST
@staff_required()
def again(request: HttpRequest, case_no: str) -> HttpResponse:
    """Hand a refused case over once more; a refusal of ours is told on the case page."""
    try:
        commands.hand_over_again(actor=require_actor(request), case_no=case_no)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已重新排队移交，几秒后刷新本页查看结果。"))
    return redirect("cases:case", case_no)


def _answer(body: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(json.dumps(body), status=status, content_type="application/json")
