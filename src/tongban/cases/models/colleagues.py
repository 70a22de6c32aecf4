"""What colleagues share about a case, and nobody outside sees: who has it open, notes, files of opinions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedTextField
from tongban.cases.models.case import Case
from tongban.cases.models.process import CaseStep
from tongban.files.models import StoredFile
from tongban.identity.models import Account


class Presence(models.Model):
    """Somebody of the staff has the case open; of the last minutes only, and gone with a crash (an unlogged table).

    No foreign key in the database: it would wait for whoever has the case locked.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "account"], name="presence_once")]


class CaseNote(models.Model):
    """An internal note on a case (内部留言): of the file, never changed, never the applicant's to see."""

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    #: Name and post of the author, as of then, for the file.
    author_title = models.CharField(max_length=200)
    text = EncryptedTextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]


class NoteMention(models.Model):
    """Somebody whom a note calls (@); read once they have opened the case."""

    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, related_name="mentions")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], condition=Q(read_at__isnull=True), name="mention_unread"),
            models.Index(fields=["account", "-id"], name="mention_of_account"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["note", "account"], name="note_mention_once")]


class StepFile(models.Model):
    """A file that an official adds to the opinion on a step: for officials only, fixed once the step is done."""

    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
