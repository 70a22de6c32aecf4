"""What was reported to the exchange: batches, the rows in them, and what was held back because it does not fit."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongban.base.fields import EncryptedJSONField
from tongban.cases.models.case import Case


class ExchangeBatch(models.Model):
    """One batch of rows for the exchange (汇聚批次), of one reach: a division with all below it, or one body.

    It is made page by page: `position` is how far it has come, so that whoever goes on after a crash skips nothing.
    """

    class Kind(models.TextChoices):
        CHANGES = "changes", "增量"
        FULL = "full", "全量"
        RESEND = "resend", "重报"

    class State(models.TextChoices):
        MAKING = "making", "汇聚中"
        MADE = "made", "已完成"

    number = models.CharField(max_length=32, unique=True)
    #: Division code (12) or credit code of a body (18).
    reach = models.CharField(max_length=18)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAKING)
    #: Code of the sender as the receiver assigned it, as of then.
    data_source = models.CharField(max_length=3, blank=True, default="")
    begun_at = models.DateTimeField()
    #: Reference of the actor who ordered it.
    begun_by = models.CharField(max_length=60)
    made_at = models.DateTimeField(null=True, blank=True)
    #: When its last page was done; None before the first.
    moved_at = models.DateTimeField(null=True, blank=True)
    #: Marks that it covers: after this one, up to that one.
    marks_after = models.BigIntegerField()
    marks_upto = models.BigIntegerField()
    position = models.CharField(max_length=40)
    #: Of a batch that sends again: keys of the cases.
    case_ids = models.JSONField(default=list, blank=True)
    cases = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reach", "-id"], name="exchange_batch_of_reach")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reach"], condition=Q(state="making"), name="exchange_one_at_work"),
            models.CheckConstraint(
                condition=Q(state="making", made_at__isnull=True) | Q(state="made", made_at__isnull=False),
                name="exchange_made_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name of its chain."""
        return f"exchange:{self.number}"


class ExchangeMark(models.Model):
    """Something happened to this case: its place in the line of cases to look at; the newest event moves it to the end.

    Places are given one transaction after the other (`exchange.marks`), so that none appears behind another.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    seq = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return f"{self.case_id}@{self.seq}"


class ExchangeRow(models.Model):
    """One version of one row as it was reported; sent again it is a new row with the next version.

    Each reach has its own versions: what a county reported, its city has yet to report.
    """

    append_only = True

    batch = models.ForeignKey(ExchangeBatch, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    #: That of its batch.
    reach = models.CharField(max_length=18)
    table = models.CharField(max_length=40)
    row_guid = models.UUIDField()
    dataver = models.PositiveIntegerField()
    #: I first time, U afterwards, D where the row is no more.
    operation = models.CharField(max_length=1)
    #: SHA-256 of the values, hex: tells whether anything changed.
    sha256 = models.CharField(max_length=64)
    #: The columns without the envelope.
    content = EncryptedJSONField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch", "table", "id"], name="exchange_row_of_table"),
            models.Index(fields=["batch", "id"], name="exchange_row_of_batch"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reach", "row_guid", "dataver"], name="exchange_row_version_once"),
            models.CheckConstraint(condition=Q(operation__in=["I", "U", "D"]), name="exchange_operation_known"),
            models.CheckConstraint(condition=Q(dataver__gte=1), name="exchange_dataver_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.row_guid}/{self.dataver}"


class ExchangeFault(models.Model):
    """A value that does not fit, because of which its whole case was held back; it never holds the value itself."""

    batch = models.ForeignKey(ExchangeBatch, on_delete=models.PROTECT, related_name="faults")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    table = models.CharField(max_length=40)
    column = models.CharField(max_length=40)
    #: A key of `exchange.columns.REASONS`.
    reason = models.CharField(max_length=20)
    #: The batch in which the case was looked at again.
    settled_in = models.ForeignKey(
        ExchangeBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(settled_in__isnull=True), name="exchange_fault_open"),
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.column}: {self.reason}"
