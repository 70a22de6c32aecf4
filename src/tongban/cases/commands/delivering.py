"""The result reaches the applicant (行政许可法 art. 44): downloaded, handed out; and what all ways of service share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import events, inbox, papers, policy, receipts, refusals, service_events, telling
from tongban.cases.applicants import Service
from tongban.cases.commands import opening
from tongban.cases.commands.charging import check_settled
from tongban.cases.commands.drafts import check_own_upload
from tongban.cases.models import Case, Delivery, InboxEntry, Parcel, PublicNotice
from tongban.cases.queries.access import access_case
from tongban.cases.queries.serving import offered_ways
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import TO_DELIVER, Act, State, allows
from tongban.cases.ways import WAYS
from tongban.catalogue.queries import definition_of
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor, AppointmentRef
from tongban.kernel.codes import document_kinds
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.problems import Invalid

Stroke = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Collector:
    """Who takes a result by hand, and how receipt was signed: pen strokes on a pad, or a scanned paper.

    `place`: where it was brought to (上门送达); empty at a window.
    """

    name: str
    document_kind: str
    document_number: str
    relation: Literal["applicant", "agent"] = "applicant"
    strokes: Sequence[Stroke] = ()
    paper: StoredFile | None = None
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Served:
    """How documents were served: the way, when, where, and what the receipt says of it (`words`)."""

    way: str
    at: datetime
    place: str
    words: Mapping[str, Any]
    #: What the receipt adds to the way's name, such as the number of a parcel.
    particulars: str = ""
    collector: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] | None = None
    file: StoredFile | None = None
    parcel: Parcel | None = None
    notice: PublicNotice | None = None


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
    check_deliverable(case, Act.DELIVER)
    if not case.service.get("electronic_consent"):
        raise CaseRefusal("no_electronic_consent", _("申请时没有同意电子送达。请到窗口领取，或联系窗口改为电子送达。"))
    if State(case.state) == State.COMPLETED and "electronic" not in definition_of(case.item_version).delivery:
        raise CaseRefusal("not_electronic", _("这个事项的结果是实物，不能下载领取。请带身份证件到窗口领取。"))
    words = {"confirmation": "申请人登录后下载，系统记录", "server": case.organisation.name}
    return serve(actor, case, Served(way="download", at=moment.now(), place="政务服务网", words=words))


@transaction.atomic
def deliver_at_window(*, actor: Actor, case_no: str, collector: Collector) -> Case:
    """Hand the result out, at a window or at the recipient's door, against a signature and a document looked at.

    Raises:
        Invalid: no name, a wrong document number, or no signature.
        CaseRefusal: nothing to deliver, delivered before, in the post, an open bill, or no post for it.
        NotFound: not to be seen.
    """
    _check_collector(collector)
    case, post = open_delivery(actor, case_no, Act.DELIVER)
    check_not_in_post(case)
    keep_file(actor, case, collector.paper)
    server = post.organisation_name if post else case.organisation.name
    words = {
        "collector": collector.name,
        "collector_document": document_kinds.mask(collector.document_kind, collector.document_number),
        "relation": "本人" if collector.relation == "applicant" else "代理人",
        "confirmation": "领取人在签名板上签名" if collector.strokes else "领取人在纸质回证上签名",
        "strokes": [[[x, y] for x, y in stroke] for stroke in collector.strokes],
        "server": server,
    }
    taken_by = {
        "name": collector.name,
        "document_kind": collector.document_kind,
        "document_number": collector.document_number,
        "relation": collector.relation,
    }
    served = Served(
        way="visit" if collector.place.strip() else "window",
        at=moment.now(),
        place=collector.place.strip() or server,
        words=words,
        collector=taken_by,
        file=collector.paper,
    )
    return serve(actor, case, served)


@transaction.atomic
def choose_delivery(*, actor: Actor, case_no: str, service: Service) -> Case:
    """Change how the result shall come and where to, until it is delivered or on its way.

    A consent to electronic service, once given, stands unless it is taken back here.

    Raises:
        Invalid: the item does not deliver that way, or what that way needs is missing.
        CaseRefusal: delivered already, in the post, not the applicant, or the case has ended otherwise.
        NotFound: not to be seen.
    """
    case = opening.take(actor, case_no, Act.CHOOSE_DELIVERY)
    check_undelivered(case)
    check_not_in_post(case)
    problems = service.problems(offered_ways(case))
    if problems:
        raise Invalid(fields=problems, code="service_invalid")
    opening.save(case, service=service.as_json())
    opening.tell(case, service_events.DeliveryChanged(way=service.delivery), actor=actor)
    return case


def open_delivery(actor: Actor, case_no: str, act: Act) -> tuple[Case, AppointmentRef | None]:
    """The door of every official act of service: as `opening.take_with_post`, undelivered, and nothing left to pay.

    Raises:
        NotFound, CaseRefusal: as said.
    """
    case, post = opening.take_with_post(actor, case_no, act)
    check_undelivered(case)
    check_deliverable(case, act)
    return case, post


def check_undelivered(case: Case) -> None:
    """Refuse what was delivered."""
    if case.delivered_at is not None:
        raise CaseRefusal("already_delivered", _("结果已经送达，不能重复发放。请查看送达回证。"))


def check_deliverable(case: Case, act: Act) -> None:
    """Refuse what has nothing to deliver yet, or what is not paid."""
    if State(case.state) not in TO_DELIVER or not allows(act, State(case.state)):
        raise refusals.wrong_state(act, State(case.state))
    if State(case.state) == State.COMPLETED:
        check_settled(case, before="delivery")


def check_not_in_post(case: Case) -> None:
    """Refuse to hand out what the post has."""
    if case.parcels.filter(ended_at__isnull=True).exists():
        raise CaseRefusal(
            "parcel_under_way", _("文书正在邮寄途中。请等邮件签收；退回或者丢失的，先登记邮件结果再送达。")
        )


def keep_file(actor: Actor, case: Case, file: StoredFile | None) -> None:
    """Keep a fresh upload of the actor (a signed paper, a photograph) with the case.

    Raises:
        NotFound: somebody else's file; it looks absent.
    """
    if file is not None:
        check_own_upload(actor, file)
        files.adopt(file, "case", case.case_no, actor=actor)


def serve(actor: Actor, case: Case, served: Served) -> Case:
    """The end of every way: the row, the receipt, the event; whatever else was under way is over."""
    now = moment.now()
    _add(actor, case, served, "served")
    opening.save(case, delivered_at=served.at)
    PublicNotice.objects.filter(case=case, ended_at__isnull=True).update(ended_at=now)
    content = receipts.delivery_receipt(
        case,
        method=_(WAYS[served.way].label) + served.particulars,
        at=served.at,
        where=served.place,
        words=served.words,
    )
    document = papers.issue(actor=actor, case=case, kind="delivery_receipt", content=content, at=now)
    event = events.ResultDelivered(method=served.way, document=document.verify_code, delivered_at=served.at)
    opening.tell(case, event, actor=actor, at=now)
    inbox.close(case, now)
    telling.delivered(case)
    return case


def fail(actor: Actor, case: Case, tried: Served, outcome: str) -> Case:
    """An attempt that did not reach the applicant: a row, an event, and the case is to be delivered again."""
    now = moment.now()
    _add(actor, case, tried, outcome)
    opening.tell(case, service_events.ServiceFailed(method=tried.way, outcome=outcome), actor=actor, at=now)
    waiting = InboxEntry.objects.filter(case=case, kind="delivery", closed_at__isnull=True)
    if not waiting.exists():
        inbox.open_result(case, "delivery", now)
    telling.service_failed(case, outcome)
    return case


def _add(actor: Actor, case: Case, tried: Served, outcome: str) -> None:
    Delivery.objects.create(
        case=case,
        method=tried.way,
        outcome=outcome,
        at=tried.at,
        collector=dict(tried.collector),
        facts=dict(tried.facts) if tried.facts is not None else None,
        parcel=tried.parcel,
        notice=tried.notice,
        signature_file=tried.file,
        handed_over_by_id=actor.account_id if actor.kind == "staff" else None,
    )


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
