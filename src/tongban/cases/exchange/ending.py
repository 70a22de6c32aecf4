"""How a case ended, in the words of both exchanges: result, licences, decision, reasons."""

from dataclasses import dataclass
from typing import Final

from tongban.base.models import Event
from tongban.base.moment import local_date
from tongban.cases import events
from tongban.cases.ends import Certificate
from tongban.cases.event_words import EVENT_LABELS
from tongban.cases.exchange.dictionaries import RESULT_TYPE_OF
from tongban.cases.exchange.picture import Picture
from tongban.cases.exchange.values import ENDLESS, day
from tongban.cases.queries.completion import certificate_of, certificate_reported
from tongban.cases.states import ResultCode
from tongban.documents.models import Document

#: Kinds of documents that decide.
DECISIONS: Final = ("granted", "refused", "acceptance_refusal", "no_permit_needed", "termination")


@dataclass(frozen=True, kw_only=True)
class CertificateValues:
    """What was issued: names and numbers joined with ^, the validity of the first; None where nothing was."""

    name: str | None = None
    numbers: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


def certificate_values(picture: Picture) -> CertificateValues:
    """The licences of a granted case; of an item without one, the decision itself."""
    issued = certificates(picture)
    if not issued:
        return CertificateValues()
    return CertificateValues(
        name="^".join(dict.fromkeys(one.name for one in issued)),
        numbers="^".join(one.number for one in issued),
        valid_from=day(issued[0].valid_from),
        valid_to=day(issued[0].valid_to) or ENDLESS,
    )


def certificates(picture: Picture) -> list[Certificate]:
    """What completion code 0 needs (`ends`), as `queries.completion` finds it for one case."""
    found = [certificate_of(one) for one in picture.licences]
    found += [certificate_reported(one) for one in picture.reported]
    paper = None if found else picture.document("granted")
    if paper is None or picture.case.result_code != ResultCode.LICENCE:
        return found
    return [Certificate(name=paper.title, number=paper.number, valid_from=local_date(paper.issued_at))]


def decision_paper(picture: Picture) -> Document | None:
    """The document that decided, or ended, the case."""
    return picture.document(*DECISIONS)


def result_type(picture: Picture) -> str:
    """What kind of result came of the case: that of the item where it was granted, else none."""
    granted = picture.case.result_code == ResultCode.LICENCE
    return RESULT_TYPE_OF[picture.definition.result.kind if granted else "none"]


def issuer(picture: Picture) -> tuple[str | None, str | None]:
    """Credit code and name of the body that issued the licence, else the decision."""
    if picture.licences:
        return picture.licences[0].issuer_code, picture.licences[0].issuer_name
    paper = decision_paper(picture)
    if picture.reported:
        return picture.case.organisation.code, picture.case.organisation.name
    return (paper.organisation.code, paper.organisation.name) if paper else (None, None)


def ending_event(picture: Picture) -> Event | None:
    """The event by which the case ended; service and archive follow it."""
    at = picture.case.completed_at
    found = [one for one in picture.events if one.kind in events.KINDS and one.at == at]
    return found[-1] if found and picture.case.result_code else None


def why(picture: Picture) -> str:
    """Why the case ended: the reasons of the decision, else the act that ended it in words (申请人撤回)."""
    if picture.decision and picture.decision.reason:
        return picture.decision.reason
    event = ending_event(picture)
    return EVENT_LABELS.get(event.kind, "") if event else ""
