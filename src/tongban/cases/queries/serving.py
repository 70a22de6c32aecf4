"""How a result is being served: what was chosen, what was tried, where the parcel is, which notice is running."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.paging import page
from tongban.base.reading import Asked, Prepared
from tongban.cases.applicants import ways_of_delivery
from tongban.cases.models import Case, Delivery, Parcel, ParcelScan, PublicNotice
from tongban.cases.states import TO_DELIVER, Act, State, allows
from tongban.cases.ways import OUTCOMES, PARCEL_STATES, SIGNED_BY, WAYS
from tongban.catalogue.queries import DELIVERIES, definition_of
from tongban.kernel import chinese
from tongban.kernel.codes.mail_no import CARRIERS
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound

#: Acts that a page offers by where the service stands.
SERVICE_ACTS = frozenset(
    {
        Act.DELIVER,
        Act.SEND_PARCEL,
        Act.ASK_CARRIER,
        Act.END_PARCEL,
        Act.NOTE_FAILED_SERVICE,
        Act.LEAVE_DOCUMENTS,
        Act.PUBLISH_NOTICE,
    }
)
#: Law that stands beside them.
SERVICE_LAW = {
    Act.SEND_PARCEL: "国家机关公文由邮政企业寄递。（《邮政法》第五十五条）邮寄送达，以回执上注明的收件日期为送达日期。"
    "（参照《民事诉讼法》第九十一条）",
    Act.LEAVE_DOCUMENTS: "拒绝接收的，可以邀请有关基层组织或者所在单位的代表到场，记明拒收事由和日期，"
    "由送达人、见证人签名，把文书留在住所；也可以采用拍照、录像等方式记录，即视为送达。（参照《民事诉讼法》第八十九条）",
    Act.PUBLISH_NOTICE: "下落不明，或者用其他方式无法送达的，公告送达。自发出公告之日起，经过三十日，即视为送达，"
    "并在案卷中记明原因和经过。（参照《民事诉讼法》第九十五条）",
}


@dataclass(frozen=True, kw_only=True)
class ScanView:
    """One thing that happened to a parcel."""

    at: datetime
    label: str
    place: str


@dataclass(frozen=True, kw_only=True)
class ParcelView:
    """A parcel, its addressee masked."""

    carrier: str
    tracking_no: str
    state: str
    label: str
    tone: str
    sent_at: datetime
    under_way: bool
    addressee: str
    scans: tuple[ScanView, ...]


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """One attempt, or the one that served; `place` and `note` are for the body alone."""

    at: datetime
    way: str
    outcome: str
    served: bool
    place: str
    note: str
    file: UUID | None


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """A public notice as everybody may read it."""

    public_id: UUID
    number: str
    verify_code: str
    organisation: str
    recipient: str
    papers: tuple[tuple[str, str], ...]
    contact: str
    published_at: datetime
    ends_on: date
    running: bool


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Where the service of a result stands."""

    chosen: str
    parcel: ParcelView | None
    attempts: tuple[AttemptView, ...]
    notice: NoticeView | None
    #: Acts that make sense now, whoever may do them.
    acts: frozenset[Act]


def serving(case: Case) -> Serving | None:
    """The service of a case's result; None while there is nothing to serve."""
    if State(case.state) not in TO_DELIVER and case.delivered_at is None:
        return None
    parcel, notice = _PARCEL.first(case=case.pk), _NOTICE.first(case=case.pk)
    return Serving(
        chosen=str(DELIVERIES.get(str(case.service.get("delivery", "")), "")),
        parcel=_parcel(case, parcel, _SCANS.rows(case=case.pk)) if parcel else None,
        attempts=tuple(_attempt(one) for one in _ATTEMPTS.rows(case=case.pk)),
        notice=notice_view(notice) if notice else None,
        acts=_acts(case, parcel, notice),
    )


def ask_serving(case: Case) -> tuple[Asked, ...]:
    """What `serving` reads, to be read ahead with other things of a page."""
    if State(case.state) not in TO_DELIVER and case.delivered_at is None:
        return ()
    return tuple(one.asked(case=case.pk) for one in (_PARCEL, _SCANS, _NOTICE, _ATTEMPTS))


_PARCEL = Prepared(lambda case: Parcel.objects.filter(case_id=case).order_by("-pk")[:1])
_SCANS = Prepared(lambda case: ParcelScan.objects.filter(parcel__case_id=case).order_by("at", "pk"))
_NOTICE = Prepared(
    lambda case: (
        PublicNotice.objects.filter(case_id=case).select_related("organisation", "document").order_by("-pk")[:1]
    )
)
_ATTEMPTS = Prepared(lambda case: Delivery.objects.filter(case_id=case).select_related("signature_file").order_by("pk"))


