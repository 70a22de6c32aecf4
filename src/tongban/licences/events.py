"""Events of licences, in the chain `licence:<identifier>`. No personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class _Event:
    kind: ClassVar[str]

    def payload(self) -> Mapping[str, str]:
        """The event's own fields as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LicenceIssued(_Event):
    """A licence was issued or re-issued."""

    kind: ClassVar[str] = "LicenceIssued"
    licence_id: str
    type_code: str
    case_no: str
    document: str


@dataclass(frozen=True, slots=True)
class LicenceImported(_Event):
    """The library was told of a licence that another system issued."""

    kind: ClassVar[str] = "LicenceImported"
    licence_id: str
    type_code: str


@dataclass(frozen=True, slots=True)
class LicenceStatusChanged(_Event):
    """The status of a licence changed, codes of GB/T 36903."""

    kind: ClassVar[str] = "LicenceStatusChanged"
    licence_id: str
    old: str
    new: str
    reason: str
