"""Events of the archive (归档)."""

from dataclasses import dataclass
from typing import ClassVar

from tongban.cases.event_base import CaseEvent


@dataclass(frozen=True, kw_only=True)
class CaseArchived(CaseEvent):
    """The case went to the archive (DA/T 85-2019); `sha256` seals its package, `state` is where it ended."""

    kind: ClassVar[str] = "CaseArchived"
    archive_no: str
    retention: str
    sha256: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ArchiveTaken(CaseEvent):
    """Somebody took the archive package of the case."""

    kind: ClassVar[str] = "ArchiveTaken"
    archive_no: str


EVENTS: tuple[type[CaseEvent], ...] = (CaseArchived, ArchiveTaken)
