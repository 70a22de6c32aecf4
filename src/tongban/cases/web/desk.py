"""The case page of the desk: everything on one screen, the next act first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.cases import queries
from tongban.cases.web.acts import perform
from tongban.identity import commands as identity
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.codes.document_kinds import DOCUMENT_KINDS
from tongban.kernel.problems import NotFound, Refusal


@never_cache
@require_safe
@staff_required()
def case(request: HttpRequest, case_no: str) -> HttpResponse:
    """The page of one case."""
    return _page(request, case_no)


@require_POST
@staff_required()
def act(request: HttpRequest, case_no: str, act: str) -> HttpResponse:
    """Do one act; a refusal shows the page again with what was typed and what to do."""
    actor = require_actor(request)
    queries.access_case(actor, case_no)
    try:
        said = perform(act, actor, case_no, request.POST, dict(request.FILES.items()))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, case_no, refusal=refusal, typed=request.POST, tried=act)
    messages.success(request, said)
    return redirect("cases:case", case_no=case_no)


@require_POST
@staff_required()
def unmask(request: HttpRequest, case_no: str) -> HttpResponse:
    """Show one piece of the applicant's data in clear, for a stated purpose; it is logged."""
    actor = require_actor(request)
    field = request.POST.get("field", "")
    try:
        value = identity.unmask(
            actor, subject_kind="case", subject_id=case_no, field=field, purpose=request.POST.get("purpose", "")
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, case_no, refusal=refusal, tried=f"unmask-{field}")
    return _page(request, case_no, revealed={field: value})


def _page(
    request: HttpRequest,
    case_no: str,
    *,
    refusal: Refusal | None = None,
    typed: QueryDict | None = None,
    tried: str = "",
    revealed: dict[str, str] | None = None,
) -> HttpResponse:
    actor = require_actor(request)
    page = queries.case_page(actor, case_no)
    before, after = queries.neighbours(actor, case_no)
    shown = request.GET.get("show", "")
    wanted = next((one for one in page.materials if one.material.key == shown), None)
    first = next((one for one in page.materials if any(row.file for row in one.given)), None)
    context: dict[str, Any] = {
        "page": page,
        "case": page.case,
        "before": before,
        "after": after,
        "selected": wanted or first or next(iter(page.materials), None),
        "refusal": refusal,
        "errors": refusal.fields if refusal else {},
        "typed": typed or QueryDict(),
        "typed_checklist": typed.getlist("checklist") if typed else [],
        "defect_rows": _defect_rows(page, typed or QueryDict(), refusal.fields if refusal else {}),
        "tried": tried,
        "revealed": revealed or {},
        "document_kinds": [(one.code, one.name) for one in DOCUMENT_KINDS.values() if one.code != "001"],
        "yes_no": [("yes", _("同意")), ("no", _("不同意"))],
        "grant_refuse": [("yes", _("准予")), ("no", _("不予"))],
        "relations": [("applicant", _("申请人本人")), ("agent", _("代理人"))],
    }
    return render(request, "cases/desk/case.html", context, status=refusal.status if refusal else 200)


def _defect_rows(page: queries.CasePage, typed: QueryDict, errors: dict[str, str]) -> dict[str, Any]:
    """A line for each material and form field that the guide asks for: the only things a notice can name."""
    schema = page.definition.form.get("properties", {})
    wanted = [("material", one.material.key, one.material.name) for one in page.materials]
    wanted += [("field", key, str(field.get("title", key))) for key, field in schema.items()]
    rows: dict[str, Any] = {"material": [], "field": [], "field_open": False}
    for kind, key, label in wanted:
        name = f"what.{kind}.{key}"
        row = {"name": name, "label": label, "value": typed.get(name, ""), "error": errors.get(key, "")}
        rows[kind].append(row)
        rows["field_open"] = rows["field_open"] or (kind == "field" and bool(row["value"] or row["error"]))
    return rows
