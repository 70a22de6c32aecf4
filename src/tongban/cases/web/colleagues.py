"""What colleagues share on a case page: who has it open, notes that call, files of opinions; the page of calls."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.cases import commands, queries
from tongban.cases.queries.colleagues import Beside
from tongban.cases.states import Act
from tongban.cases.web.reading import stored_uploads, whole_number
from tongban.identity.queries import require_actor, staff_required
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound


def context_of(actor: Actor, page: queries.CasePage, beside: tuple[Beside, ...]) -> dict[str, Any]:
    """What the case page shows of colleagues; that the actor has read the notes that call them is kept on the way."""
    notes, people = queries.notes_of(actor, page.case), queries.callable_on(actor, page.case)
    if any(one.calls_me for one in notes):
        commands.read_mentions(actor=actor, case_no=page.case.case_no)
    mine = {one.step.pk for one in page.acts if one.step is not None and one.act in {Act.COMPLETE_STEP, Act.DECIDE}}
    return {
        "beside": beside,
        "beside_known": _known(beside),
        "notes": notes,
        "people": people,
        "attachable": mine,
        "me": actor.account_id,
        "note_max": commands.NOTE_MAX,
    }


@require_POST
@staff_required()
def presence(request: HttpRequest, case_no: str) -> HttpResponse:
    """Keep that the case is still open here; who else has it, where that differs from what the page knows."""
    beside = commands.look_in(actor=require_actor(request), case_no=case_no)
    known = _known(beside)
    if request.POST.get("known") == known:
        return HttpResponse(status=204)
    return render(request, "cases/desk/beside.html", {"beside": beside, "beside_known": known})


def write_note(request: HttpRequest, case_no: str) -> str:
    """Write what the form says as a note; the sentence that says so.

    Raises:
        NotFound, Invalid, CaseRefusal: what the command says.
    """
    call = [whole_number(one) for one in request.POST.getlist("call")[:200]]
    commands.write_note(
        actor=require_actor(request),
        case_no=case_no,
        text=request.POST.get("text", ""),
        call=[one or 0 for one in call],
    )
    return _("留言已存入办件档案，被提醒的同事会在工作台看到。")


def change_files(request: HttpRequest, case_no: str) -> str:
    """Add the posted files to the opinion on a step, or take one away; the sentence that says so.

    Raises:
        NotFound, Invalid, CaseRefusal, FileRefusal: what the commands say.
    """
    actor, step = require_actor(request), request.POST.get("step", "")
    queries.access_case(actor, case_no)
    removed = request.POST.get("remove", "")
    if removed:
        commands.detach_from_step(actor=actor, case_no=case_no, step_key=step, file_id=_identifier(removed))
        return _("附件已撤下。")
    added = stored_uploads(request, actor)
    if not added:
        raise Invalid(fields={"file": _("请选择要附上的文件。")}, code="file_missing")
    for file in added:
        commands.attach_to_step(actor=actor, case_no=case_no, step_key=step, file=file)
    return _("附件已附在意见后，只有工作人员能看到。")


@never_cache
@require_safe
@staff_required()
def mentions(request: HttpRequest) -> HttpResponse:
    """Notes that call the reader, the latest first."""
    page = queries.mentions_of(require_actor(request), cursor=request.GET.get("cursor", ""))
    return render(request, "cases/desk/mentions.html", {"page": page})


def after(request: HttpRequest, case_no: str, said: str, place: str) -> HttpResponse:
    """Back to this place of the case page, with the sentence."""
    messages.success(request, said)
    return redirect(f"{reverse('cases:case', args=[case_no])}#{place}")


def _known(beside: tuple[Beside, ...]) -> str:
    return "|".join(f"{one.name}{'+' if one.at_work else ''}" for one in beside)


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(_("这个文件")) from None
