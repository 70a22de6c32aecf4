"""The shapes of the directory's files in a pack (format: cities/README.md)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tongban.base.pack import Shape

Code12 = Annotated[str, Field(pattern=r"^[0-9]{4}([0-9]{2}|Z[0-9])[0-9]{6}$")]
Line = Annotated[str, Field(min_length=1, max_length=100)]
Short = Annotated[str, Field(min_length=1, max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
Ref = Annotated[str, Field(pattern=r"^[0-9]{4}([0-9]{2}|Z[0-9])([0-9]{3}){0,2}:[a-z][a-z0-9-]{0,19}$")]
Registration = Annotated[str, Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{2}$")]


class DivisionShape(Shape):
    """A former or internal division."""

    code: Code12
    name: Short
    level: Literal["county", "zone", "town", "village"]
    parent: Code12
    valid_from: date | None = None
    valid_to: date | None = None
    internal: bool = False
    note: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _ordered(self) -> "DivisionShape":
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            raise ValueError("valid_from 应早于 valid_to")
        return self


class SuccessionShape(Shape):
    """A succession of divisions or of organisations."""

    old: str
    new: str
    on: date
    basis: Text


class DivisionHistoryShape(Shape):
    """`division-history.yaml`."""

    divisions: tuple[DivisionShape, ...] = ()
    successions: tuple[SuccessionShape, ...] = ()
    since: dict[Code12, date] = {}


class NamedShape(Shape):
    """A pattern for the name of a body on one level."""

    name: Line
    short_name: Short
    registration: Registration = "11"


class GovernmentShape(Shape):
    """The people's governments of the city and its counties."""

    key: Key
    city: NamedShape
    county: NamedShape


class CentreShape(NamedShape):
    """The service centres of towns or villages."""

    key: Key
    registration: Registration = "12"


class CentresShape(Shape):
    """Service centres of both levels."""

    town: CentreShape
    village: CentreShape


class DepartmentShape(Shape):
    """One line of work: its body in the city, in districts and in counties."""

    key: Key
    city: Line
    short_name: Short
    county: Line | None
    district: Line | None = None
    kind: Literal["department", "hall_authority"] = "department"
    vertical: bool = False
    registration: Registration = "11"

    @property
    def in_districts(self) -> str | None:
        """The pattern for districts: the same as for counties where the file says nothing else."""
        return self.district if "district" in self.model_fields_set else self.county


class ZoneBodyShape(Shape):
    """The administration of a functional zone."""

    ref: Ref
    name: Line
    short_name: Short
    registration: Registration = "11"


class OrganisationsShape(Shape):
    """`organisations.yaml`."""

    governments: GovernmentShape
    zones: tuple[ZoneBodyShape, ...] = ()
    centres: CentresShape | None = None
    departments: tuple[DepartmentShape, ...]


class FormerShape(Shape):
    """An organisation that is no more."""

    ref: Ref
    name: Line
    short_name: Short
    kind: Literal["department", "government", "hall_authority", "zone"]
    valid_from: date | None = None
    valid_to: date
    registration: Registration = "11"


class OrganisationHistoryShape(Shape):
    """`organisation-history.yaml`."""

    former: tuple[FormerShape, ...] = ()
    since: dict[Ref, date] = {}
    successions: tuple[SuccessionShape, ...] = ()


class PlaceShape(Shape):
    """A hall or service point."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name: Line
    kind: Literal["hall", "service_point"]
    division: Code12
    organisation: Ref
    address: Text
    phone: Annotated[str, Field(pattern=r"^[0-9][0-9-]{4,19}$")]
    hours: Text
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    sample: bool


class PlacesShape(Shape):
    """`places.yaml`."""

    places: tuple[PlaceShape, ...]
