"""Comparing uploads with their originals: from C to B (domain.md 2.8)."""

import uuid
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events
from tongban.cases.commands import opening
from tongban.cases.models import CaseMaterial
from tongban.cases.states import Act
from tongban.files import commands as files
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound


@transaction.atomic
def check_original(*, actor: Actor, case_no: str, file_id: uuid.UUID, valid_to: date | None = None) -> CaseMaterial:
    """Record that the original of an uploaded file was seen and agrees: it can be used again without it (level B).

    `file_id`: public identifier of a file that stands for a material now. Checked already changes nothing.
    `valid_to`: last day for which the original is valid; None where it names none.

    Raises:
        Invalid: the original is not valid any more (field `valid_to`).
        NotFound: the case has no such file now.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.CHECK_ORIGINAL)
    found = case.materials.filter(current=True, file__public_id=file_id).select_related("file").first()
    if found is None or found.file is None:
        raise NotFound(_("这份材料"), code="material_not_found")
    if found.trust_level != "C":
        return found
    if valid_to is not None and valid_to < moment.today():
        sentence = _("原件已经过了有效期，不能记为核对一致。请一次性告知申请人换交有效的。")
        raise Invalid(sentence, fields={"valid_to": sentence}, code="original_expired")
    found.trust_level = "B"
    found.save(update_fields=["trust_level"])
    files.set_trust_level(found.file, "B", actor=actor, valid_to=valid_to)
    event = events.OriginalChecked(material=found.key, file=str(found.file.public_id), sha256=found.file.sha256)
    opening.tell(case, event, actor=actor)
    return found
