"""What the portal keeps itself: the day's figures, and answers to correction notices that are still being written."""

from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedJSONField
from tongban.cases.models import Case
from tongban.catalogue.models import Implementation
from tongban.files.models import StoredFile
from tongban.identity.models import Account


class DayFigure(models.Model):
    """What happened to cases on one day (Shanghai), counted from the events; shown in public with its date."""

    day = models.DateField(unique=True)
    submitted = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    #: Decisions to grant or to refuse, and those of them within the promised limit.
    decided = models.PositiveIntegerField(default=0)
    decided_on_time = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_on_time__lte=models.F("decided")), name="day_figure_on_time_among_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class CorrectionDraft(models.Model):
    """An answer to the one correction notice of a case (补正) that is still being written; resumed on any device."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    #: Only the fields that the notice names.
    form = EncryptedJSONField(default=dict, blank=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.case_id)


class CorrectionFile(models.Model):
    """A file uploaded for a material that the notice names; it belongs to the uploader until it is handed in."""

    draft = models.ForeignKey(CorrectionDraft, on_delete=models.CASCADE, related_name="files")
    key = models.CharField(max_length=50)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "file"], name="correction_file_once")]

    def __str__(self) -> str:
        return self.key


class ItemSubscription(models.Model):
    """Somebody wants to hear when an item as one body runs it changes (关注变化)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    implementation = models.ForeignKey(Implementation, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "implementation"], name="item_subscription_once"),
        ]
        indexes: ClassVar = [
            # In the order in which they are told.
            models.Index(fields=["implementation", "id"], name="item_subscription_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.implementation_id}"


class ItemNews(models.Model):
    """One change of an item that its subscribers are told of, and how far the telling has come."""

    event = models.BigIntegerField(unique=True)
    implementation = models.ForeignKey(Implementation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    body = models.CharField(max_length=2000)
    #: Keys of the subscriptions: those up to `told` have been told; those after `last` came later and are not.
    told = models.BigIntegerField(default=0)
    last = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(told__lte=models.F("last")), name="item_news_told_up_to_last"),
        ]

    def __str__(self) -> str:
        return self.title
