"""Everything about a case on one screen of the desk, and what the person looking may do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.base import chain
from tongban.cases import policy, rounds
from tongban.cases.applicants import Applicant, Service
from tongban.cases.events import EVENT_LABELS, OriginalChecked, StepReturned
from tongban.cases.models import Case, CaseMaterial, CaseStep, Correction, Decision, MaterialMark, OpinionDraft
from tongban.cases.papers import form_lines, proof_words
from tongban.cases.queries import claims
from tongban.cases.queries.access import access_case, window_ids
from tongban.cases.queries.marks import open_marks, told_marks
from tongban.cases.queries.progress import ClockView, clock_view
from tongban.cases.queries.writing import opinion_drafts
from tongban.cases.states import ACT_LABELS, LABELS, TONES, Act, State, allows
from tongban.catalogue.models import Definition, Material
from tongban.catalogue.queries import definition_of, materials_for, situation_words
from tongban.documents.models import Document
from tongban.documents.queries import documents_of
from tongban.identity.queries import names_of
from tongban.kernel import chinese
from tongban.kernel.actor import Actor
from tongban.kernel.codes import document_kinds
from tongban.payments.models import Bill
from tongban.payments.queries import bills_of

EVENTS_SHOWN_MAX = 200

#: Law that stands beside an act on the page.
_LAW = {
    Act.REQUEST_CORRECTION: "申请材料不齐全或者不符合法定形式的，应当当场或者在五日内一次告知申请人需要补正的全部内容，"
    "逾期不告知的，自收到申请材料之日起即为受理。（《行政许可法》第三十二条）",
    Act.REFUSE_ACCEPTANCE: "不予受理应当出具加盖专用印章和注明日期的书面凭证，说明理由；不属于本机关职权的，"
    "告知向有关机关申请。（《行政许可法》第三十二条）",
    Act.TELL_NO_PERMIT_NEEDED: "申请事项依法不需要取得行政许可的，应当即时告知申请人不受理。"
    "（《行政许可法》第三十二条）",
    Act.DECIDE: "不予行政许可的，应当说明理由，并告知申请人依法申请行政复议或者提起行政诉讼的权利。"
    "（《行政许可法》第三十八条）",
    Act.ISSUE_RESULT: "应当自作出决定之日起十日内颁发、送达行政许可证件。（《行政许可法》第四十四条）",
}
_DANGEROUS = {
    Act.REFUSE_ACCEPTANCE,
    Act.TELL_NO_PERMIT_NEEDED,
    Act.WITHDRAW,
    Act.WITHDRAW_AT_WINDOW,
    Act.TRANSFER,
    Act.VOID,
}
#: What of a form is starred until somebody says why it must be seen, by the field's widget.
_MASKS = {"id_number": chinese.mask_id, "phone": chinese.mask_phone}
#: In which order acts are offered; the first that is not dangerous is the primary one.
_ORDER = (
    Act.RECEIVE,
    Act.ACCEPT,
    Act.COMPLETE_STEP,
    Act.DECIDE,
    Act.ISSUE_RESULT,
    Act.DELIVER,
    Act.SUBMIT_CORRECTION,
    Act.CLAIM_STEP,
    Act.RETURN_STEP,
    Act.CLAIM_RECEPTION,
    Act.REQUEST_CORRECTION,
    Act.REFUSE_ACCEPTANCE,
    Act.TELL_NO_PERMIT_NEEDED,
    Act.CORRECT_AT_WINDOW,
    Act.WITHDRAW,
    Act.WITHDRAW_AT_WINDOW,
    Act.TRANSFER,
    Act.VOID,
    Act.RELEASE_RECEPTION,
    Act.RELEASE_STEP,
)


@dataclass(frozen=True, kw_only=True)
class Possible:
    """An act that this person may do now; `step` where it is about a step."""

    act: Act
    label: str
    primary: bool
    dangerous: bool
    law: str
    step: CaseStep | None = None
    #: Of a step: the points that the guide wants looked at.
    checklist: tuple[str, ...] = ()
    #: Of a step that may be sent back: key and name of each earlier step.
    targets: tuple[tuple[str, str], ...] = ()
    #: Of a step: what this person has written about it and not yet given.
    saved: OpinionDraft | None = None

    @property
    def key(self) -> str:
        """The act, with its step where several steps may be open: unique on the page."""
        return f"{self.act}-{self.step.key}" if self.step else str(self.act)

    @property
    def id(self) -> str:
        """What the ids of its form's fields begin with."""
        return f"id_{self.key}"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """How the application was signed."""

    words: str
    at: datetime
    sha256: str
    #: Identifier of the scanned sheet, where there is one.
    paper: str


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """One event of the chain, with the name of who did it."""

    at: datetime
    kind: str
    label: str
    who: str
    seq: int
    detail: str


