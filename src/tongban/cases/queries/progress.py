"""How a case stands, in words that an applicant understands: what happened, what comes, how much time is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from tongban.base import chain, moment, reading
from tongban.base.calendar import work_calendar
from tongban.base.chain import Event
from tongban.base.web.formats import cn_day
from tongban.base.web.parts import ClockBar, clock_bar
from tongban.cases import clock, events, service_events
from tongban.cases.models import Case, CaseStep
from tongban.cases.queries.dossier import ask_steps, steps_of
from tongban.cases.queries.elsewhere import REPORT_LABELS, Elsewhere, elsewhere
from tongban.cases.states import ENDED, LABELS, TO_COMPLETE, TO_DELIVER, TONES, State
from tongban.cases.ways import OUTCOMES
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.documents.queries import ask_documents, documents_of
from tongban.kernel.workdays import WorkCalendar

Phase = Literal["done", "now", "wait", "next", "stop"]

#: Documents that an applicant sees with the act that made them.
_TITLES = {
    events.CaseSubmitted.kind: (gettext_noop("申请已提交"), "application"),
    events.CaseReceived.kind: (gettext_noop("收件"), "receipt"),
    events.PreReviewReturned.kind: (gettext_noop("预审退回，一次性告知补正"), "correction"),
    events.ApplicationAmended.kind: (gettext_noop("补齐后重新提交"), ""),
    events.CorrectionRequested.kind: (gettext_noop("一次性告知补正"), "correction"),
    events.CorrectionSubmitted.kind: (gettext_noop("补正材料已交"), ""),
    events.CaseAccepted.kind: (gettext_noop("受理"), "acceptance"),
    events.AcceptanceRefused.kind: (gettext_noop("不予受理"), "acceptance_refusal"),
    events.NoPermitNeededTold.kind: (gettext_noop("告知不需要许可"), "no_permit_needed"),
    events.CaseDecided.kind: (gettext_noop("作出决定"), ""),
    events.ResultIssued.kind: (gettext_noop("结果已制发"), "licence"),
    events.ResultDelivered.kind: (gettext_noop("送达"), "delivery_receipt"),
    service_events.DeliveryChanged.kind: (gettext_noop("更改领取方式"), ""),
    service_events.ParcelPosted.kind: (gettext_noop("结果已寄出"), ""),
    service_events.ServiceFailed.kind: (gettext_noop("结果没有送到"), ""),
    service_events.NoticePublished.kind: (gettext_noop("公告送达"), "service_notice"),
    events.CaseWithdrawn.kind: (gettext_noop("撤回申请"), "termination"),
    events.CaseVoided.kind: (gettext_noop("办件作废"), "termination"),
    events.CaseTransferred.kind: (gettext_noop("转报其他机关办理"), "termination"),
    events.CaseReturned.kind: (gettext_noop("逾期未补正，退件"), "termination"),
    events.EntryDeleted.kind: (gettext_noop("录入错误，已删除"), "termination"),
    events.CaseHandedOver.kind: (gettext_noop("已移交部省系统办理"), ""),
    events.BodySucceeded.kind: (gettext_noop("受理机关变更，办件由新机关继续办理"), ""),
}
#: Where decisions lead that are not called as the state.
_STATES = {"granted": State.COMPLETED, "refused": State.DECIDED_REFUSED}
#: Events after which a result is in the post, and after which it is not.
_SERVICE = frozenset({service_events.ParcelPosted.kind, service_events.ServiceFailed.kind})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One point of the line: done, now, waiting for the applicant, still to come, or the end."""

    phase: Phase
    title: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    document: Document | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """The clock in words ("还剩 3 个工作日，预计 12 月 3 日前办结") and drawn as days."""

    words: str
    tone: str
    bar: ClockBar
    used: int
    left: int
    promised_on: date | None
    statutory_on: date | None
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The progress page of a case."""

    case: Case
    definition: Definition
    state_label: str
    tone: str
    headline: str
    entries: tuple[Entry, ...]
    clock: ClockView | None
    documents: tuple[Document, ...]
    #: Where the case is run, if that is a system of others.
    elsewhere: Elsewhere | None


def progress(case: Case) -> Progress:
    """How the case stands, for the applicant: from its events, its steps and its clock."""
    definition = definition_of(case.item_version)
    state = State(case.state)
    with reading.once():
        reading.ahead(ask_documents(case.subject), chain.ask_events(case.subject), ask_steps(case))
        documents = tuple(one for one in documents_of(case.subject) if one.kind != "approval_form")
        happened, steps = chain.events(case.subject), steps_of(case)
    return Progress(
        case=case,
        definition=definition,
        state_label=_(LABELS[state]),
        tone=TONES[state],
        headline=headline(case),
        entries=(*_past(case, documents, happened, steps), *_future(case, definition, steps, happened)),
        clock=clock_view(case, happened),
        documents=documents,
        elsewhere=elsewhere(case),
    )


def headline(case: Case, calendar: WorkCalendar | None = None) -> str:
    """What the applicant wants to know first, as one sentence; lists hand in the division's calendar."""
    state = State(case.state)
    today = moment.today()
    calendar = calendar or work_calendar(case.division_id)
    if state in TO_COMPLETE:
        return _("请在%(day)s前一次补齐材料。") % {"day": cn_day(case.correction.due_on)}
    if state in {State.SUBMITTED, State.RECEIVED} and case.due_acceptance_on:
        left = _left_words(today, case.due_acceptance_on, calendar)
        return _("%(left)s，%(day)s前告知是否受理。") % {"left": left, "day": cn_day(case.due_acceptance_on)}
    if state in {State.HANDLING, State.REVIEWING, State.APPROVING} and case.promised_due_on:
        left = _left_words(today, case.promised_due_on, calendar)
        return _("%(left)s，预计%(day)s前办结。") % {"left": left, "day": cn_day(case.promised_due_on)}
    if state == State.DECIDED_GRANTED:
        return _("已准予，正在制发结果。")
    if state == State.COMPLETED:
        there = definition_of(case.item_version).runs_in
        if there is not None and not case.delivered_at:
            return _("已办结，结果由%(system)s发放。") % {"system": there.name}
        return _("结果已送达。") if case.delivered_at else _("已办结，请领取结果。")
    if state == State.DECIDED_REFUSED:
        return _("未获准予，理由和救济途径见决定书。")
    return _ended_words(case, state)


