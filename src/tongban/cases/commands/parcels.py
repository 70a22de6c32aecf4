"""Service by mail (邮寄送达, 民事诉讼法 art. 91): posted, followed, served when signed for, back when not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import inbox, service_events, telling
from tongban.cases.applicants import ADDRESS_MIN, Applicant, Service
from tongban.cases.commands import opening
from tongban.cases.commands.delivering import Served, check_not_in_post, fail, keep_file, open_delivery, serve
from tongban.cases.models import Case, Parcel, ParcelScan
from tongban.cases.queries.serving import offered_ways
from tongban.cases.receipts import local_words
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.cases.ways import PARCEL_ENDS, SIGNED_BY, WAYS
from tongban.files.models import StoredFile
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.codes import document_kinds, mail_no
from tongban.kernel.codes.errors import CodeError
from tongban.kernel.problems import Invalid
from tongban.partners import registries as partners
from tongban.partners.adapters import Scan
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError

#: Parcels asked for in one round of the clock.
ROUND: Final = 500
NOTE_MAX: Final = 500


@dataclass(frozen=True, kw_only=True)
class Posting:
    """What a clerk hands to the post: the service, its number, and an addressee other than the confirmed one."""

    carrier: str
    tracking_no: str
    recipient: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class ParcelEnd:
    """How a parcel ended, read by a clerk from the returned slip or the carrier's word."""

    outcome: Literal["signed", "refused", "returned", "lost"]
    at: datetime
    signed_by: str = ""
    note: str = ""
    slip: StoredFile | None = None


@transaction.atomic
def send_parcel(*, actor: Actor, case_no: str, posting: Posting) -> Parcel:
    """Hand the result to the post, at the address that the applicant confirmed or another one named here.

    Raises:
        Invalid: not a number of this service, or no address to send to.
        CaseRefusal: nothing to deliver, delivered, in the post already, not to be posted, or no post for it.
        NotFound: not to be seen.
    """
    case, _post = open_delivery(actor, case_no, Act.SEND_PARCEL)
    check_not_in_post(case)
    if "mail" not in offered_ways(case):
        raise CaseRefusal("not_by_mail", _("这个事项的结果不能邮寄。请通知申请人到窗口领取。"))
    number, addressee = _checked(case, posting)
    now = moment.now()
    assert actor.account_id is not None
    parcel = Parcel(
        case=case,
        carrier=posting.carrier,
        tracking_no=number,
        addressee=addressee,
        sent_at=now,
        sent_by_id=actor.account_id,
    )
    try:
        with transaction.atomic():
            parcel.save(force_insert=True)
    except IntegrityError:
        raise _number_used() from None
    ParcelScan.objects.create(parcel=parcel, code="accepted", at=now, place=case.organisation.name[:100])
    opening.tell(case, service_events.ParcelPosted(carrier=posting.carrier, parcel=parcel.pk), actor=actor, at=now)
    inbox.close(case, now)
    telling.parcel_sent(case, mail_no.CARRIERS[posting.carrier].name, number)
    return parcel


@transaction.atomic
def end_parcel(*, actor: Actor, case_no: str, end: ParcelEnd) -> Case:
    """Note by hand how the parcel ended: signed for (then it is served as of that day), refused, returned or lost.

    Raises:
        Invalid: the day lies before the sending or in the future, or it is not said who signed.
        CaseRefusal: no parcel is under way, or no post for it.
        NotFound: not to be seen.
    """
    case, _post = open_delivery(actor, case_no, Act.END_PARCEL)
    parcel = _under_way(case)
    _check_end(parcel, end)
    keep_file(actor, case, end.slip)
    scan = Scan(code=end.outcome, at=end.at, signed_by=end.signed_by if end.outcome == "signed" else "")
    _note(parcel, scan)
    return _ended(actor, case, parcel, scan, note=end.note.strip(), slip=end.slip)


def ask_carrier(*, actor: Actor, case_no: str) -> Case:
    """Ask the carrier now where the parcel is, and do what follows from the answer.

    Raises:
        CaseRefusal: no parcel is under way, no post for it, or the carrier knows nothing or does not answer.
        NotFound: not to be seen.
    """
    with transaction.atomic():
        case, _post = open_delivery(actor, case_no, Act.ASK_CARRIER)
        parcel = _under_way(case)
    try:
        scans = partners.post_office().trace(carrier=parcel.carrier, tracking_no=parcel.tracking_no)
    except PartnerUnreachableError:
        raise CaseRefusal("carrier_silent", _("邮政查询暂时没有回应，请稍后再查。"), status=503) from None
    except PartnerRefusedError:
        raise CaseRefusal(
            "parcel_unknown", _("邮政还没有这个邮件的记录，请核对邮件号，或者过几个小时再查。"), status=409
        ) from None
    _take_in(actor, parcel.pk, scans)
    case.refresh_from_db()
    return case


def follow_parcels(*, actor: Actor = SYSTEM) -> int:
    """Ask the carrier about parcels under way, longest not asked first; how many ended.

    One that the carrier does not know is passed over; a carrier that does not answer ends the round.
    """
    waiting = Parcel.objects.filter(ended_at__isnull=True).order_by("asked_at", "pk")[:ROUND]
    ended = 0
    for parcel in list(waiting.only("carrier", "tracking_no")):
        try:
            scans = partners.post_office().trace(carrier=parcel.carrier, tracking_no=parcel.tracking_no)
        except PartnerRefusedError:
            scans = ()
        except PartnerUnreachableError:
            break
        ended += _take_in(actor, parcel.pk, scans)
    return ended


