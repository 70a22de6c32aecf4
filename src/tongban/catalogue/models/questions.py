"""Why a body differs from the others: asked and answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.catalogue.models.items import Implementation


class DeviationQuestion(models.Model):
    """A question to the editors of a body (请说明): why its item differs from that of the others."""

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="questions")
    #: Of `deviation_words.FIELDS`.
    field = models.CharField(max_length=20)
    #: What the body said, and what most say, when it was asked; plain values of the summary.
    value = models.JSONField()
    usual = models.JSONField()
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60)
    asked_by_name = models.CharField(max_length=100)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_by_name = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["implementation", "field"],
                condition=Q(answered_at__isnull=True),
                name="deviation_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id} {self.field}"
