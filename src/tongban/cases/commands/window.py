"""At the window, in one sitting: the signed application is submitted and received at once."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.cases.commands.drafts import check_own_upload
from tongban.cases.commands.reception import receive
from tongban.cases.commands.submitting import Submitted, submit
from tongban.cases.signing import SignatureProof
from tongban.cases.states import State
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid


@transaction.atomic
def file_at_window(
    *, actor: Actor, draft_id: uuid.UUID | str, proof: SignatureProof, paper: StoredFile | None = None
) -> Submitted:
    """Submit a window draft that the applicant signed by hand in front of the clerk, and give the receipt.

    `proof.evidence` holds the pen strokes of a signature pad, or `paper_kept` where the signed sheet stays in the file;
    `paper` is its scan. Sent twice, the second finds the case.

    Raises:
        Invalid: no signature in any of these ways, or the application is incomplete.
        CaseRefusal: the content is no longer what was signed, or this clerk may not receive it.
        NotFound: not the clerk's draft or file.
    """
    check_hand(proof.evidence, paper)
    if paper is not None:
        check_own_upload(actor, paper)
        scan = {"paper": str(paper.public_id), "paper_sha256": paper.sha256}
        proof = replace(proof, evidence={**proof.evidence, **scan})
    done = submit(actor=actor, draft_id=draft_id, proof=proof)
    if paper is not None and not done.repeated:
        files.adopt(paper, "case", done.case.case_no, actor=actor)
    if State(done.case.state) == State.SUBMITTED:
        case = receive(actor=actor, case_no=done.case.case_no)
        return replace(done, case=case)
    return done


def check_hand(evidence: Mapping[str, Any], paper: StoredFile | None = None) -> None:
    """Refuse what nobody signed: neither strokes on a pad, nor a signed sheet that is kept or scanned.

    Raises:
        Invalid: field `signature`.
    """
    if paper is None and not evidence.get("strokes") and not evidence.get("paper_kept"):
        raise Invalid(
            fields={"signature": _("请申请人在签名板上签名，或在纸上签名后勾选“已在纸上签名”。")},
            code="signature_missing",
        )
