"""Events of the directory, as they stand in the chain `organisation:<code>` and in the outbox. No personal data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class _Event:
    kind: ClassVar[str]

    def payload(self) -> Mapping[str, str]:
        """The event's own fields as JSON values; days as YYYY-MM-DD."""
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class OrganisationFounded(_Event):
    """A body was entered by hand, for example as the result of a reform."""

    kind: ClassVar[str] = "OrganisationFounded"
    code: str
    name: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class OrganisationRenamed(_Event):
    """A body bears another name from a day; its code stays."""

    kind: ClassVar[str] = "OrganisationRenamed"
    code: str
    old_name: str
    new_name: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class OrganisationMerged(_Event):
    """A body ended and another took over its running cases, seals and codes."""

    kind: ClassVar[str] = "OrganisationMerged"
    old_code: str
    new_code: str
    on: date
    basis: str
