"""Event chains and the daily seals over them."""

from typing import ClassVar

from django.db import models


class Chain(models.Model):
    """The head of one subject's chain: how many events it has and the hash of the last.

    The row is a convenience and a lock; it is never believed: `base.chain.verify` compares it with the events.
    """

    subject = models.CharField(max_length=120, unique=True, db_collation="C")
    length = models.PositiveBigIntegerField(default=0)
    head = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.subject} #{self.length}"


class Event(models.Model):
    """Something that happened to a subject, chained by hash to what happened before; never changed or removed.

    `at` is the legal moment, `recorded_at` when the database wrote it; `payload` carries no personal data.
    """

    append_only = True

    subject = models.CharField(max_length=120, db_collation="C")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_ref = models.CharField(max_length=60)
    payload = models.JSONField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject", "seq"], name="base_event_subject_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="base_event_seq_positive"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "at", "id"], name="base_event_kind_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.seq} {self.kind}"


class DailySeal(models.Model):
    """The signed root over the heads of all chains at the end of a day, chained to the seal before it.

    `delta_root` covers the heads that moved since then (`SealedHead`), `root` the newest head of every chain.
    """

    append_only = True

    day = models.DateField(unique=True)
    sealed_at = models.DateTimeField()
    chains = models.PositiveBigIntegerField()
    changed = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    delta_root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    public_key = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["day"]

    def __str__(self) -> str:
        return f"seal {self.day}"


class SealedHead(models.Model):
    """How long a chain was, and its last hash, when a seal was made; written only for chains that had grown."""

    append_only = True

    seal = models.ForeignKey(DailySeal, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120, db_collation="C")
    length = models.PositiveBigIntegerField()
    head = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject", "seal"], name="base_sealedhead_subject_seal"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.length}"
