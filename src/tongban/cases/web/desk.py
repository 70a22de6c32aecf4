"""The case page of the desk: everything on one screen, the next act first."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.base import moment
from tongban.base.web import navigation
from tongban.cases import commands, queries
from tongban.cases.applicants import PERSON_DOCUMENTS
from tongban.cases.queries.colleagues import Beside
from tongban.cases.states import TO_COMPLETE, Act
from tongban.cases.web import colleagues, serving_forms, writing
from tongban.cases.web.acts import MARK, PAY, REMOVE_MARK, perform
from tongban.cases.web.reading import read_uuid, whole_number
from tongban.cases.web.scanning import scan_query, waiting_scans
from tongban.cases.web.viewer import viewed
from tongban.catalogue import forms
from tongban.files.models import PendingUpload
from tongban.identity import commands as identity
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.codes.document_kinds import DOCUMENT_KINDS
from tongban.kernel.problems import NotFound, Refusal

#: Copies are no act of the case; the refused form is named by what it was to copy.
COPY = "copy"
#: Acts whose form is the one list of what is missing.
_NOTICES = frozenset({Act.REQUEST_CORRECTION, Act.RETURN_IN_PRE_REVIEW})


@never_cache
@require_safe
@staff_required()
def case(request: HttpRequest, case_no: str) -> HttpResponse:
    """The page of one case."""
    return _page(request, case_no)


@never_cache
@require_safe
@staff_required()
def paper(request: HttpRequest, case_no: str) -> HttpResponse:
    """The case as one page to print: personal data masked, nothing to press."""
    actor = require_actor(request)
    page = queries.case_page(actor, case_no)
    context = {"page": page, "case": page.case, "printed_by": actor.name, "now": moment.now()}
    return render(request, "cases/desk/print.html", context)


@require_POST
@staff_required()
def act(request: HttpRequest, case_no: str, act: str) -> HttpResponse:
    """Do one act; a refusal shows the page again with what was typed and what to do."""
    actor = require_actor(request)
    queries.access_case(actor, case_no)
    try:
        said = perform(act, actor, case_no, request.POST, _uploads(request))
    except NotFound:
        raise
    except Refusal as refusal:
        step = request.POST.get("step", "")
        return _page(request, case_no, refusal=refusal, typed=request.POST, tried=f"{act}-{step}" if step else act)
    messages.success(request, said)
    where = reverse("cases:case", args=[case_no])
    shown = request.GET.get("show", "")[:50]
    return redirect(f"{where}?{urlencode({'show': shown})}#view" if shown else where)


@require_POST
@staff_required()
def opinion(request: HttpRequest, case_no: str) -> HttpResponse:
    """Keep what is being written about a step: by itself every few seconds, or at a click (then as a page)."""
    actor = require_actor(request)
    act, step = request.POST.get("act", ""), request.POST.get("step", "")
    try:
        said = writing.save(actor, case_no, request.POST)
    except NotFound:
        raise
    except Refusal as refusal:
        if request.POST.get("autosave"):
            return HttpResponse(refusal.message, status=refusal.status, content_type="text/plain; charset=utf-8")
        return _page(request, case_no, refusal=refusal, typed=request.POST, tried=f"{act}-{step}")
    if request.POST.get("autosave"):
        return HttpResponse(status=204)
    messages.success(request, said)
    return redirect(f"{reverse('cases:case', args=[case_no])}#acts")


@require_POST
@staff_required()
def note(request: HttpRequest, case_no: str) -> HttpResponse:
    """Write an internal note; a refusal shows the page again with what was typed."""
    return _changed(request, case_no, colleagues.write_note, tried="note", place="notes")


@require_POST
@staff_required()
def step_files(request: HttpRequest, case_no: str) -> HttpResponse:
    """Add files to the opinion on a step, or take one away."""
    return _changed(request, case_no, colleagues.change_files, tried="files", place="steps")


def _changed(
    request: HttpRequest, case_no: str, change: Callable[[HttpRequest, str], str], *, tried: str, place: str
) -> HttpResponse:
    try:
        said = change(request, case_no)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, case_no, refusal=refusal, typed=request.POST, tried=tried)
    return colleagues.after(request, case_no, said, place)


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


@require_POST
@staff_required()
def copy(request: HttpRequest, case_no: str) -> HttpResponse:
    """Hand out a copy with a watermark of a file or document, for a stated purpose; it is logged."""
    body = request.POST
    try:
        taken = commands.take_copy(
            actor=require_actor(request),
            case_no=case_no,
            purpose=body.get("purpose", ""),
            file_id=read_uuid(body.get("file", "")),
            document_id=read_uuid(body.get("document", "")),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, case_no, refusal=refusal, typed=body, tried=COPY)
    response = HttpResponse(taken.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(taken.filename)}"
    response["Cache-Control"] = "private, no-store"
    return response


def _uploads(request: HttpRequest) -> dict[str, "UploadedFile[Any]"]:
    return {name: one for name, one in request.FILES.items() if isinstance(one, UploadedFile)}


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
    # That the page is opened is kept first: what is written later would have to be read again.
    beside = commands.look_in(actor=actor, case_no=case_no)
    with queries.reading_case(actor, case_no, *navigation.asked(request, "desk", "desk_user")):
        return _drawn(request, case_no, beside, refusal=refusal, typed=typed, tried=tried, revealed=revealed)


def _drawn(
    request: HttpRequest,
    case_no: str,
    beside: tuple[Beside, ...],
    *,
    refusal: Refusal | None,
    typed: QueryDict | None,
    tried: str,
    revealed: dict[str, str] | None,
) -> HttpResponse:
    actor = require_actor(request)
    page = queries.case_page(actor, case_no, form_in_clear="form" in (revealed or {}))
    before, after = queries.neighbours(actor, case_no)
    errors = refusal.fields if refusal else {}
    scanned = waiting_scans(actor, request.GET, typed)
    tried = tried or (Act.CORRECT_AT_WINDOW if scanned else "")
    context: dict[str, Any] = {
        "page": page,
        "case": page.case,
        "before": before,
        "after": after,
        **viewed(page, request.GET),
        "refusal": refusal,
        "errors": errors,
        "summary": summary(tried, errors),
        "typed": typed or QueryDict(),
        "typed_checklist": typed.getlist("checklist") if typed else [],
        "nothing": {},
        "defect_rows": _defect_rows(page, typed if tried in _NOTICES else None, errors),
        "correction": _correction(page, typed if tried == Act.CORRECT_AT_WINDOW else None, errors, actor, scanned),
        "tried": tried,
        "copying": (typed.get("file") or typed.get("document", "")) if typed and tried == COPY else "",
        "revealed": revealed or {},
        **_choices(),
        "typed_call": [whole_number(one) for one in typed.getlist("call")] if typed else [],
        **colleagues.context_of(actor, page, beside),
        **serving_forms.choices(),
        **writing.context_of(actor, page, conflict=refusal is not None and refusal.code == "opinion_changed_elsewhere"),
    }
    return render(request, "cases/desk/case.html", context, status=refusal.status if refusal else 200)


def summary(tried: str, errors: Mapping[str, str]) -> dict[str, str]:
    """The refused form's errors by the ids of its fields, which stand beside those of other forms on the page."""
    if tried in _NOTICES:
        return {f"what.{key}": words for key, words in errors.items()}
    if tried == COPY:
        return {"copy_purpose": errors["purpose"]} if errors else {}
    if tried in {MARK, REMOVE_MARK, Act.CHECK_ORIGINAL}:
        return {}
    if tried == PAY or tried.startswith("unmask-"):
        return dict(errors)
    return {f"{tried}_{name}": words for name, words in errors.items()}


