"""Events of a case that supervision looks into."""

from dataclasses import dataclass
from typing import ClassVar

from tongban.cases.event_base import CaseEvent


@dataclass(frozen=True, kw_only=True)
class BeyondGuideReported(CaseEvent):
    """More was asked for than the guide lists; `report` is the key of its row, `source` applicant or system, and
    `text_sha256` ties the encrypted words to the chain.
    """

    kind: ClassVar[str] = "BeyondGuideReported"
    report: int
    source: str
    text_sha256: str


#: All of them.
EVENTS: tuple[type[CaseEvent], ...] = (BeyondGuideReported,)
