"""Requests that may be repeated: however often and however many at once, one effect and one answer."""

import hashlib
import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from tongban.base import moment, writing
from tongban.base.models import IdempotencyKey
from tongban.base.sql import CLAIM_KEY
from tongban.kernel.actor import Actor
from tongban.kernel.hashchain import canonical, plain
from tongban.kernel.problems import Invalid

_KEY_CHARACTERS_MAX = 120


def once(*, actor: Actor, key: str, fingerprint: Any, work: Callable[[], Any], together: bool = False) -> Any:
    """Do `work` in one transaction unless this actor did it under this key; give what it gave, as JSON.

    `fingerprint` is what was asked for (text, numbers, lists, mappings): the same key with another one is
    refused. A second request that arrives while the first is at work waits for it. If `work` raises, nothing is kept
    and the key is free again. Keys are kept for 7 days, answers encrypted. With `together` what `work` creates and the
    answer are written in one statement (`base.writing`).

    Raises:
        Invalid: the key is empty or too long (`idempotency_key_invalid`), or was used for another request
            (`idempotency_key_reused`).
    """
    if not 1 <= len(key) <= _KEY_CHARACTERS_MAX or not key.isprintable():
        raise Invalid("请求标识(Idempotency-Key)应为 1 至 120 个可见字符。", code="idempotency_key_invalid")
    asked = hashlib.sha256(canonical(plain(fingerprint))).digest()
    with transaction.atomic(), writing.together() if together else nullcontext():
        claimed = _claim(actor.ref, key, asked)
        if claimed is not None:
            # What the first caller gets is what every later one will read.
            answer = json.loads(json.dumps(work(), cls=DjangoJSONEncoder))
            writing.change(IdempotencyKey(pk=claimed, response=answer), "response")
            return answer
        row = IdempotencyKey.objects.get(owner=actor.ref, key=key)
        if bytes(row.request_hash) != asked:
            raise Invalid("同一请求标识已用于另一项内容不同的请求，请更换标识后重试。", code="idempotency_key_reused")
        return row.response


def form_key(actor: Actor, form_token: str) -> str:
    """Make the key of an HTML form from the token that was rendered into it."""
    return "form:" + hashlib.sha256(f"{actor.ref}\x00{form_token}".encode()).hexdigest()


def _claim(owner: str, key: str, asked: bytes) -> int | None:
    """Insert the row and give its key; waits while another transaction holds the same one. None if it was there."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_KEY, [owner, key, asked, moment.now()])
        found = cursor.fetchone()
    return int(found[0]) if found else None
