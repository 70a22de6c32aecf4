"""Service where nobody takes the documents: noted attempts, leaving them (留置), public notice (公告)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases import inbox, papers, receipts, service_events, telling
from tongban.cases.commands import opening
from tongban.cases.commands.delivering import Served, check_not_in_post, fail, keep_file, open_delivery, serve
from tongban.cases.models import Case, PublicNotice
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.cases.ways import NOTICE_DAYS, NOTICE_REASONS, WAYS
from tongban.files.models import StoredFile
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import Invalid

TEXT_MAX: Final = 500
REASON_MIN: Final = 4
#: An account for the file that says enough to be checked later.
ACCOUNT_MIN: Final = 10
WITNESSES_MIN: Final = 2
#: Attempts that a clerk notes: at the door, or an appointment at the window that nobody kept.
NOTED_WAYS: Final = ("visit", "window")
NOTED_OUTCOMES: Final = ("absent", "refused", "moved")


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt to hand the documents over that failed: when, where, how, and what was found there."""

    way: Literal["visit", "window"]
    outcome: Literal["absent", "refused", "moved"]
    at: datetime
    place: str
    note: str
    photo: StoredFile | None = None


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Somebody of the neighbourhood committee or of the recipient's unit who saw it (见证人)."""

    name: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Documents left at the recipient's home because receipt was refused (留置送达, 民事诉讼法 art. 89).

    Either two witnesses, or photographs or a recording of it: `recording` says where it is kept, `photo` is one.
    """

    at: datetime
    place: str
    reason: str
    witnesses: Sequence[Witness] = ()
    recording: str = ""
    photo: StoredFile | None = None


@transaction.atomic
def note_failed_service(*, actor: Actor, case_no: str, attempt: Attempt) -> Case:
    """Note an attempt that did not reach the applicant; the case stays to be delivered.

    Raises:
        Invalid: no place or note, or a time before the result or in the future.
        CaseRefusal: nothing to deliver, delivered, in the post, or no post for it.
        NotFound: not to be seen.
    """
    case, _post = open_delivery(actor, case_no, Act.NOTE_FAILED_SERVICE)
    check_not_in_post(case)
    problems = _time_and_place(case, attempt.at, attempt.place)
    if attempt.way not in NOTED_WAYS:
        problems["way"] = _("请选择送达方式。")
    if attempt.outcome not in NOTED_OUTCOMES:
        problems["outcome"] = _("请选择未送达的情形。")
    if not REASON_MIN <= len(attempt.note.strip()) <= TEXT_MAX:
        problems["note"] = _("请写明经过，例如：敲门无人应答，邻居称外出。")
    if problems:
        raise Invalid(fields=problems, code="attempt_invalid")
    keep_file(actor, case, attempt.photo)
    tried = Served(
        way=attempt.way,
        at=attempt.at,
        place=attempt.place.strip(),
        words={},
        facts={"place": attempt.place.strip(), "note": attempt.note.strip()},
        file=attempt.photo,
    )
    return fail(actor, case, tried, attempt.outcome)


@transaction.atomic
def leave_documents(*, actor: Actor, case_no: str, leaving: Leaving) -> Case:
    """Serve by leaving the documents where receipt was refused; the receipt names the refusal and who saw it.

    Raises:
        Invalid: no place or reason, fewer than two witnesses and no recording, or a wrong time.
        CaseRefusal: nothing to deliver, delivered, in the post, or no post for it.
        NotFound: not to be seen.
    """
    case, post = open_delivery(actor, case_no, Act.LEAVE_DOCUMENTS)
    check_not_in_post(case)
    witnesses = _check_leaving(case, leaving)
    keep_file(actor, case, leaving.photo)
    reason, recording = leaving.reason.strip(), leaving.recording.strip()
    seen = "、".join(f"{one.name}（{one.unit}）" for one in witnesses)
    proof = [_("见证人：%(who)s") % {"who": seen}] if witnesses else []
    if recording:
        proof.append(_("拍照、录像记录：%(where)s") % {"where": recording})
    elif leaving.photo is not None:
        proof.append(_("已拍照记录，照片存入本件"))
    words = {
        "confirmation": _("受送达人拒绝签收，文书留在其住所。") + "；".join(proof),
        "server": post.organisation_name if post else case.organisation.name,
        "note": _("拒收事由：%(reason)s。参照%(law)s，视为送达。")
        % {"reason": reason.rstrip("。"), "law": WAYS["left"].law},
    }
    facts = {
        "place": leaving.place.strip(),
        "note": reason,
        "witnesses": [asdict(one) for one in witnesses],
        "recording": recording,
    }
    served = Served(
        way="left", at=leaving.at, place=leaving.place.strip(), words=words, facts=facts, file=leaving.photo
    )
    return serve(actor, case, served)


@transaction.atomic
def publish_notice(*, actor: Actor, case_no: str, reason: Literal["unknown", "failed"], account: str) -> PublicNotice:
    """Serve by public notice where the recipient cannot be found, or nothing else was possible.

    After 30 days it counts as served (民事诉讼法 art. 95). `account` are the reasons and what happened, for the file.

    Raises:
        Invalid: no such reason, or nothing said of what happened.
        CaseRefusal: no other way was tried (`failed`), a notice is running, nothing to deliver, or no post for it.
        NotFound: not to be seen.
    """
    case, _post = open_delivery(actor, case_no, Act.PUBLISH_NOTICE)
    check_not_in_post(case)
    _check_notice(case, reason, account)
    now = moment.now()
    published_on = moment.local_date(now)
    ends_on = last_day_of_notice(published_on, case.division_id)
    content = receipts.service_notice(case, reason=reason, published_on=published_on, ends_on=ends_on)
    document = papers.issue(actor=actor, case=case, kind="service_notice", content=content, at=now)
    notice = PublicNotice.objects.create(
        case=case,
        organisation=case.organisation,
        document=document,
        recipient=content["recipient"],
        papers=[{"title": one["title"], "number": one["number"]} for one in content["documents"]],
        contact="，".join(one for one in (content["contact_place"], content["consult_phone"]) if one),
        reason=reason,
        account=account.strip(),
        published_at=now,
        ends_on=ends_on,
    )
    event = service_events.NoticePublished(reason=reason, ends_on=ends_on, document=document.verify_code)
    opening.tell(case, event, actor=actor, at=now)
    inbox.close(case, now)
    telling.notice_published(case, document, ends_on)
    return notice


def end_notices(*, actor: Actor = SYSTEM) -> int:
    """Serve what public notices whose term has passed were about; how many. Run again, it finds nothing left to do."""
    today = moment.today()
    due = PublicNotice.objects.filter(ended_at__isnull=True, ends_on__lt=today).order_by("ends_on", "pk")
    return sum(_end_notice(actor, key, today) for key in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _end_notice(actor: Actor, key: int, today: date) -> bool:
    subject = PublicNotice.objects.values_list("case_id", flat=True).get(pk=key)
    case = Case.objects.select_for_update(of=("self",)).select_related("organisation", "item_version").get(pk=subject)
    notice = PublicNotice.objects.get(pk=key)
    if notice.ended_at is not None or notice.ends_on >= today:
        return False
    words = {
        "confirmation": _("公告期满，视为送达"),
        "server": case.organisation.name,
        "note": _("%(reason)s。%(account)s（参照%(law)s，自发出公告之日起经过三十日，即视为送达）")
        % {"reason": _(NOTICE_REASONS[notice.reason]), "account": notice.account, "law": WAYS["notice"].law},
    }
    served = Served(
        way="notice",
        # The last moment of the term's last day.
        at=moment.end_of(notice.ends_on) - timedelta(seconds=1),
        place=_("政务服务网公告"),
        words=words,
        particulars=f"（{notice.document.number}）" if notice.document.number else "",
        notice=notice,
    )
    serve(actor, case, served)
    return True


def last_day_of_notice(published_on: date, division: str) -> date:
    """The thirtieth day after the notice; a day off moves it to the next working day (民事诉讼法 art. 85)."""
    return work_calendar(division).next_workday(published_on + timedelta(days=NOTICE_DAYS))


def _check_notice(case: Case, reason: str, account: str) -> None:
    problems: dict[str, str] = {}
    if reason not in NOTICE_REASONS:
        problems["reason"] = _("请选择公告送达的原因。")
    if not ACCOUNT_MIN <= len(account.strip()) <= TEXT_MAX:
        problems["account"] = _("请写明原因和经过，%(low)s 至 %(high)s 字：找过哪里、用过哪些方式、结果怎样。") % {
            "low": ACCOUNT_MIN, "high": TEXT_MAX,
        }  # fmt: skip
    if problems:
        raise Invalid(fields=problems, code="notice_invalid")
    if case.public_notices.filter(ended_at__isnull=True).exists():
        raise CaseRefusal("notice_running", _("本件的送达公告还在期限内，期满即视为送达，不必重复公告。"))
    if reason == "failed" and not case.deliveries.exclude(outcome="served").exists():
        raise CaseRefusal(
            "nothing_tried", _("还没有用其他方式送达过。请先直接送达、邮寄送达或者留置送达，并登记结果。")
        )


def _check_leaving(case: Case, leaving: Leaving) -> list[Witness]:
    problems = _time_and_place(case, leaving.at, leaving.place)
    if not REASON_MIN <= len(leaving.reason.strip()) <= TEXT_MAX:
        problems["reason"] = _("请写明拒收的事由。")
    witnesses = [Witness(name=one.name.strip()[:50], unit=one.unit.strip()[:100]) for one in leaving.witnesses]
    witnesses = [one for one in witnesses if one.name or one.unit]
    if any(not one.name or not one.unit for one in witnesses):
        problems["witnesses"] = _("请写全见证人的姓名和单位。")
    recorded = leaving.photo is not None or len(leaving.recording.strip()) >= REASON_MIN
    if len(witnesses) < WITNESSES_MIN and not recorded:
        problems["witnesses"] = _("请写两名见证人的姓名和单位，或者写明拍照、录像记录存放在哪里。")
    if len(leaving.recording) > TEXT_MAX:
        problems["recording"] = _("请不要超过 %(n)s 字。") % {"n": TEXT_MAX}
    if problems:
        raise Invalid(fields=problems, code="leaving_invalid")
    return witnesses


def _time_and_place(case: Case, at: datetime, place: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    made = case.completed_at or case.submitted_at
    if at > moment.now() or moment.local_date(at) < moment.local_date(made):
        problems["at"] = _("时间应在结果作出之后、现在之前。")
    if not 2 <= len(place.strip()) <= 200:
        problems["place"] = _("请写明送达地点。")
    return problems
