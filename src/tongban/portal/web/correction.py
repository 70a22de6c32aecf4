"""The answer to the correction notice: only its defects, each beside what to do; then the signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.base.web import site
from tongban.cases.queries import Reusable, marked_pages, reusable_in_correction
from tongban.catalogue import forms
from tongban.catalogue.queries import address_choices, division_name
from tongban.documents.queries import latest
from tongban.files import commands as files
from tongban.identity.queries import citizen_required, require_actor
from tongban.kernel.problems import NotFound, Refusal
from tongban.portal import commands
from tongban.portal.corrections import Answer, Wanted, answer_of
from tongban.portal.web import signing
from tongban.portal.web.apply_confirm import text_download
from tongban.portal.web.apply_materials import not_reusable
from tongban.portal.web.posting import sent_from
from tongban.portal.web.uploads import take


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def write(request: HttpRequest, case_no: str) -> HttpResponse:
    """Show the defects; posted, keep the fields, and on to signing when nothing is missing."""
    actor = require_actor(request)
    answer = answer_of(actor, case_no)
    if request.method != "POST":
        return _page(request, answer)
    data = forms.clean(answer.schema, request.POST)
    commands.save_correction_form(actor=actor, case_no=case_no, form=data)
    if request.POST.get("autosave"):
        return HttpResponse(status=204)
    answer = answer_of(actor, case_no)
    if answer.problems:
        return _page(request, answer, answer.problems)
    return redirect("portal:correction_sign", case_no=case_no)


@sent_from("portal:correction")
@citizen_required
def add(request: HttpRequest, case_no: str) -> HttpResponse:
    """Take files for one material of the notice."""
    actor = require_actor(request)
    key = request.POST.get("key", "")[:50]

    def keep(stream: IO[bytes], name: str) -> None:
        commands.add_correction_file(actor=actor, case_no=case_no, material_key=key, stream=stream, filename=name)

    wrong = take(request, keep)
    if wrong:
        return _page(request, answer_of(actor, case_no), {f"material.{key}": "".join(wrong)})
    return redirect(reverse("portal:correction", args=[case_no]) + f"#m-{key}")


@sent_from("portal:correction")
@citizen_required
def reuse(request: HttpRequest, case_no: str) -> HttpResponse:
    """Use what was handed in with an earlier case for one material of the notice."""
    actor = require_actor(request)
    answer = answer_of(actor, case_no)
    key = request.POST.get("key", "")[:50]
    try:
        file_id = UUID(request.POST.get("file", ""))
        commands.reuse_correction_file(actor=actor, case_no=case_no, material_key=key, file_id=file_id)
    except (ValueError, NotFound):
        return _page(request, answer, {f"material.{key}": not_reusable()})
    except Refusal as refusal:
        return _page(request, answer, {f"material.{key}": refusal.message})
    return redirect(reverse("portal:correction", args=[case_no]) + f"#m-{key}")


@sent_from("portal:correction")
@citizen_required
def remove(request: HttpRequest, case_no: str) -> HttpResponse:
    """Take a file back."""
    actor = require_actor(request)
    try:
        file_id = UUID(request.POST.get("file", ""))
    except ValueError:
        return redirect("portal:correction", case_no=case_no)
    commands.remove_correction_file(actor=actor, case_no=case_no, file_id=file_id)
    return redirect("portal:correction", case_no=case_no)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def sign(request: HttpRequest, case_no: str) -> HttpResponse:
    """What is handed in, its digest, the signature."""
    actor = require_actor(request)
    if request.method != "POST":
        answer = answer_of(actor, case_no)
        if answer.problems:
            return redirect("portal:correction", case_no=case_no)
        return _sign_page(request, answer)
    try:
        sent = commands.send_correction(actor=actor, case_no=case_no, proof=signing.proof_of(request, actor))
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.code == "no_correction_open":
            return redirect("portal:case", case_no=case_no)
        return _sign_page(request, answer_of(actor, case_no), refusal)
    if sent.correction.in_pre_review:
        messages.success(request, _("补齐的内容已提交，还是原来的办件编号。受理期限照常计算，结果会短信告诉您。"))
    else:
        messages.success(request, _("补正材料已提交。受理期限从今天起重新计算，结果会短信告诉您。"))
    return redirect("portal:case", case_no=case_no)


@never_cache
@require_safe
@citizen_required
def content(request: HttpRequest, case_no: str) -> HttpResponse:
    """The exact bytes that are signed."""
    return text_download(answer_of(require_actor(request), case_no).content, f"correction-{case_no}.txt")


@sent_from("portal:correction_sign")
@citizen_required
def send_code(request: HttpRequest, case_no: str) -> HttpResponse:
    """Send the code for signing."""
    actor = require_actor(request)
    answer_of(actor, case_no)
    signing.send_code(request, actor)
    return redirect(reverse("portal:correction_sign", args=[case_no]) + "?method=phone_code#sign")


def _page(request: HttpRequest, answer: Answer, errors: Mapping[str, str] | None = None) -> HttpResponse:
    errors = dict(errors or {})
    view = forms.form_view(
        answer.schema,
        answer.form,
        answers=answer.case.answers,
        errors=errors,
        divisions=address_choices(site.current().division) if answer.fields else (),
    )
    marked = marked_pages(answer.case)
    earlier = reusable_in_correction(require_actor(request), answer.case)
    notice = latest(answer.case.subject, "correction")
    context: dict[str, Any] = {
        "case": answer.case,
        "answer": answer,
        "form": view,
        "materials": [
            (one, errors.get(f"material.{one.key}", ""), marked.get(one.key, []), _not_taken(one, earlier))
            for one in answer.materials
        ],
        "errors": {
            f"m-{key[9:]}" if key.startswith("material.") else f"id_{key}": said for key, said in errors.items()
        },
        "notice": notice,
        "bytes_max": f"{files.BYTES_MAX // 2**20} MB",
    }
    return render(request, "portal/correction.html", context, status=422 if errors else 200)


def _not_taken(material: Wanted, earlier: Mapping[str, list[Reusable]]) -> list[Reusable]:
    taken = {one.sha256 for one in material.files}
    return [one for one in earlier.get(material.key, []) if one.file.sha256 not in taken]


def _sign_page(request: HttpRequest, answer: Answer, refusal: Refusal | None = None) -> HttpResponse:
    secret_error = refusal.fields.get("secret", "") if refusal else ""
    context: dict[str, Any] = {
        "case": answer.case,
        "answer": answer,
        "lines": forms.in_words(answer.schema, answer.form, answers=answer.case.answers, division_name=division_name),
        "refusal": refusal if refusal and not secret_error else None,
        "secret_error": secret_error,
        "sign_errors": {"secret": secret_error} if secret_error else {},
        **signing.context_of(request, require_actor(request)),
    }
    return render(request, "portal/correction_sign.html", context, status=refusal.status if refusal else 200)
