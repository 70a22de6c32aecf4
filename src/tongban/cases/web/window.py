"""The window: a clerk files for whoever stands there, with or without account, phone or mainland ID."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.cases import commands, queries
from tongban.cases.models import Case, Draft
from tongban.cases.queries.window import TEXT_MAX
from tongban.cases.states import Act, State
from tongban.cases.web import window_body, window_page
from tongban.cases.web.reading import stored_upload, stored_uploads
from tongban.documents.queries import latest
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal

#: From this length on, what is typed may be the number of a case.
CASE_NO_MIN = 30


@never_cache
@require_safe
@staff_required()
def choose(request: HttpRequest) -> HttpResponse:
    """Find the item that is applied for, or a case by its number; go on with what was interrupted."""
    actor = require_actor(request)
    if not queries.window_posts(actor):
        raise NotFound(_("这个窗口"))
    text = request.GET.get("q", "")
    number = "".join(text.split()).upper()
    if len(number) >= CASE_NO_MIN and queries.cases_of(actor).filter(case_no=number).exists():
        return redirect("cases:case", case_no=number)
    found = queries.window_items(actor, text=text)
    drafts = queries.window_drafts(actor)
    context = {"items": found, "text": text[:TEXT_MAX], "drafts": window_page.draft_rows(drafts[:6])}
    return render(request, "cases/window/choose.html", context | {"more_drafts": len(drafts) > 6})


@never_cache
@require_safe
@staff_required()
def drafts(request: HttpRequest) -> HttpResponse:
    """What this clerk began and has not submitted."""
    actor = require_actor(request)
    rows = window_page.draft_rows(queries.window_drafts(actor))
    return render(request, "cases/window/drafts.html", {"drafts": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def start(request: HttpRequest, task_code: str) -> HttpResponse:
    """Who applies, and who acts for them."""
    actor = require_actor(request)
    version, post = queries.window_item(actor, task_code)
    if request.method != "POST":
        return render(request, "cases/window/start.html", window_page.start_context(version, post, QueryDict()))
    try:
        draft = commands.start_window_draft(
            actor=actor,
            version_id=version.pk,
            organisation_id=post.organisation_id,
            applicant=window_body.applicant(request.POST),
            agent=window_body.agent(request.POST),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        context = window_page.start_context(version, post, request.POST, refusal)
        return render(request, "cases/window/start.html", context, status=refusal.status)
    known = window_page.known_of(draft)
    if known:
        commands.save_form(actor=actor, draft_id=draft.public_id, data=known)
    return redirect("cases:window_draft", draft_id=draft.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Everything about the application on one page; posted, it is kept and (with `go=sign`) checked."""
    actor = require_actor(request)
    found = queries.access_draft(actor, draft_id)
    if found.case is not None:
        return redirect("cases:window_done", case_no=found.case.case_no)
    if request.method != "POST":
        return _draft_page(request, found)
    go = request.POST.get("go", "")
    if go == "discard":
        commands.discard_draft(actor=actor, draft_id=draft_id)
        messages.success(request, _("这份暂存的申请已删除。"))
        return redirect("cases:window")
    try:
        found = window_body.save(actor, found, request.POST)
    except NotFound:
        raise
    except Refusal as refusal:
        return _draft_page(request, found, refusal=refusal)
    if request.POST.get("autosave"):
        return HttpResponse(status=204)
    if go != "sign":
        return redirect(reverse("cases:window_draft", args=[draft_id]) + ("#form" if go == "answers" else ""))
    if not commands.look_over(found).complete:
        return _draft_page(request, found, checked=True)
    return redirect("cases:window_submit", draft_id=draft_id)


@require_POST
@staff_required()
def attach(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Hand in a file for a material, use one that was handed in before, or take one back."""
    actor = require_actor(request)
    found = queries.access_draft(actor, draft_id)
    key = request.POST.get("material", "")
    try:
        removed = request.POST.get("remove")
        if removed:
            commands.detach(actor=actor, draft_id=draft_id, file_id=window_body.file_id(removed))
        reused = request.POST.get("reuse")
        if reused:
            commands.reuse(actor=actor, draft_id=draft_id, material_key=key, file_id=window_body.file_id(reused))
        for stored in stored_uploads(request, actor):
            commands.attach(actor=actor, draft_id=draft_id, material_key=key, file=stored)
    except NotFound:
        raise
    except Refusal as refusal:
        return _draft_page(request, found, refusal=refusal, material=key)
    return redirect(reverse("cases:window_draft", args=[draft_id]) + "#materials")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def submit(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The letter that the applicant reads and signs; posted, the application is submitted and received."""
    actor = require_actor(request)
    found = queries.access_draft(actor, draft_id)
    if found.case is not None:
        return redirect("cases:window_done", case_no=found.case.case_no)
    if request.method != "POST":
        return _letter(request, found)
    try:
        proof = window_body.proof(request.POST)
        paper = stored_upload(actor, request.FILES.get("paper"))
        done = commands.file_at_window(actor=actor, draft_id=draft_id, proof=proof, paper=paper)
    except NotFound:
        raise
    except Refusal as refusal:
        return _letter(request, queries.access_draft(actor, draft_id), refusal)
    return redirect("cases:window_done", case_no=done.case.case_no)


@never_cache
@require_safe
@staff_required()
def done(request: HttpRequest, case_no: str) -> HttpResponse:
    """Number, query password and receipt to hand over; the next act on the spot."""
    actor = require_actor(request)
    case = queries.access_case(actor, case_no)
    if not _filed_by(actor, case):
        raise NotFound(_("这个办件"), code="case_not_found")
    acts = queries.possible_acts(actor, case)
    context = {
        "case": case,
        "applicant": case.applicant["name"],
        "receipt": latest(case.subject, "receipt"),
        "acceptance": latest(case.subject, "acceptance"),
        "may_accept": any(one.act == Act.ACCEPT for one in acts),
        "instant": window_page.is_instant(case.item_version),
        "received": State(case.state) != State.SUBMITTED,
    }
    return render(request, "cases/window/done.html", context)


def _filed_by(actor: Actor, case: Case) -> bool:
    return Draft.objects.filter(case=case, clerk_id=actor.account_id).exists()


def _draft_page(
    request: HttpRequest, draft: Draft, *, refusal: Refusal | None = None, material: str = "", checked: bool = False
) -> HttpResponse:
    context: dict[str, Any] = window_page.draft_context(
        draft,
        refusal=refusal,
        material=material,
        checked=checked,
        earlier=queries.reusable(require_actor(request), draft),
    )
    status = refusal.status if refusal else 422 if checked else 200
    return render(request, "cases/window/draft.html", context, status=status)


def _letter(request: HttpRequest, draft: Draft, refusal: Refusal | None = None) -> HttpResponse:
    application = commands.look_over(draft)
    if not application.complete:
        return _draft_page(request, draft, checked=True)
    context = window_page.letter_context(application, refusal)
    return render(request, "cases/window/letter.html", context, status=refusal.status if refusal else 200)