def _choices() -> dict[str, Any]:
    return {
        "document_kinds": [(code, DOCUMENT_KINDS[code].name) for code in PERSON_DOCUMENTS],
        "yes_no": [("yes", _("同意")), ("no", _("不同意"))],
        "grant_refuse": [("yes", _("准予")), ("no", _("不予"))],
        "relations": [("applicant", _("申请人本人")), ("agent", _("代理人"))],
        "pay_methods": [("code", _("扫码")), ("card", _("刷卡")), ("cash", _("现金"))],
    }


def _defect_rows(page: queries.CasePage, typed: QueryDict | None, errors: Mapping[str, str]) -> dict[str, Any]:
    """A line for each material and form field that the guide asks for: the only things a notice can name.

    Each begins with what colleagues marked.
    """
    schema = page.definition.form
    asked = forms.active_fields(schema, page.case.answers, page.case.form)
    listed = [one.material for one in page.materials if not one.material.generated_from_form]
    wanted = [("material", one.key, one.name) for one in listed]
    wanted += [
        ("field", key, str(field.get("title", key)))
        for key, field in forms.FormSchema(schema).ordered()
        if key in asked
    ]
    marked = queries.words_of_marks(page.marks)
    rows: dict[str, Any] = {"material": [], "field": [], "field_open": False}
    for kind, key, label in wanted:
        name = f"what.{kind}.{key}"
        value = marked.get((kind, key), "") if typed is None else typed.get(name, "")
        row = {
            "key": key,
            "place": f"{kind}.{key}",
            "name": name,
            "label": label,
            "value": value,
            "error": errors.get(f"{kind}.{key}", ""),
        }
        rows[kind].append(row)
        rows["field_open"] = rows["field_open"] or (kind == "field" and bool(row["value"] or row["error"]))
    return rows


def _correction(
    page: queries.CasePage,
    typed: QueryDict | None,
    errors: Mapping[str, str],
    actor: Actor,
    scanned: Mapping[str, PendingUpload],
) -> dict[str, Any] | None:
    """What the notice names, to be taken down at the window; None where nothing is open."""
    if page.case.state not in TO_COMPLETE:
        return None
    schema = queries.named_schema(page.case)
    seen = set(typed.getlist("paper")) if typed else set()
    prefix = f"id_{Act.CORRECT_AT_WINDOW}"
    materials: list[dict[str, Any]] = [
        one
        | {
            "field": f"file.{one['key']}",
            "scan": scanned.get(one["key"]),
            "error": errors.get(one["key"], ""),
            "on": one["key"] in seen,
            "id": f"{prefix}_file_{one['key']}",
            "paper_id": f"{prefix}_paper_{one['key']}",
        }
        for one in queries.named_materials(page.case)
    ]
    data = forms.clean(schema, typed) if typed else page.case.form
    view = forms.form_view(schema, data, answers=page.case.answers, errors=errors if typed else None)
    return {"materials": materials, "view": view, "scan": scan_query(actor, scanned)}