@dataclass(frozen=True, kw_only=True)
class MaterialView:
    """A material of the guide, with what was handed in for it (replaced files too)."""

    material: Material
    given: tuple[CaseMaterial, ...]

    @property
    def files(self) -> int:
        """How many files there are now, replaced ones not counted."""
        return sum(one.current and one.file_id is not None for one in self.given)


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """What the desk shows of a case."""

    case: Case
    definition: Definition
    state_label: str
    tone: str
    applicant: Applicant
    document_label: str
    masked_number: str
    masked_phone: str
    agent_name: str
    service: Service
    situation: tuple[tuple[str, str], ...]
    form: tuple[dict[str, str], ...]
    #: Whether numbers in the form are masked here.
    form_masked: bool
    signature: Signed | None
    decision: Decision | None
    #: Whether the actor may take money for this case at the window.
    may_collect: bool
    materials: tuple[MaterialView, ...]
    steps: tuple[CaseStep, ...]
    correction: Correction | None
    #: What is marked as wrong: for the notice to come, or with the notice that was given.
    marks: tuple[MaterialMark, ...]
    #: Whether the actor may mark and take marks off; whether it may record that an original was seen.
    may_mark: bool
    may_check_original: bool
    documents: tuple[Document, ...]
    bills: tuple[Bill, ...]
    history: tuple[HistoryLine, ...]
    clock: ClockView | None
    acts: tuple[Possible, ...]
    #: What cannot be done and why, where somebody might look for it ("a second first notice").
    closed: tuple[tuple[str, str], ...]

    @property
    def application(self) -> Document | None:
        """The signed application (申请书)."""
        return next((one for one in self.documents if one.kind == "application"), None)


def case_page(actor: Actor, case_no: str, *, form_in_clear: bool = False) -> CasePage:
    """The case page, if the actor may see the case.

    `form_in_clear`: with identity and telephone numbers of the form in clear; the caller has had that logged.

    Raises:
        NotFound: absent or not the actor's to see.
    """
    case = access_case(actor, case_no)
    definition = definition_of(case.item_version)
    applicant = Applicant.from_json(case.applicant)
    steps = tuple(case.steps.select_related("organisation", "claimed_by", "done_by"))
    correction = Correction.objects.filter(case=case).first()
    state = State(case.state)
    shown = case.form if form_in_clear else masked_form(definition, case.form)
    documents = tuple(documents_of(case.subject))
    windows = window_ids(case)
    return CasePage(
        case=case,
        definition=definition,
        state_label=LABELS[state],
        tone=TONES[state],
        applicant=applicant,
        document_label=document_kinds.document_kind(applicant.document_kind).name if applicant.document_kind else "",
        masked_number=_masked_number(applicant),
        masked_phone=chinese.mask_phone(applicant.phone) if applicant.phone else "",
        agent_name=str(case.agent.get("name", "")),
        service=Service.from_json(case.service),
        situation=situation_words(definition, case.answers),
        form=tuple(form_lines(definition, case, form=shown)),
        form_masked=shown != case.form,
        signature=_signed(case),
        decision=Decision.objects.filter(case=case).first(),
        may_collect=policy.permission(actor, case, Act.ISSUE_RESULT, windows)[0],
        materials=_materials(case, definition),
        steps=steps,
        correction=correction,
        marks=tuple(told_marks(case) if correction else open_marks(case)),
        may_mark=correction is None and _may(actor, case, Act.REQUEST_CORRECTION, windows),
        may_check_original=_may(actor, case, Act.CHECK_ORIGINAL, windows),
        documents=documents,
        bills=tuple(bills_of(case.subject)),
        history=_history(case, steps, documents, {one.key: one.name for one in definition.materials}),
        clock=clock_view(case),
        acts=possible_acts(actor, case, steps=steps, saved=opinion_drafts(actor, case)),
        closed=_closed(actor, case, correction),
    )


