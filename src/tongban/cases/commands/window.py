"""At the window, in one sitting: the signed application is submitted and received at once."""

import uuid
from dataclasses import replace

from django.db import transaction

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
    if paper is None and not proof.evidence.get("strokes") and not proof.evidence.get("paper_kept"):
        raise Invalid(
            fields={"signature": "请申请人在签名板上签名，或在打印的申请书上签名后勾选“已在纸上签名”。"},
            code="signature_missing",
        )
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
