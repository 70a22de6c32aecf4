"""Events of licences, in the chain `licence:<identifier>`. No personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tongban.base.records import EventRecord


@dataclass(frozen=True, slots=True)
class LicenceIssued(EventRecord):
    """A licence was issued or re-issued."""

    kind: ClassVar[str] = "LicenceIssued"
    licence_id: str
    type_code: str
    case_no: str
    document: str


@dataclass(frozen=True, slots=True)
class LicenceImported(EventRecord):
    """The library was told of a licence that another system issued."""

    kind: ClassVar[str] = "LicenceImported"
    licence_id: str
    type_code: str


@dataclass(frozen=True, slots=True)
class LicenceStatusChanged(EventRecord):
    """The status of a licence changed, codes of GB/T 36903."""

    kind: ClassVar[str] = "LicenceStatusChanged"
    licence_id: str
    old: str
    new: str
    reason: str
