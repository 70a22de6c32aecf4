"""Tables of the room: drafts, cases, and what happens to them."""

from tongban.cases.models.archive import Archive
from tongban.cases.models.beyond import BeyondGuideReport
from tongban.cases.models.case import Case, CaseMaterial, Signature
from tongban.cases.models.colleagues import CaseNote, NoteMention, Presence, StepFile
from tongban.cases.models.copies import MaterialCopy
from tongban.cases.models.draft import Draft, DraftMaterial
from tongban.cases.models.elsewhere import ForeignReport, HandOver
from tongban.cases.models.exchange import ExchangeBatch, ExchangeFault, ExchangeMark, ExchangeRow
from tongban.cases.models.feed import FeedEntry
from tongban.cases.models.marks import MaterialMark
from tongban.cases.models.process import CaseStep, Correction, Decision, InboxEntry
from tongban.cases.models.serving import Delivery, Parcel, ParcelScan, PublicNotice
from tongban.cases.models.writing import OpinionDraft, Phrase

__all__ = [
    "Archive",
    "BeyondGuideReport",
    "Case",
    "CaseMaterial",
    "CaseNote",
    "CaseStep",
    "Correction",
    "Decision",
    "Delivery",
    "Draft",
    "DraftMaterial",
    "ExchangeBatch",
    "ExchangeFault",
    "ExchangeMark",
    "ExchangeRow",
    "FeedEntry",
    "ForeignReport",
    "HandOver",
    "InboxEntry",
    "MaterialCopy",
    "MaterialMark",
    "NoteMention",
    "OpinionDraft",
    "Parcel",
    "ParcelScan",
    "Phrase",
    "Presence",
    "PublicNotice",
    "Signature",
    "StepFile",
]
