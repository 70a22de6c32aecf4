"""The events a case emits. Payloads hold codes, dates and references, never personal data in clear."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from tongban.base.records import EventRecord
from tongban.cases import archive_events, service_events, supervision_events
from tongban.cases.event_base import CaseEvent


@dataclass(frozen=True, kw_only=True)
class CaseSubmitted(CaseEvent):
    """The application entered the system (电子签名法 art. 11), or was taken down at a window."""

    kind: ClassVar[str] = "CaseSubmitted"
    task_code: str
    item_version: int
    division: str
    channel: str
    applicant_kind: str
    materials: int
    materials_saved: int
    signed_sha256: str
    signed_by: str
    due_acceptance_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CaseReceived(CaseEvent):
    """The materials were taken (收件); `received_at` may lie before the act for an online application."""

    kind: ClassVar[str] = "CaseReceived"
    received_at: datetime
    due_acceptance_on: date
    by_organisation: str
    document: str | None = None


@dataclass(frozen=True, kw_only=True)
class PreReviewReturned(CaseEvent):
    """Sent back before receipt with everything that is missing: the one notice; the five days run on (art. 32)."""

    kind: ClassVar[str] = "PreReviewReturned"
    defects: int
    due_on: date
    document: str


@dataclass(frozen=True, kw_only=True)
class ApplicationAmended(CaseEvent):
    """The applicant completed what was sent back in pre-review and sent it again; no fresh receipt."""

    kind: ClassVar[str] = "ApplicationAmended"
    signed_sha256: str


@dataclass(frozen=True, kw_only=True)
class CorrectionRequested(CaseEvent):
    """The one notice of everything that is missing (一次性告知, 行政许可法 art. 32)."""

    kind: ClassVar[str] = "CorrectionRequested"
    defects: int
    due_on: date
    document: str


@dataclass(frozen=True, kw_only=True)
class CorrectionSubmitted(CaseEvent):
    """The applicant completed the materials: a fresh receipt."""

    kind: ClassVar[str] = "CorrectionSubmitted"
    received_at: datetime
    due_acceptance_on: date
    signed_sha256: str


@dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """Accepted; the handling clock starts on the next working day."""

    kind: ClassVar[str] = "CaseAccepted"
    accepted_at: datetime
    promised_due_on: date
    statutory_due_on: date
    provisional: bool
    by_organisation: str
    document: str | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptanceRefused(CaseEvent):
    """Not accepted, with reason, basis and, where it is another body's matter, that body."""

    kind: ClassVar[str] = "AcceptanceRefused"
    right_body: str | None
    document: str | None = None


@dataclass(frozen=True, kw_only=True)
class NoPermitNeededTold(CaseEvent):
    """The applicant was told that no permit is needed for this (行政许可法 art. 32 item 1)."""

    kind: ClassVar[str] = "NoPermitNeededTold"
    document: str


@dataclass(frozen=True, kw_only=True)
class StepOpened(CaseEvent):
    """A step became due at its unit."""

    kind: ClassVar[str] = "StepOpened"
    step: str
    organisation: str
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class StepClaimed(CaseEvent):
    """An officer took the step."""

    kind: ClassVar[str] = "StepClaimed"
    step: str


@dataclass(frozen=True, kw_only=True)
class StepReleased(CaseEvent):
    """The step was put back for any colleague; `before`: key of the account of whoever had it."""

    kind: ClassVar[str] = "StepReleased"
    step: str
    before: int


@dataclass(frozen=True, kw_only=True)
class ReceptionClaimed(CaseEvent):
    """Somebody took the reception of the case on themselves."""

    kind: ClassVar[str] = "ReceptionClaimed"


@dataclass(frozen=True, kw_only=True)
class ReceptionReleased(CaseEvent):
    """The reception was put back for any colleague; `before`: key of the account of whoever had it."""

    kind: ClassVar[str] = "ReceptionReleased"
    before: int


@dataclass(frozen=True, kw_only=True)
class NoteAdded(CaseEvent):
    """An internal note joined the file: `text_sha256` ties the encrypted text to the chain, `called` are accounts."""

    kind: ClassVar[str] = "NoteAdded"
    text_sha256: str
    called: list[int]


@dataclass(frozen=True, kw_only=True)
class OpinionFileAdded(CaseEvent):
    """An official added a file to the opinion on a step."""

    kind: ClassVar[str] = "OpinionFileAdded"
    step: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class OpinionFileRemoved(CaseEvent):
    """An official took a file away again, before the opinion was given."""

    kind: ClassVar[str] = "OpinionFileRemoved"
    step: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class StepAssigned(CaseEvent):
    """The head of the unit gave the step to a colleague: keys of the accounts, `before` null where nobody had it."""

    kind: ClassVar[str] = "StepAssigned"
    step: str
    to: int
    before: int | None = None


@dataclass(frozen=True, kw_only=True)
class StepCompleted(CaseEvent):
    """The unit gave its opinion; `opinion_sha256` ties the encrypted text to the chain."""

    kind: ClassVar[str] = "StepCompleted"
    step: str
    agree: bool
    opinion_sha256: str
    delegated: bool = False


