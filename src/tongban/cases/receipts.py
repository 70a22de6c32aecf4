"""What the documents about service say: 送达回证 and 送达公告."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases.applicants import Applicant
from tongban.cases.models import Case
from tongban.cases.papers import PERMIT, contact_place_of, moment_words
from tongban.cases.ways import NOTICE_DAYS, NOTICE_REASONS
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.documents.queries import documents_of

#: Kinds of documents that are served as the result: the decision and the licence.
RESULT_KINDS = frozenset({"granted", "refused", "licence"})


def deliverable_documents(case: Case) -> list[Document]:
    """The decision and the licence: what is delivered."""
    valid = Document.State.ISSUED
    return [one for one in documents_of(case.subject) if one.kind in RESULT_KINDS and one.state == valid]


def delivery_receipt(case: Case, *, method: str, at: datetime, where: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """送达回证; `words` adds collector, collector_document, relation, confirmation, server, note."""
    return {
        "permit": definition_of(case.item_version).kind == PERMIT,
        "recipient": Applicant.from_json(case.applicant).name,
        "case_no": case.case_no,
        "documents": _lines(deliverable_documents(case)),
        "method": method,
        "place": where,
        "delivered_at": moment_words(at),
        **words,
    }


def service_notice(case: Case, *, reason: str, published_on: date, ends_on: date) -> dict[str, Any]:
    """送达公告, as everybody may read it: the name masked, the licence not named, nothing of what was applied for."""
    definition = definition_of(case.item_version)
    return {
        "permit": definition.kind == PERMIT,
        "recipient": Applicant.from_json(case.applicant).masked_name,
        "documents": [
            {"title": line["title"], "number": line["number"], "copies": 1}
            for line in _lines(one for one in deliverable_documents(case) if one.kind != "licence")
        ],
        "reason": _(NOTICE_REASONS[reason]),
        "days": NOTICE_DAYS,
        "published_on": published_on,
        "ends_on": ends_on,
        "contact_place": contact_place_of(definition, case.organisation),
        "consult_phone": definition.consult_phone,
    }


def local_words(at: datetime) -> str:
    """A day as receipts print it."""
    day = moment.local_date(at)
    return f"{day.year}年{day.month}月{day.day}日"


def _lines(found: Iterable[Document]) -> list[dict[str, Any]]:
    return [{"title": one.title, "number": one.number, "copies": 1} for one in found]
