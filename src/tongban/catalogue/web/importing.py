"""事项导入 on the desk: a file is checked, its report read, its changes handed in for review; and items as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.catalogue import commands
from tongban.catalogue.exchange import writing
from tongban.catalogue.exchange.dictionaries import DEFAULT, DICTIONARIES
from tongban.catalogue.exchange.findings import LEVELS, Finding
from tongban.catalogue.importing.report import ACTS
from tongban.catalogue.models import ItemImport
from tongban.catalogue.queries.exporting import ExportedItems
from tongban.catalogue.queries.imports import exportable_bodies, import_of, imports_of, require_importer
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

#: Lines of a report, and items, that the page shows; the file has all.
_LINES: Final = 200
_ITEMS: Final = 200
_FORMATS: Final = (("xlsx", _("Excel 工作簿")), ("csv", _("CSV（压缩包）")), ("yaml", "YAML"))
_TONES: Final = {"new": "run", "changed": "wait", "state": "pause", "refused": "late"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file and have it checked; the editor's last files; items to take along."""
    actor = require_actor(request)
    require_importer(actor)
    if request.method != "POST":
        return _start(request, actor)
    file = request.FILES.get("file")
    if file is None or not file.size:
        return _start(request, actor, error=_("请选择一个文件。"))
    if file.size > commands.IMPORT_BYTES_MAX:
        return _start(request, actor, error=_("文件超过 10 MB。请分成几个文件，或者请系统管理员用命令行导入。"))
    try:
        kept = commands.check_import(
            actor=actor,
            name=file.name or "",
            data=file.read(),
            dictionary=request.POST.get("dictionary", DEFAULT),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _start(request, actor, error=refusal.message)
    return redirect("catalogue:import_report", import_id=kept.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def report(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What checking found, and what would change; confirmed, it becomes change orders."""
    actor = require_actor(request)
    kept = import_of(actor, import_id)
    if request.method != "POST":
        return _report(request, kept)
    reason = request.POST.get("reason", "")
    try:
        done = commands.confirm_import(actor=actor, public_id=import_id, reason=reason)
    except NotFound:
        raise
    except Invalid as refusal:
        return _report(request, kept, error=refusal.fields.get("reason", ""), refusal=refusal, reason=reason)
    except Refusal as refusal:
        return _report(request, kept, refusal=refusal, reason=reason)
    messages.success(request, _("已生成 %(count)s 张变更单并送审，审核通过后生效。") % {"count": len(done.orders)})
    return redirect("catalogue:import_report", import_id=import_id)


@never_cache
@require_safe
@staff_required()
def findings(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The report as a workbook."""
    kept = import_of(require_actor(request), import_id)
    target = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - the response closes it
    writing.report_xlsx(list(_findings(kept)), target)
    return _download(target, "report.xlsx")


@never_cache
@require_safe
@staff_required()
def export(request: HttpRequest) -> HttpResponseBase:
    """The items of one body as a file that can be imported again."""
    actor = require_actor(request)
    require_importer(actor)
    form, code = request.GET.get("format", "xlsx"), request.GET.get("organisation", "")
    if form not in writing.WRITERS or code not in {body.code for body in exportable_bodies(actor)}:
        raise NotFound(_("这些事项"))
    target = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - the response closes it
    dictionary = DICTIONARIES.get(request.GET.get("dictionary", ""), DICTIONARIES[DEFAULT])
    writing.WRITERS[form](ExportedItems(organisation=code), dictionary, target)
    return _download(target, f"items-{code}.{writing.EXTENSIONS[form]}")


def _download(target: IO[bytes], name: str) -> FileResponse:
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name)


def _start(request: HttpRequest, actor: Actor, error: str = "") -> HttpResponse:
    context = {
        "error": error,
        "errors": {"file": error} if error else {},
        "kept": imports_of(actor),
        "dictionaries": [(one.name, one.title) for one in DICTIONARIES.values()],
        "dictionary": request.POST.get("dictionary", DEFAULT),
        "bodies": [(body.code, body.name) for body in exportable_bodies(actor)],
        "formats": _FORMATS,
    }
    return render(request, "catalogue/desk/import.html", context, status=422 if error else 200)


def _report(
    request: HttpRequest, kept: ItemImport, *, error: str = "", refusal: Refusal | None = None, reason: str = ""
) -> HttpResponse:
    wrong = sum(1 for one in kept.findings if one[0] == LEVELS["error"])
    context = {
        "kept": kept,
        "is_open": kept.state == ItemImport.State.CHECKED,
        "to_change": any(one["act"] in ("new", "changed", "state") for one in kept.outcomes),
        "counts": list(kept.counts.items()),
        "findings": list(_findings(kept))[:_LINES],
        "wrong": wrong,
        "told": len(kept.findings) - wrong,
        "more_findings": max(0, len(kept.findings) - _LINES),
        "items": [{**one, "word": ACTS[one["act"]], "tone": _TONES[one["act"]]} for one in kept.outcomes[:_ITEMS]],
        "more_items": max(0, len(kept.outcomes) - _ITEMS),
        "refusal": refusal if not error else None,
        "errors": {"reason": error} if error else {},
        "reason": reason,
    }
    return render(request, "catalogue/desk/import_report.html", context, status=422 if refusal else 200)


def _findings(kept: ItemImport) -> Iterator[Finding]:
    for level, sheet, row, field, value, message, hint in kept.findings:
        severity = "error" if level == LEVELS["error"] else "warning"
        yield Finding(
            sheet=sheet,
            row=int(row or 0),
            field=field,
            value=value,
            message=message,
            hint=hint,
            severity="error" if severity == "error" else "warning",
        )
