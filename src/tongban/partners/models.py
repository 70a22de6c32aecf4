"""What partners need remembered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
