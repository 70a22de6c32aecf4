"""What still has to be told to whom."""

from typing import ClassVar

from django.db import models

from tongban.base.models.chain import Event


class Delivery(models.Model):
    """One event on its way to one consumer; written with the event, done in the same savepoint as its effects.

    A dead delivery holds back later events of its subject for its consumer, until somebody retries or skips it.
    """

    class State(models.TextChoices):
        """How far it got."""

        PENDING = "pending", "待投递"
        DONE = "done", "已投递"
        DEAD = "dead", "投递失败"
        SKIPPED = "skipped", "已跳过"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    consumer = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, db_collation="C")
    seq = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "consumer"], name="base_delivery_event_consumer"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["consumer", "subject", "seq"],
                name="base_delivery_open",
                condition=models.Q(state__in=["pending", "dead"]),
            ),
            models.Index(fields=["next_at", "id"], name="base_delivery_due", condition=models.Q(state="pending")),
            models.Index(fields=["done_at"], name="base_delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} ← {self.subject} #{self.seq} {self.state}"
