"""Pages of documents: type a code, see what is verified, compare a file, read one's own documents."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base import rate
from tongban.documents import commands, queries, verify_code
from tongban.documents.web import wording
from tongban.identity.queries import actor_of_request
from tongban.kernel.problems import NotFound

#: Larger files are no documents of ours.
UPLOAD_BYTES_MAX = 20 * 1024 * 1024
#: Look-ups of one address: more than a clerk with a pile of papers does, far less than a search needs.
LOOKUPS_MAX, LOOKUPS_PER_S = 60, 60


@require_safe
@never_cache
def verify_form(request: HttpRequest) -> HttpResponse:
    """The form for typing a code; with `?code=` on to its page, or what is wrong with it."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return render(request, "documents/verify_form.html", {"typed": ""})
    code = verify_code.read(typed)
    if code is not None:
        return redirect("documents:verify", code=code)
    error = _("核验码是 16 位字母和数字，不含 0、1、I、L、O、U。请对照文书下方的核验码重新输入。")
    return render(request, "documents/verify_form.html", {"typed": typed, "error": error}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What a verifier may know; a posted file is compared with the one we keep."""
    rate.hit(bucket="documents.verify", key=_address(request), limit=LOOKUPS_MAX, per_s=LOOKUPS_PER_S)
    thing = queries.by_verify_code(code)
    if thing is None:
        return render(request, "documents/verify_absent.html", {"typed": code[:40]}, status=404)
    words = wording.of(thing)
    context = {"thing": thing, "words": words}
    if request.method != "POST":
        return render(request, "documents/verify.html", context)
    brought = request.FILES.get("file")
    error = _fault(brought)
    if error or not isinstance(brought, UploadedFile):
        return render(request, "documents/verify.html", {**context, "file_error": error}, status=422)
    comparison = queries.compare(code, brought.read())
    if comparison is None:
        raise NotFound(_("这份文书"))
    return render(request, "documents/verify.html", {**context, "result": wording.of_comparison(comparison)})


@require_safe
@never_cache
def pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The file of a document, for those it concerns; `?download=1` saves it instead of showing it."""
    actor = actor_of_request(request)
    if actor is None:
        raise NotFound(_("这份文书"))
    copy = commands.open_copy(actor=actor, public_id=public_id)
    response = HttpResponse(copy.pdf, content_type="application/pdf")
    disposition = "attachment" if request.GET.get("download") else "inline"
    response["Content-Disposition"] = (
        f"{disposition}; filename=\"document.pdf\"; filename*=UTF-8''{quote(copy.filename)}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _fault(brought: object) -> str:
    if not isinstance(brought, UploadedFile):
        return _("请先选择要核对的 PDF 文件。")
    if (brought.size or 0) > UPLOAD_BYTES_MAX:
        return _("文件超过 20 MB，不是本平台出具的文书。请选择下载时的原文件。")
    head = brought.read(1024)
    brought.seek(0)
    if b"%PDF-" not in head:
        return _("这不是 PDF 文件。请选择下载时的原文件，不要用截图、照片或者打印后的扫描件。")
    return ""


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) or "unknown"
