"""After the decision: the result is issued and delivered (行政许可法 art. 44); or the applicant withdraws before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events, inbox, papers, policy, proofs, refusals, signing, telling
from tongban.cases.commands import closing, opening
from tongban.cases.commands.charging import check_settled, drop_bills
from tongban.cases.commands.deciding import on_time
from tongban.cases.commands.drafts import check_own_upload
from tongban.cases.commands.window import check_hand
from tongban.cases.models import Case, Delivery, Signature
from tongban.cases.queries.access import access_case
from tongban.cases.queries.completion import certificate_of, certificates_of
from tongban.cases.refusals import CaseRefusal
from tongban.cases.results import make_licence
from tongban.cases.states import Act, ResultCode, State
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.documents.queries import documents_of
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor
from tongban.kernel.codes import document_kinds
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.problems import Invalid

Stroke = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Collector:
    """Who collects a result at a window, and how receipt was signed: pen strokes on a pad, or a scanned paper."""

    name: str
    document_kind: str
    document_number: str
    relation: Literal["applicant", "agent"] = "applicant"
    strokes: Sequence[Stroke] = ()
    paper: StoredFile | None = None


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
def deliver_by_download(*, actor: Actor, case_no: str) -> Case:
    """Record that the applicant took the result electronically; a second download changes nothing.

    Needs the applicant's consent to electronic service, and an item whose result can be served so: an identity card
    is handed out.

    Raises:
        CaseRefusal: nothing to deliver yet, an open bill, no consent, no electronic result, or not the applicant.
        NotFound: not to be seen.
    """
    case = access_case(actor, case_no, lock=True)
    if not policy.is_applicant(actor, case):
        raise refusals.not_yours(Act.DELIVER)
    if case.delivered_at is not None:
        return case
    opening.check_run_here(case, Act.DELIVER)
    _check_deliverable(case)
    if not case.service.get("electronic_consent"):
        raise CaseRefusal("no_electronic_consent", _("申请时没有同意电子送达。请到窗口领取，或联系窗口改为电子送达。"))
    if State(case.state) == State.COMPLETED and "electronic" not in definition_of(case.item_version).delivery:
        raise CaseRefusal("not_electronic", _("这个事项的结果是实物，不能下载领取。请带身份证件到窗口领取。"))
    now = moment.now()
    Delivery.objects.create(case=case, method="download", delivered_at=now)
    words = {"confirmation": "申请人登录后下载，系统记录", "server": case.organisation.name}
    return _delivered(actor, case, now, "download", "电子送达", "政务服务网", words)


@transaction.atomic
def deliver_at_window(*, actor: Actor, case_no: str, collector: Collector) -> Case:
    """Hand the result out at a window against a signature, after looking at the collector's document.

    Raises:
        Invalid: no name, a wrong document number, or no signature.
        CaseRefusal: nothing to deliver, delivered before, an open bill, or no post for it.
        NotFound: not to be seen.
    """
    _check_collector(collector)
    case, post = opening.take_with_post(actor, case_no, Act.DELIVER)
    if case.delivered_at is not None:
        raise CaseRefusal("already_delivered", _("结果已经送达，不能重复发放。请查看送达回证。"))
    _check_deliverable(case)
    now = moment.now()
    if collector.paper is not None:
        check_own_upload(actor, collector.paper)
        files.adopt(collector.paper, "case", case.case_no, actor=actor)
    Delivery.objects.create(
        case=case,
        method="window",
        delivered_at=now,
        collector={
            "name": collector.name,
            "document_kind": collector.document_kind,
            "document_number": collector.document_number,
            "relation": collector.relation,
        },
        signature_file=collector.paper,
        handed_over_by_id=actor.account_id,
    )
    words = {
        "collector": collector.name,
        "collector_document": document_kinds.mask(collector.document_kind, collector.document_number),
        "relation": "本人" if collector.relation == "applicant" else "代理人",
        "confirmation": "领取人在签名板上签名" if collector.strokes else "领取人在纸质回证上签名",
        "strokes": [[[x, y] for x, y in stroke] for stroke in collector.strokes],
        "server": post.organisation_name if post else case.organisation.name,
    }
    where = post.organisation_name if post else case.organisation.name
    return _delivered(actor, case, now, "window", "直接送达（窗口领取）", where, words)


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


def deliverable_documents(case: Case) -> list[Document]:
    """The decision and the licence: what is delivered."""
    return [one for one in documents_of(case.subject) if one.kind in {"granted", "refused", "licence"}]


def _check_deliverable(case: Case) -> None:
    if State(case.state) not in {State.COMPLETED, State.DECIDED_REFUSED}:
        raise refusals.wrong_state(Act.DELIVER, State(case.state))
    if State(case.state) == State.COMPLETED:
        check_settled(case, before="delivery")


def _check_collector(collector: Collector) -> None:
    problems: dict[str, str] = {}
    if not collector.name.strip():
        problems["name"] = _("请填写领取人姓名。")
    try:
        document_kinds.parse(collector.document_kind, collector.document_number)
    except CodeError as error:
        problems["document_number"] = error.message
    if not collector.strokes and collector.paper is None:
        problems["signature"] = _("请领取人在签名板上签名，或上传签过字的纸质回证。")
    if problems:
        raise Invalid(fields=problems, code="collector_invalid")


def _delivered(
    actor: Actor, case: Case, now: datetime, method: str, method_words: str, where: str, words: Mapping[str, object]
) -> Case:
    opening.save(case, delivered_at=now)
    content = papers.delivery_receipt(
        case, delivered=deliverable_documents(case), method=method_words, at=now, where=where, words=words
    )
    document = papers.issue(actor=actor, case=case, kind="delivery_receipt", content=content, at=now)
    opening.tell(case, events.ResultDelivered(method=method, document=document.verify_code), actor=actor, at=now)
    inbox.close(case, now)
    telling.delivered(case)
    return case
