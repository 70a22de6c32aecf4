"""Handing in the materials: what government has is not asked for, the rest is uploaded, photographed or taken back."""

from __future__ import annotations

from typing import IO, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.base.web import formats, site
from tongban.cases import commands, queries
from tongban.cases.models import Draft
from tongban.files import commands as files
from tongban.identity.queries import require_actor
from tongban.kernel.problems import NotFound, Refusal
from tongban.licences.models import Licence
from tongban.portal.web import drafts
from tongban.portal.web.posting import sent_from
from tongban.portal.web.uploads import take


@require_http_methods(["GET", "HEAD", "POST"])
@drafts.applying
def materials(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The list of this situation; posted, on to the next step if nothing is missing."""
    if not drafts.ready_for_form(draft):
        return redirect("portal:situation", draft_id=draft.public_id)
    if request.method != "POST":
        return _page(request, draft)
    missing = [one.material for one in commands.look_over(draft).states if not one.satisfied]
    if missing:
        return _page(request, draft, {one.key: [_("请上传“%(name)s”。") % {"name": one.name}] for one in missing})
    return redirect("portal:service", draft_id=draft.public_id)


@sent_from("portal:materials")
@drafts.applying
def add(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Take files for one material; what was refused is told beside it, the rest is kept."""
    actor = require_actor(request)
    key = request.POST.get("key", "")[:50]

    def keep(stream: IO[bytes], name: str) -> None:
        stored = files.store(actor=actor, stream=stream, filename=name, owner_kind=commands.UPLOAD, owner_ref=actor.ref)
        try:
            commands.attach(actor=actor, draft_id=draft.public_id, material_key=key, file=stored)
        except Refusal:
            files.discard(stored, actor=actor)
            raise

    wrong = take(request, keep)
    if wrong:
        return _page(request, draft, {key: wrong})
    return redirect(reverse("portal:materials", args=[draft.public_id]) + f"#m-{key}")


@sent_from("portal:materials")
@drafts.applying
def remove(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Take a file back out."""
    actor = require_actor(request)
    try:
        file_id = UUID(request.POST.get("file", ""))
    except ValueError:
        return redirect("portal:materials", draft_id=draft.public_id)
    commands.detach(actor=actor, draft_id=draft.public_id, file_id=file_id)
    key = request.POST.get("key", "")[:50]
    return redirect(reverse("portal:materials", args=[draft.public_id]) + f"#m-{key}")


@sent_from("portal:materials")
@drafts.applying
def reuse(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Use what was handed in before for one material."""
    key = request.POST.get("key", "")[:50]
    try:
        file_id = UUID(request.POST.get("file", ""))
        commands.reuse(actor=require_actor(request), draft_id=draft.public_id, material_key=key, file_id=file_id)
    except (ValueError, NotFound):
        return _page(request, draft, {key: [not_reusable()]})
    except Refusal as refusal:
        return _page(request, draft, {key: [refusal.message]})
    return redirect(reverse("portal:materials", args=[draft.public_id]) + f"#m-{key}")


def not_reusable() -> str:
    """What is said of an earlier file that is not offered, or not any more."""
    return _("这份以前交过的材料现在不能用了，可能已过有效期。请重新上传。")


def _page(request: HttpRequest, draft: Draft, errors: dict[str, list[str]] | None = None) -> HttpResponse:
    errors = errors or {}
    states = commands.look_over(draft).states
    earlier = queries.reusable(require_actor(request), draft)
    names = {one.material.key: one.material.name for one in states}
    rows = [
        {
            "number": number,
            "state": one,
            "material": one.material,
            "errors": errors.get(one.material.key, []),
            "earlier": earlier.get(one.material.key, []),
            "licence": licence_rows(one.licence) if one.licence else (),
        }
        for number, one in enumerate(states, start=1)
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "summary": [(key, sentence) for key, found in errors.items() if key in names for sentence in found],
        "exempt": sum(one.how == "licence" for one in states),
        "generated": sum(one.how == "form" for one in states),
        "todo": sum(one.how == "missing" for one in states),
        "here": site.current().base_url + reverse("portal:materials", args=[draft.public_id]),
        "bytes_max": f"{files.BYTES_MAX // 2**20} MB",
    }
    status = 422 if errors else 200
    return drafts.show(request, "portal/apply/materials.html", draft, drafts.MATERIALS, context, status=status)


def licence_rows(licence: Licence) -> list[tuple[str, str]]:
    """What the applicant is shown of a licence that need not be handed in."""
    end = formats.cn_date(licence.valid_to) if licence.valid_to else _("长期")
    return [
        (_("名称"), licence.type.name),
        (_("持有人"), licence.holder_name),
        (_("编号"), licence.number),
        *[(label, str(value)) for label, value in licence.fields.items() if label not in ("名称", "姓名")],
        (_("有效期"), _("%(start)s起，%(end)s") % {"start": formats.cn_date(licence.valid_from), "end": end}),
        (_("发证机关"), licence.issuer_name),
    ]