def possible_acts(
    actor: Actor,
    case: Case,
    *,
    steps: tuple[CaseStep, ...] | None = None,
    saved: Mapping[int, OpinionDraft] | None = None,
) -> tuple[Possible, ...]:
    """What the actor may do to the case now, the next act first. The same predicates that the commands ask."""
    windows = window_ids(case)
    left_out = claims.left_out(actor, case)
    found: list[tuple[Act, CaseStep | None]] = []
    for act in _ORDER:
        if not allows(act, State(case.state)) or act in left_out:
            continue
        if act == Act.DELIVER and case.delivered_at is not None:
            continue
        if act in policy.STEP_ACTS:
            found.extend(_step_acts(actor, case, act, steps))
        elif policy.permission(actor, case, act, windows)[0] and not _spent(case, act):
            found.append((act, None))
    first = next((index for index, (act, _step) in enumerate(found) if act not in _DANGEROUS), None)
    definition = definition_of(case.item_version)
    return tuple(
        Possible(
            act=act,
            label=ACT_LABELS[act],
            primary=index == first,
            dangerous=act in _DANGEROUS,
            law=_LAW.get(act, ""),
            step=step,
            checklist=_checklist(definition, step),
            targets=_targets(definition, step) if act == Act.RETURN_STEP else (),
            saved=saved.get(step.pk) if saved and step else None,
        )
        for index, (act, step) in enumerate(found)
    )


def _may(actor: Actor, case: Case, act: Act, windows: frozenset[int]) -> bool:
    return allows(act, State(case.state)) and policy.permission(actor, case, act, windows)[0]


