"""Cases that are run in a system of a ministry or the province: handed over once, and what is reported of them."""

from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedJSONField, EncryptedTextField
from tongban.cases.models.case import Case


class HandOver(models.Model):
    """The handing over of a case to the system in which its item is run, and how far that one's reports are applied.

    `request_id` goes with every try, so that the other system takes the case once.
    """

    class State(models.TextChoices):
        """To be sent; taken; refused by the other side, which somebody must look at."""

        WAITING = "waiting", "等待移交"
        TAKEN = "taken", "已移交"
        REFUSED = "refused", "对方拒收"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="hand_over")
    #: Key of the system in the item's definition.
    system = models.CharField(max_length=50)
    request_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: The case's number over there.
    foreign_no = models.CharField(max_length=80, blank=True, default="")
    #: When its job was queued last.
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    #: What the other side said when it refused.
    refusal = EncryptedTextField(blank=True, default="")
    #: Reports applied so far: the next one applied is `applied + 1`.
    applied = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    #: Nothing more will be reported.
    ended = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["queued_at"], name="hand_over_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["asked_at"], name="hand_over_asked", condition=models.Q(state="taken", ended=False)),
            models.Index(fields=["id"], name="hand_over_refused", condition=models.Q(state="refused")),
        ]

    def __str__(self) -> str:
        return f"hand_over:{self.pk}"


class ForeignReport(models.Model):
    """One report of the system in which the case is run, as it came; applied in the order of `seq`."""

    append_only = True

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="reports", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    #: Unit, words, reason, basis, number, name, valid_to; may name people.
    content = EncryptedJSONField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hand_over", "seq"], name="foreign_report_once"),
        ]

    def __str__(self) -> str:
        return f"foreign_report:{self.pk}"
