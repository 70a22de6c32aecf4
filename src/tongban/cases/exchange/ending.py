"""How a case ended, in the words of both exchanges: result, licences, decision, reasons."""

from dataclasses import dataclass
from typing import Final

from tongban.base.models import Event
from tongban.cases import events
from tongban.cases.events import EVENT_LABELS
from tongban.cases.exchange.dictionaries import RESULT_TYPE_OF
from tongban.cases.exchange.picture import Picture
from tongban.cases.exchange.values import ENDLESS, day
from tongban.cases.states import ResultCode
from tongban.documents.models import Document

#: Kinds of documents that decide.
DECISIONS: Final = ("granted", "refused", "acceptance_refusal", "no_permit_needed", "termination")


@dataclass(frozen=True, kw_only=True)
class LicenceValues:
    """What was issued: names and numbers joined with ^, the validity of the first; None where nothing was."""

    name: str | None = None
    numbers: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


def licence_values(picture: Picture) -> LicenceValues:
    """The licences of the case; without any the decision stands for them, which has a number and no validity."""
    licences = picture.licences
    if not licences:
        paper = decision_paper(picture)
        return LicenceValues(name=paper.title, numbers=paper.number or None) if paper else LicenceValues()
    return LicenceValues(
        name="^".join(dict.fromkeys(one.type.name for one in licences)),
        numbers="^".join(one.number for one in licences),
        valid_from=day(licences[0].valid_from),
        valid_to=day(licences[0].valid_to) or ENDLESS,
    )


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
