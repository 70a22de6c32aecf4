"""Filling a material from a file that the same applicant handed in before."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases.commands.drafts import saved, writable
from tongban.cases.commands.filling import check_material
from tongban.cases.models import Draft, DraftMaterial
from tongban.cases.queries.reusing import reusable
from tongban.catalogue.queries import definition_of
from tongban.files import commands as files
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


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
    offered = reusable(actor, draft).get(material_key, [])
    found = next((one for one in offered if one.file.public_id == file_id), None)
    if found is None:
        raise NotFound(_("这份以前交过的材料"), code="material_not_reusable")
    level = "B" if found.checked_at else "C"
    file = files.share(
        found.file, "draft", str(draft.public_id), actor=actor, trust_level=level, checked_at=found.checked_at
    )
    DraftMaterial.objects.create(draft=draft, key=material_key, file=file, added_at=moment.now())
    return saved(draft)
