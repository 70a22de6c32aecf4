"""Requests that may be repeated: however often and however many at once, one effect and one answer."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from tongban.base import moment
from tongban.base.models import IdempotencyKey
from tongban.base.sql import CLAIM_KEY
from tongban.kernel.actor import Actor
from tongban.kernel.hashchain import canonical, plain
from tongban.kernel.problems import Invalid

_KEY_CHARACTERS_MAX = 120


def once(*, actor: Actor, key: str, fingerprint: Any, work: Callable[[], Any]) -> Any:
    """Do `work` in one transaction unless this actor did it under this key; give what it gave, as JSON.

    `fingerprint` is what was asked for (text, numbers, lists, mappings): the same key with another one is
    refused. A second request that arrives while the first is at work waits for it. If `work` raises, nothing is kept
    and the key is free again. Keys are kept for 7 days, answers encrypted.

    Raises:
        Invalid: the key is empty or too long (`idempotency_key_invalid`), or was used for another request
            (`idempotency_key_reused`).
    """
    if not 1 <= len(key) <= _KEY_CHARACTERS_MAX or not key.isprintable():
        raise Invalid("请求标识(Idempotency-Key)应为 1 至 120 个可见字符。", code="idempotency_key_invalid")
    asked = hashlib.sha256(canonical(plain(fingerprint))).digest()
    with transaction.atomic():
        if _claim(actor.ref, key, asked):
            answer = work()
            row = IdempotencyKey.objects.get(owner=actor.ref, key=key)
            row.response = answer
            row.save(update_fields=["response"])
            # What the first caller gets is what every later one will read.
            row.refresh_from_db(fields=["response"])
            return row.response
        row = IdempotencyKey.objects.get(owner=actor.ref, key=key)
        if bytes(row.request_hash) != asked:
            raise Invalid("同一请求标识已用于另一项内容不同的请求，请更换标识后重试。", code="idempotency_key_reused")
        return row.response


def form_key(actor: Actor, form_token: str) -> str:
    """Make the key of an HTML form from the token that was rendered into it."""
    return "form:" + hashlib.sha256(f"{actor.ref}\x00{form_token}".encode()).hexdigest()


def _claim(owner: str, key: str, asked: bytes) -> bool:
    """Insert the row; waits while another transaction holds the same key. False if it was there already."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_KEY, [owner, key, asked, moment.now()])
        return cursor.fetchone() is not None
