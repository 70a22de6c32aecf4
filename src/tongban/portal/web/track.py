"""Progress for whoever has the number and the query password: no account, nothing remembered beyond half an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.base import moment
from tongban.cases import queries
from tongban.cases.models import Case
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import NotFound, TooMany
from tongban.portal.web.progress import entries_of

#: Key in the session, and for how long one look lasts.
KEY = "portal.track"
LASTS_MIN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """The form; with the right number and password on to the page."""
    typed = {"case_no": request.POST.get("case_no", request.GET.get("no", ""))[:80]}
    if request.method != "POST":
        return render(request, "portal/track.html", {"typed": typed})
    number, password = typed["case_no"].strip(), request.POST.get("password", "").strip()
    errors = {}
    if not number:
        errors["case_no"] = _("请输入办件编号，在收件凭证、受理通知书或短信里。")
    if not password:
        errors["password"] = _("请输入查询密码，提交后的页面和短信里有。")
    if errors:
        return render(request, "portal/track.html", {"typed": typed, "errors": errors}, status=422)
    try:
        case = queries.track(number, password, address=str(request.META.get("REMOTE_ADDR", "")) or "unknown")
    except NotFound:
        errors["case_no"] = _("没有找到，编号或者查询密码不对。请对照短信或收件凭证再输一次。")
        return render(request, "portal/track.html", {"typed": typed, "errors": errors}, status=422)
    except TooMany as refusal:
        return render(
            request, "portal/track.html", {"typed": typed, "errors": {"case_no": refusal.message}}, status=429
        )
    until = moment.now() + timedelta(minutes=LASTS_MIN)
    request.session[KEY] = {"case_no": case.case_no, "until": until.isoformat()}
    return redirect("portal:track_view")


@require_safe
@never_cache
def view(request: HttpRequest) -> HttpResponse:
    """How the case stands: names masked, no papers."""
    case = _case(request)
    if case is None:
        return redirect("portal:track")
    found = queries.progress(case)
    context = {"progress": found, "case": case, "entries": entries_of(found, papers=False), "minutes": LASTS_MIN}
    return render(request, "portal/track_view.html", context)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Stop looking at once, for the next person at a shared screen."""
    request.session.pop(KEY, None)
    return redirect("portal:track")


def _case(request: HttpRequest) -> Case | None:
    kept = request.session.get(KEY)
    if not kept:
        return None
    if datetime.fromisoformat(kept["until"]) < moment.now():
        request.session.pop(KEY, None)
        return None
    # The password was right within the last half hour: that is the permission.
    return queries.access_case(SYSTEM, kept["case_no"])
