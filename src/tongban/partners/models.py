"""What partners need remembered: nonces, where registered systems want to be told, and what they are told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.base.fields import EncryptedTextField
from tongban.identity.models import ApiClient


class ReceivedNonce(models.Model):
    """The nonce of a signed message that was accepted, kept so that the message cannot be replayed."""

    client_id = models.CharField(max_length=60)
    nonce = models.CharField(max_length=64)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client_id", "nonce"], name="received_nonce_once"),
        ]

    def __str__(self) -> str:
        return f"{self.client_id}:{self.nonce}"


class WebhookEndpoint(models.Model):
    """Where a registered system wants to be told of events; gone when removed, kept for its messages."""

    class Pause(models.TextChoices):
        """Why nothing is sent now."""

        NONE = "", "发送中"
        FAILURES = "failures", "连续失败"
        GONE = "gone", "对方已关闭"

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    #: Kinds of events; empty for all that the system may read.
    kinds = models.JSONField(default=list)
    secret = EncryptedTextField(max_length=80)
    #: Signs too until its time is over, so that the receiver can change at leisure.
    previous_secret = EncryptedTextField(max_length=80, blank=True, default="")
    previous_valid_to = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    pause = models.CharField(max_length=10, choices=Pause.choices, default=Pause.NONE, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    #: Tries in a row that did not get through.
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client"], name="webhook_of_client", condition=models.Q(removed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"webhook:{self.pk}"


class WebhookMessage(models.Model):
    """One message to one endpoint: the text that is sent, byte for byte the same at each try, and how that went."""

    class State(models.TextChoices):
        """Waiting for its turn or its next try; got through; given up."""

        WAITING = "waiting", "待发送"
        SENT = "sent", "已送达"
        FAILED = "failed", "已放弃"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: The CloudEvents identifier and the header `webhook-id`: what the receiver knows a repetition by.
    message_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    #: JSON without personal data.
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    #: The last answer: HTTP status (None: none came) and its first 500 characters, or what went wrong.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="webhook_message_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "id"], name="webhook_queue", condition=models.Q(state="waiting")),
            models.Index(fields=["endpoint", "-id"], name="webhook_latest"),
            models.Index(fields=["endpoint", "-id"], name="webhook_failed", condition=models.Q(state="failed")),
            models.Index(fields=["settled_at"], name="webhook_old", condition=~models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"webhook_message:{self.pk}"
