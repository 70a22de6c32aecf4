"""What the files of a pack say about the directory, as plain rows: the same fields as the tables."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tongban.base.pack import Finding


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division of the pack."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: date | None = None
    valid_to: date | None = None
    internal: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation of the pack, written out or expanded from a table; `parent` is a reference, empty at the top."""

    ref: str
    code: str
    sample_code: bool
    name: str
    short_name: str
    kind: str
    division: str
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """From `on` one division or organisation stands for another."""

    old: str
    new: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One hall or service point; `organisation` is a reference."""

    code: str
    name: str
    kind: str
    division: str
    organisation: str
    address: str
    phone: str
    hours: str
    lon: float | None
    lat: float | None
    sample: bool


@dataclass(slots=True)
class Plan:
    """Everything that the pack says about the directory, and what is wrong with it."""

    divisions: dict[str, DivisionRow] = field(default_factory=dict)
    division_successions: list[SuccessionRow] = field(default_factory=list)
    boundaries: dict[str, list[Any]] = field(default_factory=dict)
    organisations: dict[str, OrganisationRow] = field(default_factory=dict)
    organisation_successions: list[SuccessionRow] = field(default_factory=list)
    places: dict[str, PlaceRow] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