@transaction.atomic
def _take_in(actor: Actor, key: int, scans: tuple[Scan, ...]) -> bool:
    """Keep what the carrier said, and end the parcel where it said so; whether it ended by this."""
    subject = Parcel.objects.values_list("case_id", flat=True).get(pk=key)
    case = Case.objects.select_for_update(of=("self",)).select_related("organisation", "item_version").get(pk=subject)
    parcel = Parcel.objects.get(pk=key)
    parcel.asked_at = moment.now()
    if parcel.ended_at is not None:
        return False
    known = set(parcel.scans.values_list("at", "code"))
    for scan in scans:
        if (scan.at, scan.code) not in known:
            _note(parcel, scan)
        if scan.code in PARCEL_ENDS:
            _ended(actor, case, parcel, scan)
            return True
    if scans:
        parcel.state = scans[-1].code
    parcel.save(update_fields=["state", "asked_at"])
    return False


def _note(parcel: Parcel, scan: Scan) -> None:
    ParcelScan.objects.create(
        parcel=parcel, code=scan.code, at=scan.at, place=scan.place[:100], signed_by=scan.signed_by[:20]
    )


def _ended(
    actor: Actor, case: Case, parcel: Parcel, scan: Scan, *, note: str = "", slip: StoredFile | None = None
) -> Case:
    """The parcel is over; signed for, the result is served as of then, unless another way was faster."""
    parcel.state, parcel.ended_at = scan.code, moment.now()
    parcel.save(update_fields=["state", "ended_at", "asked_at"])
    if case.delivered_at is not None:
        return case
    # A carrier's clock may be off: nothing is signed for before it was sent, or in the future.
    at = min(max(scan.at, parcel.sent_at), moment.now())
    name = mail_no.CARRIERS[parcel.carrier].name
    signer = _(SIGNED_BY.get(scan.signed_by, SIGNED_BY["recipient"]))
    words = {
        "relation": signer,
        "confirmation": _("邮件回执注明%(day)s签收") % {"day": local_words(at)},
        "server": case.organisation.name,
        "note": _("参照%(law)s，以回执上注明的收件日期为送达日期。") % {"law": WAYS["mail"].law} + note,
    }
    tried = Served(
        way="mail",
        at=at,
        place=str(parcel.addressee["address"]),
        words=words,
        particulars=f"（{name} {parcel.tracking_no}）",
        facts={"note": note, "signed_by": scan.signed_by},
        file=slip,
        parcel=parcel,
    )
    return serve(actor, case, tried) if scan.code == "signed" else fail(actor, case, tried, scan.code)


def _under_way(case: Case) -> Parcel:
    found = case.parcels.filter(ended_at__isnull=True).first()
    if found is None:
        raise CaseRefusal("no_parcel", _("本件没有在途的邮件。"))
    return found


def _checked(case: Case, posting: Posting) -> tuple[str, dict[str, str]]:
    """The number in its normal form, and whom the parcel is addressed to."""
    problems: dict[str, str] = {}
    number = ""
    try:
        number = mail_no.parse(posting.carrier, posting.tracking_no)
    except CodeError as error:
        problems["carrier" if error.code == "mail_no.carrier" else "tracking_no"] = f"{error.message}。"
    service = Service.from_json(case.service)
    address = posting.address.strip() or service.address.strip()
    phone = posting.phone.strip() or service.phone or str(case.applicant.get("phone", ""))
    if not ADDRESS_MIN <= len(address) <= 200:
        problems["address"] = _("申请人没有确认过送达地址，请填写能收到邮件的详细地址。")
    if posting.phone.strip():
        try:
            phone = document_kinds.parse_mobile(posting.phone)
        except CodeError as error:
            problems["phone"] = f"{error.message}。"
    if problems:
        raise Invalid(fields=problems, code="parcel_invalid")
    if Parcel.objects.filter(carrier=posting.carrier, tracking_no=number).exists():
        raise _number_used()
    recipient = posting.recipient.strip() or service.recipient or Applicant.from_json(case.applicant).name
    return number, {"recipient": recipient[:100], "address": address, "phone": phone}


def _number_used() -> Invalid:
    words = _("这个邮件号已经登记在别的办件上，请对照面单重新填写。")
    return Invalid(fields={"tracking_no": words}, code="parcel_number_used")


def _check_end(parcel: Parcel, end: ParcelEnd) -> None:
    problems: dict[str, str] = {}
    if end.outcome not in PARCEL_ENDS:
        problems["outcome"] = _("请选择邮件的结果。")
    # The slip names a day, not an hour: the day of sending itself is right.
    if end.at > moment.now() or moment.local_date(end.at) < moment.local_date(parcel.sent_at):
        problems["at"] = _("日期应在寄出之后、现在之前，请对照回执填写。")
    if end.outcome == "signed" and end.signed_by not in SIGNED_BY:
        problems["signed_by"] = _("请选择谁签收的。")
    if len(end.note) > NOTE_MAX:
        problems["note"] = _("说明请不要超过 %(n)s 字。") % {"n": NOTE_MAX}
    if problems:
        raise Invalid(fields=problems, code="parcel_end_invalid")
