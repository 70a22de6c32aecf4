"""Remembering of received messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tongban.base import moment
from tongban.partners import signing
from tongban.partners.models import ReceivedNonce


def remember_nonce(*, client_id: str, nonce: str) -> bool:
    """Remember a nonce and return whether it was new."""
    with transaction.atomic():
        _row, is_new = ReceivedNonce.objects.get_or_create(
            client_id=client_id[:60], nonce=nonce[:64], defaults={"received_at": moment.now()}
        )
    return is_new


def forget_old_nonces(*, at: datetime) -> int:
    """Delete nonces whose messages are, at `at`, refused by their timestamp anyway; returns how many."""
    before = at - timedelta(seconds=signing.SKEW_S_MAX * 4)
    deleted, _by_model = ReceivedNonce.objects.filter(received_at__lt=before).delete()
    return deleted