@dataclass(frozen=True, kw_only=True)
class StepReturned(CaseEvent):
    """The unit sent the case back to an earlier step (退回); `reason_sha256` ties the encrypted text to the chain."""

    kind: ClassVar[str] = "StepReturned"
    step: str
    back_to: str
    reason_sha256: str
    delegated: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseDecided(CaseEvent):
    """Granted or refused (行政许可法 art. 38)."""

    kind: ClassVar[str] = "CaseDecided"
    granted: bool
    decided_at: datetime
    on_time: bool
    document: str | None = None
    approval_form: str | None = None
    delegated: bool = False


@dataclass(frozen=True, kw_only=True)
class ResultIssued(CaseEvent):
    """The result was made (licence, approval document), completion code as of the exchange dictionary."""

    kind: ClassVar[str] = "ResultIssued"
    result_code: str
    on_time: bool
    licence: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResultDelivered(CaseEvent):
    """The decision and its result reached the applicant (行政许可法 art. 44)."""

    kind: ClassVar[str] = "ResultDelivered"
    method: str
    document: str | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """The applicant withdrew before the decision."""

    kind: ClassVar[str] = "CaseWithdrawn"
    document: str | None = None


@dataclass(frozen=True, kw_only=True)
class OriginalChecked(CaseEvent):
    """A clerk compared an uploaded file with its original (C becomes B); `sha256` names the file's bytes."""

    kind: ClassVar[str] = "OriginalChecked"
    material: str
    file: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CaseVoided(CaseEvent):
    """The body ended the case as void, for a reason of business (作废办结, completion code 2)."""

    kind: ClassVar[str] = "CaseVoided"
    document: str


@dataclass(frozen=True, kw_only=True)
class CaseTransferred(CaseEvent):
    """The case was passed to another or an upper body and ended here (转报办结, completion code 4)."""

    kind: ClassVar[str] = "CaseTransferred"
    to_body: str
    document: str


@dataclass(frozen=True, kw_only=True)
class CopyTaken(CaseEvent):
    """An official took a copy with a watermark of a material's file or of a document; `copy` is its number."""

    kind: ClassVar[str] = "CopyTaken"
    copy: str
    material: str
    file: str
    document: str


@dataclass(frozen=True, kw_only=True)
class CaseReturned(CaseEvent):
    """The term passed and nothing was completed: the application was returned (退件, completion code 5)."""

    kind: ClassVar[str] = "CaseReturned"
    document: str


@dataclass(frozen=True, kw_only=True)
class EntryDeleted(CaseEvent):
    """A window took back an entry made in error (删除办结, completion code 3); the case stays in the file."""

    kind: ClassVar[str] = "EntryDeleted"
    document: str


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(CaseEvent):
    """The system of a ministry or the province in which the item is run took the case."""

    kind: ClassVar[str] = "CaseHandedOver"
    system: str


@dataclass(frozen=True, kw_only=True)
class HandOverRefused(CaseEvent):
    """That system did not take the case; somebody must look at it."""

    kind: ClassVar[str] = "HandOverRefused"
    system: str


@dataclass(frozen=True, kw_only=True)
class HandOverRetried(CaseEvent):
    """An officer had the case handed over once more."""

    kind: ClassVar[str] = "HandOverRetried"
    system: str


@dataclass(frozen=True, kw_only=True)
class ForeignStepReported(CaseEvent):
    """That system reported a step (`stage`) that changes no state here; `report` is the number of the report."""

    kind: ClassVar[str] = "ForeignStepReported"
    report: int
    stage: str


@dataclass(frozen=True, kw_only=True)
class BodySucceeded(CaseEvent):
    """Another body took over the running case (merger, renaming, transfer of the power)."""

    kind: ClassVar[str] = "BodySucceeded"
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class ApplicantSearched(EventRecord):
    """Cases were looked for by somebody's document or phone; the number itself is kept nowhere."""

    kind: ClassVar[str] = "ApplicantSearched"
    by: list[str]
    found: int


@dataclass(frozen=True, kw_only=True)
class ExchangeBatchOrdered(EventRecord):
    """A batch of rows for the exchange was ordered; `reach` is a division or a body."""

    kind: ClassVar[str] = "ExchangeBatchOrdered"
    reach: str
    mode: str


@dataclass(frozen=True, kw_only=True)
class ExchangeBatchMade(EventRecord):
    """The batch is whole: how many cases were looked at, rows reported, cases held back."""

    kind: ClassVar[str] = "ExchangeBatchMade"
    cases: int
    rows: int
    held: int


@dataclass(frozen=True, kw_only=True)
class ExchangeBatchExported(EventRecord):
    """Somebody was given rows of the batch, hence personal data in clear (个人信息保护法 art. 51, 54)."""

    kind: ClassVar[str] = "ExchangeBatchExported"
    form: str
    rows: int
    after: int | None = None


KINDS = {
    cls.kind: cls
    for cls in (*CaseEvent.__subclasses__(), *archive_events.EVENTS, *service_events.EVENTS, *supervision_events.EVENTS)
}
