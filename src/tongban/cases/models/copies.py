"""Copies with a watermark that officials took out of a case."""

from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedTextField
from tongban.cases.models.case import Case
from tongban.files.models import StoredFile
from tongban.identity.models import Account


class MaterialCopy(models.Model):
    """A copy with a watermark (水印件) of a material or a document: who took it, for what. Never changed.

    Its number is drawn into every page, so that a copy that turns up somewhere leads back to here. The copy itself is
    not kept.
    """

    append_only = True

    copy_no = models.CharField(max_length=12, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="copies")
    #: The file, or the document, that was copied: one of them.
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    document_id = models.UUIDField(null=True, blank=True)
    taken_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    #: Name of the taker's unit as it was drawn.
    unit = models.CharField(max_length=200)
    purpose = EncryptedTextField()
    taken_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="material_copy_of_case")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, document_id__isnull=True)
                | models.Q(file__isnull=True, document_id__isnull=False),
                name="material_copy_of_one",
            ),
        ]