def masked_form(definition: Definition, form: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the form with the middle of identity and telephone numbers starred, those in tables too."""
    properties: Mapping[str, Any] = definition.form.get("properties", {})
    return {key: _masked(properties.get(key, {}), value) for key, value in form.items()}


def _masked(field: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list) and field.get("x-widget") == "table":
        columns: Mapping[str, Any] = field.get("items", {}).get("properties", {})
        return [{key: _masked(columns.get(key, {}), cell) for key, cell in row.items()} for row in value]
    mask = _MASKS.get(str(field.get("x-widget", "")))
    return mask(value) if mask and isinstance(value, str) else value


def _signed(case: Case) -> Signed | None:
    found = case.signatures.filter(purpose="application").first()
    if found is None:
        return None
    return Signed(
        words=proof_words(found.method),
        at=found.signed_at,
        sha256=found.sha256,
        paper=str(found.evidence.get("paper", "")),
    )


def _checklist(definition: Definition, step: CaseStep | None) -> tuple[str, ...]:
    if step is None:
        return ()
    return next((tuple(one.checklist) for one in definition.steps if one.key == step.key), ())


def _targets(definition: Definition, step: CaseStep | None) -> tuple[tuple[str, str], ...]:
    """Where the step may send the case back to, the nearest first."""
    if step is None:
        return ()
    names = {one.key: one.name for one in definition.steps}
    return tuple((key, names[key]) for key in reversed(rounds.targets(definition, step.key, step.kind)))


def _spent(case: Case, act: Act) -> bool:
    """Whether an act that may be done once was done: the first notice of what is missing."""
    return act == Act.REQUEST_CORRECTION and Correction.objects.filter(case=case).exists()


def _step_acts(
    actor: Actor, case: Case, act: Act, steps: tuple[CaseStep, ...] | None
) -> list[tuple[Act, CaseStep | None]]:
    found: list[tuple[Act, CaseStep | None]] = []
    for step in steps if steps is not None else tuple(case.steps.select_related("organisation")):
        if act == Act.RELEASE_STEP and claims.may_release(actor, step):
            found.append((act, step))
        if step.state != "open" or policy.step_post(actor, step) is None:
            continue
        if step.claimed_by_id not in {None, actor.account_id}:
            continue
        wanted = {Act.DECIDE} if step.kind == "approval" else {Act.COMPLETE_STEP}
        if step.claimed_by_id is None:
            wanted.add(Act.CLAIM_STEP)
        if rounds.targets(definition_of(case.item_version), step.key, step.kind):
            wanted.add(Act.RETURN_STEP)
        if act in wanted:
            found.append((act, step))
    return found


def _masked_number(applicant: Applicant) -> str:
    if not applicant.document_number:
        return ""
    if applicant.kind == "company":
        return applicant.document_number
    return document_kinds.mask(applicant.document_kind, applicant.document_number)


def _materials(case: Case, definition: Definition) -> tuple[MaterialView, ...]:
    given = list(case.materials.select_related("file").order_by("pk"))
    return tuple(
        MaterialView(material=one, given=tuple(row for row in given if row.key == one.key))
        for one in materials_for(definition, case.answers, case.form)
    )


def _history(
    case: Case,
    steps: tuple[CaseStep, ...],
    documents: tuple[Document, ...],
    names_of_materials: Mapping[str, str],
) -> tuple[HistoryLine, ...]:
    happened = chain.events(case.subject)[-EVENTS_SHOWN_MAX:]
    ids = {int(one.actor_ref.split(":")[1]) for one in happened if one.actor_ref.startswith("staff:")}
    names = names_of(ids)
    titles = {one.key: one.name for one in steps}
    papers = {str(one.verify_code): one.title for one in documents} | {
        str(one.public_id): one.title for one in documents
    }
    lines = []
    for one in reversed(happened):
        kind, _, key = one.actor_ref.partition(":")
        who = {"citizen": "申请人", "system": "系统", "client": "对接系统"}.get(kind) or names.get(int(key), "工作人员")
        detail = titles.get(str(one.payload.get("step", "")), "")
        if one.kind == OriginalChecked.kind:
            detail = names_of_materials.get(str(one.payload.get("material", "")), "")
        if one.kind == StepReturned.kind:
            detail = f"{detail} → {titles.get(str(one.payload['back_to']), '')}"
        if one.kind.startswith("Document"):
            detail = papers.get(str(one.payload.get("document", "")), "")
        label = EVENT_LABELS.get(one.kind, one.kind)
        lines.append(HistoryLine(at=one.at, kind=one.kind, label=label, who=who, seq=one.seq, detail=detail))
    return tuple(lines)


def _closed(actor: Actor, case: Case, correction: Correction | None) -> tuple[tuple[str, str], ...]:
    if actor.kind == "staff" and correction is not None and State(case.state) == State.RECEIVED:
        return (
            (
                "补正已告知过一次，不能再发",
                "材料已补齐的请受理；仍不符合的依法作出决定。（《行政许可法》第三十二条）",
            ),
        )
    taker = claims.reception_taker(case) if actor.kind == "staff" else None
    if taker is not None and taker.pk != actor.account_id:
        return ((_("%s已经领办收件受理") % taker.name, _("需要接手的，请他退回待领，或者请本单位负责人退回。")),)
    return ()
