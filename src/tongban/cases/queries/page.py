"""Everything about a case on one screen of the desk, and what the person looking may do next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.base import chain, reading
from tongban.base.reading import Asked
from tongban.cases import policy
from tongban.cases.applicants import Applicant, Service
from tongban.cases.event_words import EVENT_LABELS
from tongban.cases.events import CopyTaken, OriginalChecked, StepReturned
from tongban.cases.models import Archive, Case, CaseMaterial, CaseStep, Correction, Decision, MaterialMark
from tongban.cases.papers import form_lines, proof_words
from tongban.cases.queries import claims
from tongban.cases.queries.access import access_case, window_ids
from tongban.cases.queries.archives import archive_of, takes_archive
from tongban.cases.queries.colleagues import ask_colleagues
from tongban.cases.queries.completion import Completion, completion_of
from tongban.cases.queries.copies import words_of_copies
from tongban.cases.queries.dossier import (
    ask_dossier,
    correction_of,
    decision_of,
    handed_in,
    signature_of,
    steps_with_files,
)
from tongban.cases.queries.elsewhere import Elsewhere, elsewhere
from tongban.cases.queries.inbox import ask_place
from tongban.cases.queries.marks import open_marks, told_marks
from tongban.cases.queries.possible import Possible, may, possible_acts
from tongban.cases.queries.progress import ClockView, clock_view
from tongban.cases.queries.serving import Serving, ask_serving, serving
from tongban.cases.queries.writing import ask_opinion_drafts, opinion_drafts
from tongban.cases.states import LABELS, TONES, Act, State
from tongban.catalogue.models import Definition, Material
from tongban.catalogue.queries import definition_of, division_stated, materials_for, situation_words
from tongban.documents.models import Document
from tongban.documents.queries import ask_documents, documents_of
from tongban.identity.queries import ask_names_in_chain, names_in_chain
from tongban.kernel import chinese
from tongban.kernel.actor import Actor
from tongban.kernel.codes import document_kinds
from tongban.licences.queries import ask_of_case
from tongban.payments.models import Bill
from tongban.payments.queries import ask_bills, bills_of

EVENTS_SHOWN_MAX = 200

#: What of a form is starred until somebody says why it must be seen, by the field's widget.
_MASKS = {"id_number": chinese.mask_id, "phone": chinese.mask_phone}


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
    masked_address: str
    situation: tuple[tuple[str, str], ...]
    form: tuple[dict[str, str], ...]
    #: Whether numbers in the form are masked here.
    form_masked: bool
    signature: Signed | None
    decision: Decision | None
    completion: Completion | None
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
    #: Whether the actor may take copies with a watermark.
    may_copy: bool
    documents: tuple[Document, ...]
    bills: tuple[Bill, ...]
    history: tuple[HistoryLine, ...]
    clock: ClockView | None
    #: How the result is served; None while there is nothing to serve.
    serving: Serving | None
    #: Its place in the archive; None before.
    archive: Archive | None
    takes_archive: bool
    acts: tuple[Possible, ...]
    #: Where the case is run, if that is a system of others: nothing is done to it here.
    elsewhere: Elsewhere | None
    #: What cannot be done and why, where somebody might look for it ("a second first notice").
    closed: tuple[tuple[str, str], ...]

    @property
    def division(self) -> str:
        """Where the applicant lives or has its seat, as stated."""
        return division_stated(self.service.division)

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
    steps = steps_with_files(case)
    correction = correction_of(case)
    state = State(case.state)
    shown = case.form if form_in_clear else masked_form(definition, case.form)
    documents = tuple(documents_of(case.subject))
    windows = window_ids(case)
    service = serving(case)
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
        masked_address=chinese.mask_address(str(case.service.get("address", ""))),
        situation=situation_words(definition, case.answers),
        form=tuple(form_lines(definition, case, form=shown)),
        form_masked=shown != case.form,
        signature=_signed(case),
        decision=decision_of(case),
        completion=completion_of(case),
        may_collect=policy.permission(actor, case, Act.ISSUE_RESULT, windows)[0],
        materials=_materials(case, definition),
        steps=steps,
        correction=correction,
        marks=tuple(told_marks(case) if correction else open_marks(case)),
        may_mark=correction is None and may(actor, case, Act.MARK_DEFECT, windows),
        may_check_original=may(actor, case, Act.CHECK_ORIGINAL, windows),
        may_copy=policy.reading_post(actor, case, windows | {one.organisation_id for one in steps}) is not None,
        documents=documents,
        bills=tuple(bills_of(case.subject)),
        history=_history(case, steps, documents, {one.key: one.name for one in definition.materials}),
        clock=clock_view(case),
        serving=service,
        archive=archive_of(case),
        takes_archive=takes_archive(actor, case),
        acts=possible_acts(actor, case, steps=steps, saved=opinion_drafts(actor, case), service=service),
        elsewhere=elsewhere(case, actor),
        closed=_closed(actor, case, correction),
    )


@contextmanager
def reading_case(actor: Actor, case_no: str, *others: Asked) -> Iterator[None]:
    """A block in which the case and all that hangs on it, with what else the page shows, is read in two statements.

    Raises:
        NotFound: absent or not the actor's to see.
    """
    with reading.once():
        case = access_case(actor, case_no)
        reading.ahead(
            *ask_dossier(case),
            *ask_serving(case),
            *ask_opinion_drafts(actor, case),
            *ask_colleagues(actor, case),
            *ask_place(actor, case_no),
            claims.ask_reception(case),
            chain.ask_events(case.subject),
            ask_names_in_chain(case.subject),
            ask_documents(case.subject),
            ask_bills(case.subject),
            *((ask_of_case(case_no),) if case.result_code else ()),
            *others,
        )
        yield


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
    found = signature_of(case)
    if found is None:
        return None
    return Signed(
        words=proof_words(found.method),
        at=found.signed_at,
        sha256=found.sha256,
        paper=str(found.evidence.get("paper", "")),
    )


def _masked_number(applicant: Applicant) -> str:
    if not applicant.document_number:
        return ""
    if applicant.kind == "company":
        return applicant.document_number
    return document_kinds.mask(applicant.document_kind, applicant.document_number)


def _materials(case: Case, definition: Definition) -> tuple[MaterialView, ...]:
    given = handed_in(case)
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
    names = names_in_chain(case.subject)
    titles = {one.key: one.name for one in steps}
    papers = {str(one.verify_code): one.title for one in documents} | {
        str(one.public_id): one.title for one in documents
    }
    copies = words_of_copies(case, happened, names_of_materials, papers)
    lines = []
    for one in reversed(happened):
        kind, _colon, key = one.actor_ref.partition(":")
        who = {"citizen": "申请人", "system": "系统", "client": "对接系统"}.get(kind) or names.get(int(key), "工作人员")
        if one.payload.get("delegated"):
            who = _("%s（代）") % who
        detail = titles.get(str(one.payload.get("step", "")), "")
        if one.kind == OriginalChecked.kind:
            detail = names_of_materials.get(str(one.payload.get("material", "")), "")
        if one.kind == StepReturned.kind:
            detail = f"{detail} → {titles.get(str(one.payload['back_to']), '')}"
        if one.kind == CopyTaken.kind:
            detail = copies.get(str(one.payload["copy"]), "")
        if one.kind.startswith("Document"):
            detail = papers.get(str(one.payload.get("document", "")), "")
        label = EVENT_LABELS.get(one.kind, one.kind)
        lines.append(HistoryLine(at=one.at, kind=one.kind, label=label, who=who, seq=one.seq, detail=detail))
    return tuple(lines)


def _closed(actor: Actor, case: Case, correction: Correction | None) -> tuple[tuple[str, str], ...]:
    if actor.kind == "staff" and correction is not None and State(case.state) in {State.SUBMITTED, State.RECEIVED}:
        return (
            (
                "补正已告知过一次，不能再发",
                "材料已补齐的请受理；仍不符合的依法作出决定。（《行政许可法》第三十二条）",
            ),
        )
    taker = claims.reception_taker(case) if actor.kind == "staff" else None
    if taker is not None and not claims.is_reception_free(actor, case, taker):
        return ((_("%s已经领办收件受理") % taker.name, _("需要接手的，请他退回待领，或者请本单位负责人退回。")),)
    return ()
