"""Tables of the directory: divisions, organisations, places, and who followed whom.

Every validity is half-open: `valid_from` is the first day on which the thing exists (None: since before the records),
`valid_to` the first day on which it no longer does (None: still). Days are Shanghai dates.
"""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from tongban.base.reference import ReferenceRow


def _period() -> Func:
    """The validity as a PostgreSQL range, for exclusion constraints."""
    return Func("valid_from", "valid_to", function="DATERANGE", output_field=DateRangeField())


def _ordered(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
    )


def _search() -> models.GeneratedField:
    return models.GeneratedField(
        expression=SearchVector("search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )


class Valid(models.Model):
    """Something that exists from one day to another."""

    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def holds(self, on: date) -> bool:
        """Whether it exists on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


class Division(ReferenceRow, Valid):
    """An administrative division 行政区划 with its 12-character statistical code (国家统计局统计用区划代码).

    A code is never deleted: identity numbers and old files keep dead codes (430221 株洲县). A functional zone without
    an official code has an internal one with a letter (4302Z1000000), see `kernel.codes.division`.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县(市、区)"
        ZONE = "zone", "功能区"
        TOWN = "town", "乡镇(街道)"
        VILLAGE = "village", "村(社区)"

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    #: Whether the code is the platform's own and must not be shown outside as an official one.
    internal = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    search = _search()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="division_search"),
            models.Index(fields=["parent", "code"], name="division_parent_code"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="division_code_shape",
                condition=Q(code__regex=r"^[0-9]{4}([0-9]{2}|Z[0-9])[0-9]{6}$"),
            ),
            models.CheckConstraint(
                name="division_code_fits_level",
                condition=Q(level="province", code__regex=r"^[0-9]{2}0{10}$")
                | Q(level="city", code__regex=r"^[0-9]{4}0{8}$")
                | Q(level__in=["county", "zone"], code__regex=r"0{6}$")
                | Q(level="town", code__regex=r"0{3}$")
                | Q(level="village") & ~Q(code__regex=r"0{3}$"),
            ),
            models.CheckConstraint(
                name="division_internal_has_letter",
                condition=Q(internal=True, code__regex=r"^.{4}Z") | Q(internal=False) & ~Q(code__regex=r"^.{4}Z"),
            ),
            models.CheckConstraint(
                name="division_only_province_is_top",
                condition=Q(level="province", parent__isnull=True) | ~Q(level="province") & Q(parent__isnull=False),
            ),
            _ordered("division_period"),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionSuccession(models.Model):
    """A division's territory and duties passed to another on a day (撤销、合并、更名)."""

    old = models.ForeignKey(Division, models.PROTECT, related_name="+")
    new = models.ForeignKey(Division, models.PROTECT, related_name="+")
    on = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old"], name="division_one_successor"),
            models.CheckConstraint(name="division_succession_not_itself", condition=~Q(old=F("new"))),
        ]


class DivisionBoundary(models.Model):
    """The outline of a division: polygons of WGS 84 positions `[lon, lat]`, degrees, as in GeoJSON MultiPolygon."""

    division = models.OneToOneField(Division, models.CASCADE, primary_key=True, related_name="+")
    polygons = models.JSONField()


class Organisation(ReferenceRow, Valid):
    """A body that implements, receives or answers for something 机构: it has a unified social credit code.

    `ref` is how a city pack names it (`430200:fgw`). A sample code has a valid check character but belongs to nobody;
    it must be shown with the words 示例代码. `name` is the name in force; `OrganisationName` holds all of them.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "人民政府"
        DEPARTMENT = "department", "部门"
        HALL_AUTHORITY = "hall_authority", "政务服务管理机构"
        ZONE = "zone", "功能区管理机构"
        TOWN_CENTRE = "town_centre", "乡镇(街道)便民服务中心"
        VILLAGE_CENTRE = "village_centre", "村(社区)便民服务站"

    code = models.CharField(max_length=18, unique=True)
    sample_code = models.BooleanField(default=False)
    ref = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    #: Whether a city pack wrote it; what a command founded no pack retires.
    from_pack = models.BooleanField(default=False)
    search_text = models.TextField(editable=False)
    sort_key = models.CharField(max_length=800, editable=False)
    search = _search()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="organisation_search"),
            models.Index(fields=["division", "kind"], name="organisation_division_kind"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organisation_code_shape",
                # GB 32100-2015: no I, O, S, V, Z.
                condition=Q(code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"),
            ),
            models.CheckConstraint(name="organisation_not_own_parent", condition=~Q(parent=F("id"))),
            _ordered("organisation_period"),
            ExclusionConstraint(
                name="organisation_name_once_at_a_time",
                expressions=[
                    ("division", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationName(ReferenceRow, Valid):
    """A name that an organisation bore for a time; documents keep the name of their day."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=60)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            _ordered("organisation_name_period"),
            ExclusionConstraint(
                name="organisation_one_name_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), (_period(), RangeOperators.OVERLAPS)],
            ),
        ]


class OrganisationSuccession(ReferenceRow):
    """From `on` the new body acts where the old one did: it takes over running cases, seals and codes (职能划转)."""

    old = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    new = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField()
    basis = models.CharField(max_length=200)
    #: Whether a city pack wrote it; what a command entered no pack changes.
    from_pack = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old"], name="organisation_one_successor"),
            models.CheckConstraint(name="organisation_succession_not_itself", condition=~Q(old=F("new"))),
        ]


class Place(Valid):
    """A hall or service point where people are served 大厅、服务点.

    `hours` are opening hours in words; they never change a legal time limit. A sample address or phone is labelled.
    """

    class Kind(models.TextChoices):
        HALL = "hall", "政务服务大厅"
        SERVICE_POINT = "service_point", "服务点"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)
    hours = models.CharField(max_length=200)
    #: WGS 84, degrees; None where nobody has measured it.
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    #: Whether address or phone are samples (示例) and not facts.
    sample = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="place_position",
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__range=(-180, 180), lat__range=(-90, 90), lon__isnull=False, lat__isnull=False),
            ),
            _ordered("place_period"),
        ]

    def __str__(self) -> str:
        return self.name


class PackLoad(models.Model):
    """What was last loaded of one section of a city pack: an unchanged pack is recognised by its digest."""

    city = models.CharField(max_length=60)
    section = models.CharField(max_length=40)
    #: SHA-256 over the pack's files and the revisions of the sections, hex.
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    #: How many things of the section the pack holds.
    total = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "section"], name="pack_load_once"),
        ]