def _ended_words(case: Case, state: State) -> str:
    if state == State.NOT_ACCEPTED:
        return _("本件不予受理，理由和救济途径见决定书。")
    if state == State.TRANSFERRED:
        return _("已转报%(body)s办理，后续进展请向该机关查询。") % {"body": case.decision.right_body}
    if state == State.VOIDED:
        return _("本件已作废，理由见终止告知书。需要继续办理的，可以重新申请。")
    if state == State.RETURNED:
        return _("到期没有补正，已作退件处理。需要办理的，可以重新申请。")
    if state == State.DELETED:
        return _("本件是窗口录入错误，已删除，原因见终止告知书。")
    if state == State.ARCHIVED:
        decision = getattr(case, "decision", None)  # Withdrawals of before have none.
        end = _(LABELS[_STATES.get(decision.kind) or State(decision.kind) if decision else State.WITHDRAWN])
        return _("本件已归档（%(end)s），文书和材料仍可查看、下载。") % {"end": end}
    return _("本件%(state)s。") % {"state": _(LABELS[state])}


def clock_view(case: Case, happened: Sequence[Event] | None = None) -> ClockView | None:
    """The drawn clock of the decision, once the case is accepted; None before and for what is done on the spot."""
    if case.accepted_at is None or case.promised_due_on is None:
        return None
    definition = definition_of(case.item_version)
    if definition.promised.unit == "at_once":
        return None
    calendar = work_calendar(case.division_id)
    ended = case.decided_at or case.completed_at
    today = moment.today()
    stopped_on = moment.local_date(ended) if ended else None
    read = clock.decision_clock(happened or chain.events(case.subject), definition, calendar, moment.now())
    bar = clock_bar(
        calendar=calendar,
        first_day=calendar.next_workday(moment.local_date(case.accepted_at) + timedelta(days=1)),
        today=today,
        promised_due=case.promised_due_on,
        statutory_due=case.statutory_due_on,
        stopped_on=stopped_on,
    )
    words = (
        ngettext("用了 %(n)s 个工作日，%(day)s作出决定", "用了 %(n)s 个工作日，%(day)s作出决定", read.used)
        % {"n": read.used, "day": cn_day(stopped_on)}
        if case.decided_at
        else headline(case).rstrip("。.")
    )
    return ClockView(
        words=words,
        tone="late" if not ended and today > case.promised_due_on else "run",
        bar=bar,
        used=read.used,
        left=read.left,
        promised_on=case.promised_due_on,
        statutory_on=case.statutory_due_on,
        provisional=case.due_provisional,
    )


