"""Systems of others whose catalogue is taken over, and how far each record of theirs has come."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SyncSource(models.Model):
    """A system that may write the catalogue (the province's), and what of it: named by City IT, one by one."""

    client = models.OneToOneField("identity.ApiClient", models.PROTECT, related_name="+")
    #: Whether it writes the elements of the directory (基本目录), too.
    directory = models.BooleanField(default=False)
    #: Divisions (12 digits) of which it writes every body's items.
    divisions = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    #: Bodies (credit codes) whose items it writes beside them.
    organisations = ArrayField(models.CharField(max_length=18), default=list, blank=True)
    bound_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"item-source:{self.client_id}"


class SyncMark(models.Model):
    """The newest state (`dataver`) that a source told of one record: what is older or equal changes nothing."""

    class Form(models.TextChoices):
        NUMBER = "number", "数字"
        TIME = "time", "时间"

    source = models.ForeignKey(SyncSource, models.PROTECT, related_name="marks", db_index=False)
    #: Base code or implementation code.
    code = models.CharField(max_length=50)
    form = models.CharField(max_length=6, choices=Form.choices)
    #: The number, or microseconds since 1970.
    value = models.BigIntegerField()
    operation = models.CharField(max_length=1)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "code"], name="sync_mark_of_record")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.code} {self.value}"
