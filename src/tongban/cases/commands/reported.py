"""What the system in which a case is run reports of it: kept as it came, applied once each, in its order.

A report that comes twice changes nothing; one that comes too early waits for those before it, which are asked for.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, events, telling
from tongban.cases.commands import beyond, closing, opening
from tongban.cases.commands.deciding import on_time
from tongban.cases.models import Case, Decision, ForeignReport, HandOver
from tongban.cases.queries.access import access_case
from tongban.cases.queries.completion import certificate_reported
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import BEFORE_ACCEPTANCE, IN_HAND, ResultCode, State
from tongban.catalogue.queries import definition_of
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import Invalid, NotFound
from tongban.partners import registries as partners
from tongban.partners.adapters import RunningReport

#: From which states a report moves the case; from another one it is only written down.
_FROM: Final[dict[str, frozenset[State]]] = {
    "received": frozenset({State.SUBMITTED}),
    "accepted": BEFORE_ACCEPTANCE,
    "not_accepted": BEFORE_ACCEPTANCE,
    "granted": BEFORE_ACCEPTANCE | IN_HAND,
    "refused": BEFORE_ACCEPTANCE | IN_HAND,
    "result": frozenset({State.DECIDED_GRANTED}),
    "delivered": frozenset({State.COMPLETED, State.DECIDED_REFUSED}),
    "withdrawn": BEFORE_ACCEPTANCE | IN_HAND,
}
#: How far the clocks of two systems may differ.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_LAST: Final = frozenset({"not_accepted", "delivered", "withdrawn"})
#: What a report must hold, because its completion code needs it (`ends`).
_NEEDED: Final = {"not_accepted": "reason", "refused": "reason", "result": "number"}


def take_report(*, system: str, report: RunningReport) -> int:
    """Keep a report of a system on a case that was handed over to it, and apply what has its turn; gives how many.

    It takes no actor: the adapter has checked the signature, and a system reports of its own cases only.

    Raises:
        NotFound: no such case was handed over to this system.
        CaseRefusal: another report came under this number (`report_conflict`).
        Invalid: its moment lies before the application, or in the future (`report_moment`); it lacks the reason or the
            number that its end needs (`report_incomplete`).
    """
    needed = _NEEDED.get(report.kind)
    if needed and not getattr(report, needed).strip():
        words = _("不予受理、不予许可要写明理由，制发结果要写明编号。请补全后用同一序号重新报送。")
        raise Invalid(words, code="report_incomplete")
    with transaction.atomic():
        known = HandOver.objects.filter(case__case_no=report.case_no, system=system).first()
        if known is None:
            raise NotFound(_("这个办件"), code="case_not_found")
        case = access_case(SYSTEM, report.case_no, lock=True)
        order = HandOver.objects.select_for_update().get(pk=known.pk)
        if not case.submitted_at - _CLOCKS_DIFFER <= report.at <= moment.now() + _CLOCKS_DIFFER:
            raise Invalid(_("报送的时间早于申请提交，或者晚于现在。请核对对方系统的时钟。"), code="report_moment")
        _keep(order, report)
        return _apply_ready(case, order)


def ask_for_reports(*, case_no: str) -> int:
    """Ask the system for what was reported after the last report applied; gives how many were applied.

    Raises:
        PartnerUnreachableError: to be asked again.
    """
    order = HandOver.objects.filter(case__case_no=case_no, state=HandOver.State.TAKEN, ended=False).first()
    if order is None:
        return 0
    found = partners.running_system(order.system).reports(system=order.system, case_no=case_no, after=order.applied)
    applied = sum(take_report(system=order.system, report=one) for one in found if one.case_no == case_no)
    HandOver.objects.filter(pk=order.pk).update(asked_at=moment.now())
    return applied


def to_be_asked(minutes: int, limit: int = 200) -> list[str]:
    """Numbers of running cases of which nothing was asked for longer, those longest not asked first."""
    late = moment.now() - timedelta(minutes=minutes)
    running = HandOver.objects.filter(state=HandOver.State.TAKEN, ended=False)
    never = list(
        running.filter(asked_at__isnull=True, settled_at__lt=late)
        .order_by("pk")
        .values_list("case__case_no", flat=True)[:limit]
    )
    again = running.filter(asked_at__lt=late).order_by("asked_at").values_list("case__case_no", flat=True)
    return [*never, *again[: limit - len(never)]]


def _keep(order: HandOver, report: RunningReport) -> None:
    content = {
        name: getattr(report, name)
        for name in ("unit", "words", "reason", "basis", "number", "name", "valid_to")
        if getattr(report, name)
    }
    if report.materials:
        content["materials"] = list(report.materials)
    row, is_new = ForeignReport.objects.get_or_create(
        hand_over=order,
        seq=report.seq,
        defaults={"kind": report.kind, "at": report.at, "content": content, "received_at": moment.now()},
    )
    if not is_new and (row.kind, row.at, row.content) != (report.kind, report.at, content):
        raise CaseRefusal("report_conflict", _("这个序号已经报过另一项内容。请用新的序号报送更正。"))


def _apply_ready(case: Case, order: HandOver) -> int:
    """Apply the reports that follow without a gap."""
    before = order.applied
    for report in order.reports.filter(seq__gt=before).order_by("seq"):
        if report.seq != order.applied + 1:
            break
        _apply(case, report)
        order.applied = report.seq
        order.ended = order.ended or report.kind in _LAST or State(case.state) == State.WITHDRAWN
    if order.applied != before:
        order.save(update_fields=["applied", "ended"])
    return order.applied - before


def _apply(case: Case, report: ForeignReport) -> None:
    content: Mapping[str, Any] = report.content
    if report.kind in _FROM and State(case.state) not in _FROM[report.kind]:
        _note(case, report)
        return
    match report.kind:
        case "received":
            _received(case, report.at)
        case "accepted":
            _accepted(case, report.at)
        case "not_accepted":
            _not_accepted(case, report)
        case "granted" | "refused":
            _decided(case, report, granted=report.kind == "granted")
        case "result":
            _result(case, report)
        case "delivered":
            _delivered(case, report.at)
        case "withdrawn":
            _withdrawn(case, report)
        case "correction" | "step":
            _note(case, report)
    telling.reported(case, _TOLD[report.kind], str(content.get("words") or content.get("number") or ""))


#: Titles of the messages to the applicant.
_TOLD: Final = {
    "received": "材料已收",
    "correction": "请补正材料",
    "accepted": "申请已受理",
    "not_accepted": "申请未被受理",
    "step": "办理有进展",
    "granted": "准予决定",
    "refused": "不予决定",
    "result": "结果已制发",
    "delivered": "结果已送达",
    "withdrawn": "申请已撤回",
}


def _note(case: Case, report: ForeignReport) -> None:
    told = events.ForeignStepReported(report=report.seq, stage=report.kind)
    opening.tell(case, told, actor=SYSTEM, at=report.at)
    if report.kind == "correction":
        beyond.note_unlisted(case, report.content.get("materials", ()), report.content.get("words", ""), report.at)


def _received(case: Case, at: datetime) -> None:
    # As for any application filed online: it was received when it entered the system (电子签名法 art. 11).
    received_at = at if case.channel == "window" else case.submitted_at
    due = clock.acceptance_due(received_at, work_calendar(case.division_id))
    opening.save(
        case,
        state=State.RECEIVED,
        received_at=received_at,
        due_acceptance_on=due.date,
        due_provisional=due.provisional,
    )
    told = events.CaseReceived(
        received_at=received_at, due_acceptance_on=due.date, by_organisation=case.organisation.code
    )
    opening.tell(case, told, actor=SYSTEM, at=at)


def _accepted(case: Case, at: datetime) -> None:
    dues = clock.decision_dues(at, definition_of(case.item_version), work_calendar(case.division_id))
    provisional = dues.promised.provisional or dues.statutory.provisional
    opening.save(
        case,
        state=State.HANDLING,
        accepted_at=at,
        promised_due_on=dues.promised.date,
        statutory_due_on=dues.statutory.date,
        due_provisional=provisional,
    )
    told = events.CaseAccepted(
        accepted_at=at,
        promised_due_on=dues.promised.date,
        statutory_due_on=dues.statutory.date,
        provisional=provisional,
        by_organisation=case.organisation.code,
    )
    opening.tell(case, told, actor=SYSTEM, at=at)


def _not_accepted(case: Case, report: ForeignReport) -> None:
    _close(case, report, State.NOT_ACCEPTED, ResultCode.NOT_ACCEPTED, decided_at=report.at)
    opening.tell(case, events.AcceptanceRefused(right_body=None), actor=SYSTEM, at=report.at)


def _decided(case: Case, report: ForeignReport, *, granted: bool) -> None:
    if case.accepted_at is None:
        # A decision without a word on acceptance before: it was accepted at the latest now.
        _accepted(case, report.at)
    if granted:
        Decision.objects.create(case=case, kind="granted", decided_at=report.at, **_why(report))
        opening.save(case, state=State.DECIDED_GRANTED, decided_at=report.at)
    else:
        _close(case, report, State.DECIDED_REFUSED, ResultCode.REFUSED, decided_at=report.at)
    told = events.CaseDecided(granted=granted, decided_at=report.at, on_time=on_time(case))
    opening.tell(case, told, actor=SYSTEM, at=report.at)


def _result(case: Case, report: ForeignReport) -> None:
    certificate = certificate_reported(report)
    closing.close(SYSTEM, case, State.COMPLETED, ResultCode.LICENCE, at=report.at, certificate=certificate)
    told = events.ResultIssued(result_code=ResultCode.LICENCE, on_time=on_time(case))
    opening.tell(case, told, actor=SYSTEM, at=report.at)


def _delivered(case: Case, at: datetime) -> None:
    opening.save(case, delivered_at=at)
    opening.tell(case, events.ResultDelivered(method="elsewhere"), actor=SYSTEM, at=at)


def _withdrawn(case: Case, report: ForeignReport) -> None:
    _close(case, report, State.WITHDRAWN, ResultCode.RETURNED, otherwise=_("申请人撤回申请。"))
    opening.tell(case, events.CaseWithdrawn(), actor=SYSTEM, at=report.at)


def _close(
    case: Case, report: ForeignReport, state: State, code: ResultCode, *, otherwise: str = "", **columns: Any
) -> None:
    why = _why(report)
    why["reason"] = why["reason"] or otherwise
    closing.close(SYSTEM, case, state, code, at=report.at, **why, **columns)


def _why(report: ForeignReport) -> dict[str, Any]:
    return {name: str(report.content.get(name, "")) for name in ("reason", "basis")}
