"""Files that officials add to the opinion on a step: for officials only, fixed once the step is done."""

import uuid
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events
from tongban.cases.commands import opening
from tongban.cases.commands.drafts import UPLOAD
from tongban.cases.commands.steps import open_step
from tongban.cases.models import StepFile
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

#: Kind of owner of such files.
OPINION: Final = "opinion"
FILES_MAX: Final = 20


@transaction.atomic
def attach_to_step(*, actor: Actor, case_no: str, step_key: str, file: StoredFile) -> StepFile:
    """Add a file that the actor has just uploaded to the opinion on an open step; added already changes nothing.

    Raises:
        NotFound: no such case, step or fresh upload of the actor's.
        CaseRefusal: no post for the step, not open, or `files_full`.
    """
    case = opening.take(actor, case_no, Act.COMPLETE_STEP)
    step, _post = open_step(actor, case, step_key, Act.COMPLETE_STEP)
    added = StepFile.objects.filter(step=step, file=file).first()
    if added is not None:
        return added
    if (file.owner_kind, file.owner_ref) != (UPLOAD, actor.ref) or actor.account_id is None:
        raise NotFound(_("这个文件"))
    if StepFile.objects.filter(step=step).count() >= FILES_MAX:
        raise CaseRefusal("files_full", _("一个环节的意见最多附 %d 个文件。") % FILES_MAX)
    kept = files.adopt(file, OPINION, case_no, actor=actor)
    event = events.OpinionFileAdded(step=step.key, file=str(kept.public_id), sha256=kept.sha256)
    opening.tell(case, event, actor=actor)
    return StepFile.objects.create(step=step, file=kept, added_by_id=actor.account_id, added_at=moment.now())


@transaction.atomic
def detach_from_step(*, actor: Actor, case_no: str, step_key: str, file_id: uuid.UUID) -> None:
    """Take a file away that the actor added to the opinion on a step that is still open.

    Raises:
        NotFound: no such case, step or file, or somebody else added it.
        CaseRefusal: no post for the step, or not open.
    """
    case = opening.take(actor, case_no, Act.COMPLETE_STEP)
    step, _post = open_step(actor, case, step_key, Act.COMPLETE_STEP)
    found = StepFile.objects.filter(step=step, file__public_id=file_id, added_by_id=actor.account_id)
    added = found.select_related("file").first()
    if added is None:
        raise NotFound(_("这个文件"))
    event = events.OpinionFileRemoved(step=step.key, file=str(added.file.public_id), sha256=added.file.sha256)
    opening.tell(case, event, actor=actor)
    added.delete()
    files.discard(added.file, actor=actor)
