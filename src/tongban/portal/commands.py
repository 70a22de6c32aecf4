"""Writing and handing in the answer to a correction notice, from the citizen's channel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import commands as cases
from tongban.cases.models import Case
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound
from tongban.portal.corrections import answer_of, open_case
from tongban.portal.models import CorrectionDraft, CorrectionFile

#: Files for one material, as for an application.
FILES_MAX = 20


@transaction.atomic
def save_correction_form(*, actor: Actor, case_no: str, form: Mapping[str, Any]) -> CorrectionDraft:
    """Keep the fields that the notice names, as far as they are written; what it does not name is dropped.

    Raises:
        NotFound, PortalRefusal: not the actor's case, or nothing is to be corrected.
    """
    case = open_case(actor, case_no, lock=True)
    named = {one["key"] for one in case.correction.defects if one["kind"] == "field"}
    draft = _draft(case)
    draft.form = {key: value for key, value in form.items() if key in named}
    draft.updated_at = moment.now()
    draft.save(update_fields=["form", "updated_at"])
    return draft


def add_correction_file(
    *, actor: Actor, case_no: str, material_key: str, stream: IO[bytes], filename: str
) -> CorrectionFile:
    """Look at a file and keep it for a material that the notice names.

    Raises:
        FileRefusal: the file cannot be taken.
        Invalid: the notice does not ask for this, or too many files.
        NotFound, PortalRefusal: not the actor's case, or nothing is to be corrected.
    """
    case = open_case(actor, case_no)
    if material_key not in {one["key"] for one in case.correction.defects if one["kind"] == "material"}:
        raise Invalid(_("补正告知书没有要求这份材料，请不要提交。"), code="material_not_asked")
    with transaction.atomic():
        draft = _draft(open_case(actor, case_no, lock=True))
        stored = files.store(
            actor=actor, stream=stream, filename=filename, owner_kind=cases.UPLOAD, owner_ref=actor.ref
        )
        return _put(actor, draft, material_key, stored)


@transaction.atomic
def reuse_correction_file(*, actor: Actor, case_no: str, material_key: str, file_id: uuid.UUID) -> CorrectionFile:
    """Use a file of an earlier case for a material that the notice names; a repeated call changes nothing.

    Raises:
        Invalid: too many files.
        NotFound: not offered (`cases.queries.reusable_in_correction`), or not the actor's case.
        PortalRefusal: nothing is to be corrected.
    """
    draft = _draft(open_case(actor, case_no, lock=True))
    taken = cases.reuse_in_correction(actor=actor, case_no=case_no, material_key=material_key, file_id=file_id)
    return CorrectionFile.objects.filter(draft=draft, file=taken).first() or _put(actor, draft, material_key, taken)


def _put(actor: Actor, draft: CorrectionDraft, material_key: str, file: StoredFile) -> CorrectionFile:
    if actor.account_id is None:
        raise NotFound(_("这个办件"), code="case_not_found")
    if CorrectionFile.objects.filter(draft=draft, key=material_key).count() >= FILES_MAX:
        raise Invalid(
            _("一份材料最多交 %(files_max)s 个文件，请合并后再上传。") % {"files_max": FILES_MAX},
            code="material_too_many_files",
        )
    return CorrectionFile.objects.create(
        draft=draft, key=material_key, file=file, uploaded_by_id=actor.account_id, added_at=moment.now()
    )


@transaction.atomic
def remove_correction_file(*, actor: Actor, case_no: str, file_id: uuid.UUID) -> None:
    """Take a file back before it is handed in; one that is gone is no error.

    Raises:
        NotFound, PortalRefusal: not the actor's case, or nothing is to be corrected.
    """
    case = open_case(actor, case_no, lock=True)
    rows = CorrectionFile.objects.filter(
        draft__case=case, uploaded_by_id=actor.account_id, file__public_id=file_id
    ).select_related("file")
    for row in rows:
        row.delete()
        files.discard(row.file, actor=actor)


def send_correction(*, actor: Actor, case_no: str, proof: cases.SignatureProof) -> Case:
    """Sign the answer and hand it in.

    Raises:
        Invalid: something the notice names is missing or wrong, or the proof is.
        CaseRefusal: the content is no longer what was signed, or the notice was answered already.
        NotFound, PortalRefusal: not the actor's case, or nothing is to be corrected.
    """
    if actor.account_id is None:
        raise NotFound(_("这个办件"), code="case_not_found")
    answer = answer_of(actor, case_no)
    case = cases.submit_correction(actor=actor, case_no=case_no, form=answer.form, materials=answer.given, proof=proof)
    CorrectionDraft.objects.filter(case=case).delete()
    return case


def _draft(case: Case) -> CorrectionDraft:
    draft, _ = CorrectionDraft.objects.get_or_create(
        case=case, defaults={"form": _as_filed(case), "updated_at": moment.now()}
    )
    return draft


def _as_filed(case: Case) -> dict[str, Any]:
    named = {one["key"] for one in case.correction.defects if one["kind"] == "field"}
    return {key: value for key, value in case.form.items() if key in named}
