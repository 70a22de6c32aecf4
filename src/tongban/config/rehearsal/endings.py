"""How sample cases end and how their results reach people, by the commands that staff use."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.models import Case
from tongban.config.rehearsal.section import CaseShape, Stage
from tongban.kernel.actor import Actor

Act = Callable[[Actor, Case, CaseShape], object]

_PLACE: Final = "申请人确认的送达地址"


def _refuse_acceptance(clerk: Actor, case: Case, row: CaseShape) -> object:
    return commands.refuse_acceptance(
        actor=clerk,
        case_no=case.case_no,
        reason=row.what,
        basis="《中华人民共和国行政许可法》第三十二条第一款第二项",
        right_body=row.to,
    )


def _void(head: Actor, case: Case, row: CaseShape) -> object:
    return commands.void(actor=head, case_no=case.case_no, reason=row.what)


def _transfer(head: Actor, case: Case, row: CaseShape) -> object:
    return commands.transfer(actor=head, case_no=case.case_no, to_body=row.to, reason=row.what)


def _send(clerk: Actor, case: Case, row: CaseShape) -> object:
    del row
    posting = commands.Posting(carrier="ems", tracking_no=f"10430{case.pk % 10**8:08d}")
    return commands.send_parcel(actor=clerk, case_no=case.case_no, posting=posting)


def _end_parcel(outcome: Literal["signed", "refused"]) -> Act:
    def end(clerk: Actor, case: Case, row: CaseShape) -> object:
        found = commands.ParcelEnd(outcome=outcome, at=moment.now(), signed_by="recipient", note=row.how)
        return commands.end_parcel(actor=clerk, case_no=case.case_no, end=found)

    return end


def _fail(clerk: Actor, case: Case, row: CaseShape) -> object:
    attempt = commands.Attempt(way="visit", outcome="absent", at=moment.now(), place=_PLACE, note=row.how)
    return commands.note_failed_service(actor=clerk, case_no=case.case_no, attempt=attempt)


def _leave(clerk: Actor, case: Case, row: CaseShape) -> object:
    seen = [
        commands.Witness(name="文建军", unit="渌口镇湾塘社区居民委员会"),
        commands.Witness(name="谭秋香", unit="渌口镇湾塘社区居民委员会"),
    ]
    leaving = commands.Leaving(at=moment.now(), place=_PLACE, reason=row.how, witnesses=seen)
    return commands.leave_documents(actor=clerk, case_no=case.case_no, leaving=leaving)


def _announce(clerk: Actor, case: Case, row: CaseShape) -> object:
    return commands.publish_notice(actor=clerk, case_no=case.case_no, reason="unknown", account=row.how)


#: Ends before acceptance, by the clerk; ends afterwards, by the head of the section; ways of service, by the clerk.
BEFORE_ACCEPTANCE: Final[Mapping[Stage, Act]] = MappingProxyType({"not_accepted": _refuse_acceptance})
BY_THE_HEAD: Final[Mapping[Stage, Act]] = MappingProxyType({"voided": _void, "transferred": _transfer})
SERVICE: Final[Mapping[Stage, Act]] = MappingProxyType(
    {"sent": _send, "signed": _send, "rejected": _send, "failed": _fail, "left": _leave, "announced": _announce}
)
#: How parcels end, read by the clerk from the slip that comes back.
PARCELS: Final[Mapping[Stage, Act]] = MappingProxyType(
    {"signed": _end_parcel("signed"), "rejected": _end_parcel("refused")}
)