def withheld(found: Serving | None) -> frozenset[Act]:
    """Acts of service that make no sense now."""
    return SERVICE_ACTS - found.acts if found is not None else SERVICE_ACTS


def offered_ways(case: Case) -> tuple[str, ...]:
    """How this case's result may come: as the item offers; a refusal is paper in any case, and may be posted."""
    offered = ways_of_delivery(definition_of(case.item_version).delivery, case.channel)
    refused = State(case.state) == State.DECIDED_REFUSED and "mail" not in offered
    return (*offered, "mail") if refused else offered


def may_choose_delivery(case: Case, found: Serving | None) -> bool:
    """Whether the applicant may still change how the result shall come."""
    under_way = found is not None and found.parcel is not None and found.parcel.under_way
    return allows(Act.CHOOSE_DELIVERY, State(case.state)) and case.delivered_at is None and not under_way


def running_notices(*, cursor: str = "", size: int | None = 20) -> Page[NoticeView]:
    """Public notices whose term runs, newest first, as everybody may read them.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    return page(_running(), order=("-id",), cursor=cursor, size=size).map(notice_view)


def running_notice(public_id: UUID) -> NoticeView:
    """One of them.

    Raises:
        NotFound: no such notice, or its term has ended: what it was about is served, and nobody else's business.
    """
    found = _running().filter(public_id=public_id).first()
    if found is None:
        raise NotFound(_("这份公告"), code="notice_not_found")
    return notice_view(found)


def _running() -> "QuerySet[PublicNotice]":
    found = PublicNotice.objects.filter(ended_at__isnull=True, ends_on__gte=moment.today())
    return found.select_related("organisation", "document")


def _acts(case: Case, parcel: Parcel | None, notice: PublicNotice | None) -> frozenset[Act]:
    if case.delivered_at is not None:
        return frozenset()
    if parcel is not None and parcel.ended_at is None:
        return frozenset({Act.ASK_CARRIER, Act.END_PARCEL})
    acts = {Act.DELIVER, Act.NOTE_FAILED_SERVICE, Act.LEAVE_DOCUMENTS}
    if "mail" in offered_ways(case):
        acts.add(Act.SEND_PARCEL)
    if notice is None or notice.ended_at is not None:
        acts.add(Act.PUBLISH_NOTICE)
    return frozenset(acts)


def _parcel(case: Case, parcel: Parcel, scans: Iterable[ParcelScan]) -> ParcelView:
    to = parcel.addressee
    recipient = str(to["recipient"])
    is_applicant = recipient == case.applicant.get("name")
    masked = [
        case.applicant_name_masked if is_applicant else chinese.mask_name(recipient),
        chinese.mask_address(str(to["address"])),
        chinese.mask_phone(str(to["phone"])) if to["phone"] else "",
    ]
    tones = {"signed": "done", "refused": "late", "returned": "late", "lost": "late"}
    return ParcelView(
        carrier=CARRIERS[parcel.carrier].name,
        tracking_no=parcel.tracking_no,
        state=parcel.state,
        label=_(PARCEL_STATES[parcel.state]),
        tone=tones.get(parcel.state, "run"),
        sent_at=parcel.sent_at,
        under_way=parcel.ended_at is None,
        addressee="，".join(one for one in masked if one),
        scans=tuple(
            ScanView(at=one.at, label=_scan_words(one.code, one.signed_by), place=one.place)
            for one in scans
            if one.parcel_id == parcel.pk
        ),
    )


def _scan_words(code: str, signed_by: str) -> str:
    label = _(PARCEL_STATES[code])
    return f"{label}（{_(SIGNED_BY[signed_by])}）" if signed_by in SIGNED_BY else label


def _attempt(one: Delivery) -> AttemptView:
    facts = one.facts or {}
    return AttemptView(
        at=one.at,
        way=_(WAYS[one.method].label),
        outcome=_(OUTCOMES[one.outcome]),
        served=one.outcome == "served",
        place=str(facts.get("place", "")),
        note=str(facts.get("note", "")),
        file=one.signature_file.public_id if one.signature_file else None,
    )


def notice_view(notice: PublicNotice) -> NoticeView:
    """A notice, its document's number and code with it."""
    return NoticeView(
        public_id=notice.public_id,
        number=notice.document.number,
        verify_code=notice.document.verify_code,
        organisation=notice.organisation.name,
        recipient=notice.recipient,
        papers=tuple((str(one["title"]), str(one["number"])) for one in notice.papers),
        contact=notice.contact,
        published_at=notice.published_at,
        ends_on=notice.ends_on,
        running=notice.ended_at is None,
    )
