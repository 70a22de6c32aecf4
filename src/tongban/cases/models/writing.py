"""What officers are writing: opinions that are not yet given, and phrases that they use often."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedJSONField
from tongban.cases.models.process import CaseStep
from tongban.directory.models import Organisation
from tongban.identity.models import Account


class OpinionDraft(models.Model):
    """What somebody has typed into the form of a step and not yet given; theirs alone, gone once the step is done.

    `version` grows with every change; `tab` names the page that wrote last, so that another page does not overwrite it.
    """

    step = models.ForeignKey(CaseStep, on_delete=models.CASCADE, related_name="opinion_drafts")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    #: {"agree": "yes"|"no"|"", "granted": …, "opinion": …, "reason": …, "basis": …, "checklist": [points]}
    content = EncryptedJSONField()
    version = models.PositiveIntegerField(default=1)
    tab = models.CharField(max_length=40)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["step", "author"], name="opinion_draft_once")]


class Phrase(models.Model):
    """A stock phrase (常用语) for opinions: of one person, or of everybody at a unit."""

    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__isnull=True, organisation__isnull=False)
                | Q(account__isnull=False, organisation__isnull=True),
                name="phrase_of_person_or_unit",
            ),
            models.UniqueConstraint(fields=["account", "text"], name="phrase_once_a_person"),
            models.UniqueConstraint(fields=["organisation", "text"], name="phrase_once_a_unit"),
        ]
