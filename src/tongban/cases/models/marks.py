"""What clerks mark as wrong while they look, before the one notice."""

import uuid
from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedTextField
from tongban.cases.models.case import Case
from tongban.files.models import StoredFile
from tongban.identity.models import Account


class MaterialMark(models.Model):
    """One thing that a clerk found wrong in a material or a form field: a draft that colleagues of the case share.

    Open until the one notice (`told_at`) or taken off (`removed_at`). `box`: left, top, width and height of the marked
    place as parts of the page, 0 to 1; empty where no place is marked.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=50)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveSmallIntegerField(null=True, blank=True)
    box = models.JSONField(default=list, blank=True)
    what = EncryptedTextField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="material_mark_of_case")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["material", "field"]), name="material_mark_kind_known"),
        ]

    @property
    def percent(self) -> dict[str, str]:
        """The marked place as a drawing wants it: x, y, width, height in per cent; empty where none is marked."""
        names = ("x", "y", "width", "height")
        return {name: f"{float(part) * 100:.2f}%" for name, part in zip(names, self.box, strict=False)}
