"""Acts of service from posted forms of the desk: parsing only, no rules."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.web.formats import cn_date
from tongban.cases import commands, ways
from tongban.cases.states import Act
from tongban.cases.web.reading import stored_upload
from tongban.kernel.actor import Actor
from tongban.kernel.codes.mail_no import CARRIERS
from tongban.kernel.problems import Invalid

Files = Mapping[str, "UploadedFile[Any]"]
#: Lines for witnesses that the form offers.
WITNESS_LINES: Final = 2


def choices() -> dict[str, Any]:
    """What the forms of service offer to choose from."""
    return {
        "carriers": [(key, one.name) for key, one in CARRIERS.items()],
        "parcel_ends": [(key, _(ways.PARCEL_STATES[key])) for key in ways.PARCEL_ENDS],
        "signers": [(key, _(words)) for key, words in ways.SIGNED_BY.items()],
        "visit_ways": [("visit", _("上门送达")), ("window", _("约定到窗口领取"))],
        "visit_outcomes": [(key, _(ways.OUTCOMES[key])) for key in ("absent", "refused", "moved")],
        "notice_reasons": [(key, _(words)) for key, words in ways.NOTICE_REASONS.items()],
        "now_local": f"{moment.now().astimezone(moment.SHANGHAI):%Y-%m-%dT%H:%M}",
        "today_local": moment.today().isoformat(),
    }


def _send_parcel(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    posting = commands.Posting(
        carrier=body.get("carrier", ""),
        tracking_no=body.get("tracking_no", ""),
        recipient=body.get("recipient", ""),
        address=body.get("address", ""),
        phone=body.get("phone", ""),
    )
    parcel = commands.send_parcel(actor=actor, case_no=case_no, posting=posting)
    return _("已登记寄出，邮件号 %(no)s 已告诉申请人。") % {"no": parcel.tracking_no}


def _ask_carrier(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del body, uploads
    commands.ask_carrier(actor=actor, case_no=case_no)
    return _("已向邮政查询，邮件状态见“送达”。")


def _end_parcel(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    outcome: Any = body.get("outcome", "")
    end = commands.ParcelEnd(
        outcome=outcome,
        at=_day(body),
        signed_by=body.get("signed_by", ""),
        note=body.get("note", ""),
        slip=stored_upload(actor, uploads.get("slip")),
    )
    case = commands.end_parcel(actor=actor, case_no=case_no, end=end)
    return _("邮件已签收，送达回证已生成。") if case.delivered_at else _("已登记邮件结果，本件回到待送达。")


def _note_failed_service(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    way: Any = body.get("way", "")
    outcome: Any = body.get("outcome", "")
    attempt = commands.Attempt(
        way=way,
        outcome=outcome,
        at=_moment(body),
        place=body.get("place", ""),
        note=body.get("note", ""),
        photo=stored_upload(actor, uploads.get("photo")),
    )
    commands.note_failed_service(actor=actor, case_no=case_no, attempt=attempt)
    return _("已登记，本件仍待送达。")


def _leave_documents(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    leaving = commands.Leaving(
        at=_moment(body),
        place=body.get("place", ""),
        reason=body.get("reason", ""),
        witnesses=[
            commands.Witness(name=body.get(f"witness{n}", ""), unit=body.get(f"witness{n}_unit", ""))
            for n in range(1, WITNESS_LINES + 1)
        ],
        recording=body.get("recording", ""),
        photo=stored_upload(actor, uploads.get("photo")),
    )
    commands.leave_documents(actor=actor, case_no=case_no, leaving=leaving)
    return _("已留置送达，送达回证已生成。")


def _publish_notice(actor: Actor, case_no: str, body: QueryDict, uploads: Files) -> str:
    del uploads
    reason: Any = body.get("reason", "")
    notice = commands.publish_notice(actor=actor, case_no=case_no, reason=reason, account=body.get("account", ""))
    return _("公告已发布，至%(day)s期满视为送达。") % {"day": cn_date(notice.ends_on)}


def _moment(body: QueryDict) -> datetime:
    """When it was, as the form has it: Shanghai time without a zone."""
    try:
        return datetime.fromisoformat(body.get("at", "")).replace(tzinfo=moment.SHANGHAI)
    except ValueError:
        raise Invalid(fields={"at": _("请填写日期和时间。")}, code="moment_unreadable") from None


def _day(body: QueryDict) -> datetime:
    """A day, as a moment of it that is not in the future: the middle of a past day, now where it is today."""
    try:
        day = date.fromisoformat(body.get("at", ""))
    except ValueError:
        raise Invalid(fields={"at": _("请填写日期。")}, code="moment_unreadable") from None
    if day == moment.today():
        return moment.now()
    return datetime.combine(day, time(12), moment.SHANGHAI)


HANDLERS: Final[Mapping[str, Callable[[Actor, str, QueryDict, Files], str]]] = {
    Act.SEND_PARCEL: _send_parcel,
    Act.ASK_CARRIER: _ask_carrier,
    Act.END_PARCEL: _end_parcel,
    Act.NOTE_FAILED_SERVICE: _note_failed_service,
    Act.LEAVE_DOCUMENTS: _leave_documents,
    Act.PUBLISH_NOTICE: _publish_notice,
}
