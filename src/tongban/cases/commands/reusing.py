"""Filling a material of a draft, or of a correction, from a file that the same applicant handed in before."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases.commands import opening
from tongban.cases.commands.drafts import saved, writable
from tongban.cases.commands.filling import check_material
from tongban.cases.models import Case, Draft, DraftMaterial
from tongban.cases.queries.reusing import Reusable, reusable, reusable_in_correction
from tongban.cases.states import Act
from tongban.catalogue.queries import definition_of
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

#: Kind of owner of a file taken for one material of a correction and not yet handed in; its reference is `place`.
CORRECTION = "correction"


def place(actor: Actor, case: Case, material_key: str) -> str:
    """Where a file waits that the actor took for this material of the case's correction: it fits nowhere else."""
    return f"{case.case_no}/{actor.ref}/{material_key}"


@transaction.atomic
def reuse(*, actor: Actor, draft_id: uuid.UUID | str, material_key: str, file_id: uuid.UUID) -> Draft:
    """Use a file of an earlier case for a material of the same name; a repeated call changes nothing.

    It stays B, needing no original, while a clerk's comparison with it counts; else it is an upload like any other (C).
    `file_id`: public identifier of a file that `queries.reusable` offers.

    Raises:
        NotFound: not offered for this material: another applicant's, not to be seen, no longer valid, or no such file.
        Invalid: the guide does not ask for such a material here, or too many files.
        CaseRefusal: the draft was submitted already.
    """
    draft = writable(actor, draft_id)
    given = DraftMaterial.objects.filter(draft=draft, key=material_key)
    if given.filter(file__copied_from__public_id=file_id).exists():
        return draft
    check_material(draft, definition_of(draft.item_version), material_key, given=given.count())
    file = _share(actor, reusable(actor, draft).get(material_key, []), file_id, "draft", str(draft.public_id))
    DraftMaterial.objects.create(draft=draft, key=material_key, file=file, added_at=moment.now())
    return saved(draft)


@transaction.atomic
def reuse_in_correction(*, actor: Actor, case_no: str, material_key: str, file_id: uuid.UUID) -> StoredFile:
    """Take a file of an earlier case for a material that the notice names; a repeated call gives the same file.

    It is handed in by `submit_correction`, for this material only, with the trust of `reuse`; one that is not goes
    like an upload. `file_id`: public identifier of a file that `queries.reusable_in_correction` offers.

    Raises:
        NotFound: not offered for this material: another applicant's, not to be seen, no longer valid, or no such file.
        NotFound, CaseRefusal: the case is not to be seen, not in this state, not the applicant.
    """
    case = opening.take(actor, case_no, Act.SUBMIT_CORRECTION)
    there = place(actor, case, material_key)
    taken = StoredFile.objects.filter(owner_kind=CORRECTION, owner_ref=there, copied_from__public_id=file_id).first()
    if taken is not None:
        return taken
    return _share(actor, reusable_in_correction(actor, case).get(material_key, []), file_id, CORRECTION, there)


def _share(actor: Actor, offered: list[Reusable], file_id: uuid.UUID, owner_kind: str, owner_ref: str) -> StoredFile:
    found = next((one for one in offered if one.file.public_id == file_id), None)
    if found is None:
        raise NotFound(_("这份以前交过的材料"), code="material_not_reusable")
    level = "B" if found.checked_at else "C"
    return files.share(found.file, owner_kind, owner_ref, actor=actor, trust_level=level, checked_at=found.checked_at)
