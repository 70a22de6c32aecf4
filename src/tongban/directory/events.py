"""Events of the directory, as they stand in the chain `organisation:<code>` and in the outbox. No personal data."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tongban.base.records import EventRecord


@dataclass(frozen=True, slots=True)
class OrganisationFounded(EventRecord):
    """A body was entered by hand, for example as the result of a reform."""

    kind: ClassVar[str] = "OrganisationFounded"
    code: str
    name: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class OrganisationRenamed(EventRecord):
    """A body bears another name from a day; its code stays."""

    kind: ClassVar[str] = "OrganisationRenamed"
    code: str
    old_name: str
    new_name: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class OrganisationMerged(EventRecord):
    """A body ended and another took over its running cases, seals and codes."""

    kind: ClassVar[str] = "OrganisationMerged"
    old_code: str
    new_code: str
    on: date
    basis: str