def _past(
    case: Case, documents: tuple[Document, ...], happened: Sequence[Event], steps: Sequence[CaseStep]
) -> list[Entry]:
    by_kind: dict[str, Document] = {}
    for one in documents:
        by_kind.setdefault(one.kind, one)
    by_key = {one.key: one for one in steps}
    entries: list[Entry] = []
    seen: set[str] = set()
    for event in happened:
        if event.kind == events.StepCompleted.kind:
            step = by_key.get(str(event.payload["step"]))
            if step is not None:
                note = _("退回后重新办理") if step.key in seen else ""
                seen.add(step.key)
                who = step.organisation.name
                entries.append(Entry(phase="done", title=step.name, at=event.at, who=who, note=note))
            continue
        if event.kind == events.ForeignStepReported.kind:
            stage = _(REPORT_LABELS[str(event.payload["stage"])])
            entries.append(Entry(phase="done", title=stage, at=event.at, who=case.organisation.name))
            continue
        if event.kind not in _TITLES:
            continue
        title, paper = _TITLES[event.kind]
        if event.kind == events.CaseDecided.kind:
            granted = bool(event.payload["granted"])
            title, paper = (gettext_noop("决定准予"), "granted") if granted else (gettext_noop("决定不予"), "refused")
        who = side_of(case, event.actor_ref) if event.actor_ref.startswith("citizen") else case.organisation.name
        if event.kind == events.CaseReceived.kind and case.received_by:
            who = case.received_by.name
        entries.append(
            Entry(phase="done", title=_(title), at=event.at, who=who, document=by_kind.get(paper), note=_note(event))
        )
    return entries


def side_of(case: Case, actor_ref: str) -> str:
    """Who of the applicant's side did something: the applicant, or the agent who filed online."""
    by_agent = bool(case.agent) and actor_ref == f"citizen:{case.account_id}"
    return _("代办人") if by_agent else _("申请人")


def _future(case: Case, definition: Definition, steps: Sequence[CaseStep], happened: Sequence[Event]) -> list[Entry]:
    state = State(case.state)
    if state in ENDED:
        return _to_collect(case, definition, happened) if state in TO_DELIVER and not case.delivered_at else []
    if state in TO_COMPLETE:
        return [Entry(phase="wait", title=_("等您补正材料"), due_on=case.correction.due_on)]
    there = definition.runs_in
    if there is not None:
        return [Entry(phase="now", title=_("在%(system)s办理") % {"system": there.name}, who=case.organisation.name)]
    coming: list[Entry] = []
    if state in {State.SUBMITTED, State.RECEIVED}:
        coming.append(
            Entry(phase="now", title=_("决定是否受理"), who=case.organisation.name, due_on=case.due_acceptance_on)
        )
        coming.extend(Entry(phase="next", title=one.name) for one in definition.steps)
    for step in steps:
        if step.state in {"waiting", "open"}:
            phase: Phase = "now" if step.state == "open" else "next"
            coming.append(Entry(phase=phase, title=step.name, who=step.organisation.name, due_on=step.due_on))
    if state == State.DECIDED_GRANTED:
        coming.append(Entry(phase="now", title=_("制发结果"), who=case.organisation.name))
    coming.append(Entry(phase="next", title=_("领取结果")))
    return coming


def _to_collect(case: Case, definition: Definition, happened: Sequence[Event]) -> list[Entry]:
    """What is left where there is a result: another system gives it out, it comes by post, or it is fetched."""
    refused = State(case.state) == State.DECIDED_REFUSED
    if definition.runs_in is not None:
        title = _("在%(system)s办理") % {"system": definition.runs_in.name}
        return [] if refused else [Entry(phase="now", title=title, who=case.organisation.name)]
    served = [one.kind for one in happened if one.kind in _SERVICE]
    if served and served[-1] == service_events.ParcelPosted.kind:
        return [Entry(phase="now", title=_("正在邮寄，请留意签收"))]
    return [Entry(phase="wait", title=_("等您领取决定书") if refused else _("等您领取结果"))]


def _note(event: Event) -> str:
    """What the applicant should know of an event besides its name."""
    if event.kind == events.CaseAccepted.kind:
        return _("受理之日不计入办理期限，从下一个工作日起算。")
    if event.kind == service_events.ServiceFailed.kind:
        return _(OUTCOMES[str(event.payload["outcome"])])
    if event.kind == service_events.NoticePublished.kind:
        day = date.fromisoformat(str(event.payload["ends_on"]))
        return _("至%(day)s期满，即视为送达。期满前可以到窗口领取。") % {"day": cn_day(day)}
    return ""


def _left_words(today: date, due: date, calendar: WorkCalendar) -> str:
    if due < today:
        late = calendar.count(due, today)
        return ngettext("已超期 %(n)s 个工作日", "已超期 %(n)s 个工作日", late) % {"n": late}
    left = calendar.count(today, due)
    if left == 0:
        return _("今天到期")
    return ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}
