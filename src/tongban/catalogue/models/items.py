"""Items as they stand.

A base item is one entry of the directory (基本目录); an implementation is that item as run by one body (实施清单); a
version is the implementation's definition as published. Cases point at versions, so a version never changes.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from tongban.base.lines import Place
from tongban.base.reference import ReferenceRow
from tongban.catalogue.definition import Definition


class BaseItem(ReferenceRow):
    """An entry of the item directory 基本目录清单, whoever implements it.

    The columns beside the code are those by which people look for items; they follow the pack's definition. What its
    bodies may not change stands in `elements` (`base_elements.BaseElements`), every state of them in `BaseVersion`.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "在用"
        SUSPENDED = "suspended", "暂停"
        CANCELLED = "cancelled", "取消"

    slug = models.SlugField(max_length=60, unique=True)
    catalog_code = models.CharField(max_length=50, unique=True)
    #: Whether the code is the official one; a sample code must be shown with the words 示例编码.
    official_code = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=2)
    service_targets = ArrayField(models.CharField(max_length=20))
    topics = ArrayField(models.CharField(max_length=5))
    #: Paths in the definition whose values are samples (示例), to be said so where they are shown.
    sample_fields = ArrayField(models.CharField(max_length=100), default=list)
    #: Place among items that are often used, 1 first.
    rank = models.PositiveSmallIntegerField(default=1000)
    elements = models.JSONField(default=dict)
    #: Number of the `BaseVersion` in force.
    number = models.PositiveIntegerField(default=0)
    #: Suspended and cancelled entries are taken up by no further body.
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    state_reason = models.CharField(max_length=500, blank=True)
    #: Base codes of the entries that replace this one after it was split or merged.
    successors = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    #: What the city pack said when it was last loaded, hex; empty: the entry does not come from it.
    pack_digest = models.CharField(max_length=64, blank=True)
    search_text = models.TextField(editable=False)
    search = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="base_item_search"),
            GinIndex(fields=["search_text"], name="base_item_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["service_targets", "topics"], name="base_item_facets"),
            models.Index(fields=["rank", "id"], name="base_item_rank"),
        ]

    def __str__(self) -> str:
        return self.name


class BaseVersion(ReferenceRow):
    """The base elements of an entry as they were put in force; never changed."""

    #: Read by `base.grants`.
    append_only = True

    base = models.ForeignKey(BaseItem, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    elements = models.JSONField()
    published_at = models.DateTimeField()
    #: Reference of the actor who put it in force.
    published_by = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base", "number"], name="base_version_number"),
            models.CheckConstraint(name="base_version_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.number}"


class Implementation(ReferenceRow):
    """A base item as one body runs it 实施清单, with its 31-character code.

    Suspended and cancelled implementations take no new cases; those that run go on.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "在用"
        SUSPENDED = "suspended", "暂停"
        CANCELLED = "cancelled", "取消"

    base = models.ForeignKey(BaseItem, models.PROTECT, related_name="implementations")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    division = models.ForeignKey("directory.Division", models.PROTECT, related_name="+")
    #: 行使层级: 3 city, 4 county, 5 town, 6 village.
    level = models.CharField(max_length=1)
    #: Not of fixed length: both generations of codes are in the field.
    task_code = models.CharField(max_length=50, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    state_reason = models.CharField(max_length=500, blank=True)
    current = models.ForeignKey("ItemVersion", models.PROTECT, null=True, related_name="+")
    #: The definition in force in a few figures, see `tongban.catalogue.summary`.
    summary = models.JSONField(default=dict)
    #: Place codes at which the definition in force takes applications.
    windows = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    #: Digest of the definition that the city pack said when it was last loaded; empty: it does not come from it.
    pack_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["division", "base"], name="implementation_division"),
            models.Index(fields=["organisation", "id"], name="implementation_of_body"),
            GinIndex(fields=["windows"], name="implementation_windows"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base", "organisation"], name="implementation_once_a_body"),
            models.CheckConstraint(name="implementation_level", condition=Q(level__regex="^[1-7]$")),
            models.CheckConstraint(
                name="implementation_active_has_version",
                condition=~Q(state="active") | Q(current__isnull=False),
            ),
            models.CheckConstraint(
                name="implementation_suspended_says_why",
                condition=~Q(state="suspended") | ~Q(state_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.task_code

    @property
    def takes_cases(self) -> bool:
        """Whether a new case may be started."""
        return self.state == self.State.ACTIVE and self.current_id is not None


class ItemVersion(ReferenceRow):
    """The definition of an implementation as published; never changed, so that a case keeps what it was filed under."""

    #: Read by `base.grants`: the program may insert and read, nothing else.
    append_only = True

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    #: SHA-256 over the canonical definition, hex.
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    #: Reference of the actor who published it.
    published_by = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["implementation", "number"], name="item_version_number"),
            models.CheckConstraint(name="item_version_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id}/{self.number}"

    @cached_property
    def parsed(self) -> Definition:
        """The definition as its type."""
        return Definition.model_validate(self.definition)


class FeedEntry(Place):
    """An event's place in the line of everything that happens to the catalogue."""

    line = "tongban.catalogue.feed"
    cursor = "items"
