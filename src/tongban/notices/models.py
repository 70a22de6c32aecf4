"""Messages and their dispatches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedTextField
from tongban.identity.models import Account


class Message(models.Model):
    """Something that the platform tells somebody (消息): about a case, a bill, an appointment.

    Title and body may name people and things, so they are encrypted; `subject_ref` ("case:1143…") and `kind`
    are for programs. A person without an account gets the message by its dispatches only.
    """

    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=60)
    subject_ref = models.CharField(max_length=120)
    title = EncryptedTextField()
    body = EncryptedTextField()
    #: Path on this site where the matter can be looked at, or empty.
    link = models.CharField(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="message_inbox"),
            models.Index(
                fields=["account"],
                condition=models.Q(read_at__isnull=True),
                name="message_unread",
            ),
            models.Index(fields=["subject_ref"], name="message_by_subject"),
        ]

    def __str__(self) -> str:
        return f"message:{self.pk}"


class Dispatch(models.Model):
    """The sending of a message by one channel outside (发送): once, whatever happens to the worker.

    The partner is given `request_id`; a repeat after a crash carries the same and is recognised there.
    """

    class Channel(models.TextChoices):
        """How it goes out."""

        SMS = "sms", "短信"
        EMAIL = "email", "邮件"

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未能发送"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="dispatches", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = EncryptedTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    request_id = models.UUIDField(unique=True)
    partner_reference = models.CharField(max_length=80, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "channel"], name="dispatch_once_per_channel"),
        ]

    def __str__(self) -> str:
        return f"dispatch:{self.pk}"
