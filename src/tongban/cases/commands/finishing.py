"""After the decision: the result is issued (行政许可法 art. 44); or the applicant withdraws before it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events, inbox, papers, proofs, signing, telling
from tongban.cases.commands import closing, opening
from tongban.cases.commands.charging import drop_bills
from tongban.cases.commands.deciding import on_time
from tongban.cases.commands.window import check_hand
from tongban.cases.models import Case, Signature
from tongban.cases.queries.completion import certificate_of, certificates_of
from tongban.cases.results import make_licence
from tongban.cases.states import Act, ResultCode, State
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid


@transaction.atomic
def issue_result(*, actor: Actor, case_no: str) -> Case:
    """Make the result that the item promises: a sealed licence, or the decision alone; the case is then completed.

    Raises:
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.ISSUE_RESULT)
    now = moment.now()
    definition = definition_of(case.item_version)
    licence = make_licence(actor, case, definition, now) if definition.result.kind == "licence" else None
    certificate = certificate_of(licence) if licence else next(iter(certificates_of(case)), None)
    closing.close(actor, case, State.COMPLETED, ResultCode.LICENCE, at=now, certificate=certificate)
    event = events.ResultIssued(
        result_code=ResultCode.LICENCE, on_time=on_time(case), licence=licence.licence_id if licence else None
    )
    opening.tell(case, event, actor=actor, at=now)
    inbox.open_result(case, "delivery", now)
    telling.completed(case)
    return case


@transaction.atomic
def withdraw(*, actor: Actor, case_no: str, reason: str = "") -> Case:
    """Withdraw the application before the decision; what was open at every unit is closed.

    Raises:
        Invalid: the reason is too long.
        NotFound, CaseRefusal: not to be seen, not in this state, not the applicant.
    """
    _check_reason(reason)
    case = opening.take(actor, case_no, Act.WITHDRAW)
    return _withdrawn(actor, case, reason)


@transaction.atomic
def withdraw_at_window(*, actor: Actor, case_no: str, reason: str = "", evidence: Mapping[str, Any]) -> Case:
    """Take down a withdrawal that the applicant signs by hand at a window (no account, no phone).

    `evidence`: strokes of a signature pad, or `paper_kept` where the signed sheet stays in the file.

    Raises:
        Invalid: no signature, or the reason is too long.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    _check_reason(reason)
    check_hand(evidence)
    case = opening.take(actor, case_no, Act.WITHDRAW_AT_WINDOW)
    content = signing.withdrawal_content(case_no=case.case_no, reason=reason.strip())
    proof = signing.SignatureProof(method="handwritten", sha256=signing.sha256(content), evidence=evidence)
    Signature.objects.create(
        case=case,
        purpose="withdrawal",
        content=content,
        sha256=proof.sha256,
        signer_ref=actor.ref,
        method=proof.method,
        evidence=proofs.prove(actor=actor, channel="window", proof=proof),
        signed_at=moment.now(),
    )
    return _withdrawn(actor, case, reason)


def _check_reason(reason: str) -> None:
    if len(reason) > 500:
        raise Invalid(fields={"reason": _("撤回原因请不要超过 500 字。")}, code="reason_too_long")


def _withdrawn(actor: Actor, case: Case, reason: str) -> Case:
    now = moment.now()
    # Nobody has to say why they give up; that they do is the reason of the end.
    given = reason.strip() or _("申请人撤回申请。")
    closing.close(actor, case, State.WITHDRAWN, ResultCode.RETURNED, at=now, reason=given)
    content = papers.termination(case, ended_on=moment.local_date(now), reason=reason.strip())
    document = papers.issue(actor=actor, case=case, kind="termination", content=content, at=now)
    opening.tell(case, events.CaseWithdrawn(document=document.verify_code), actor=actor, at=now)
    drop_bills(actor, case)
    telling.withdrawn(case, document)
    return case
