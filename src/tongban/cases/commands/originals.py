"""Comparing uploads with their originals: from C to B (domain.md 2.8)."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.cases import events
from tongban.cases.commands import opening
from tongban.cases.models import CaseMaterial
from tongban.cases.states import Act
from tongban.files import commands as files
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


@transaction.atomic
def check_original(*, actor: Actor, case_no: str, file_id: uuid.UUID) -> CaseMaterial:
    """Record that the original of an uploaded file was seen and agrees (window check, level B).

    `file_id`: public identifier of a file that stands for a material now. Checked already changes nothing.

    Raises:
        NotFound: the case has no such file now.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.CHECK_ORIGINAL)
    found = case.materials.filter(current=True, file__public_id=file_id).select_related("file").first()
    if found is None or found.file is None:
        raise NotFound(_("这份材料"), code="material_not_found")
    if found.trust_level != "C":
        return found
    found.trust_level = "B"
    found.save(update_fields=["trust_level"])
    files.set_trust_level(found.file, "B", actor=actor)
    event = events.OriginalChecked(material=found.key, file=str(found.file.public_id), sha256=found.file.sha256)
    opening.tell(case, event, actor=actor)
    return found
