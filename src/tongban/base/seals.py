"""Daily seals: a signed root over the heads of all chains, so that a cut tail or a vanished chain shows."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from tongban.base import keys, moment
from tongban.base.models import DailySeal, Event, SealedHead
from tongban.base.sql import NEWEST_SEALED_HEADS, SEAL_CHANGED_HEADS
from tongban.kernel.hashchain import GENESIS, RollingRoot, canonical, event_hash, moment_text

#: One sealer at a time, however many workers there are.
_LOCK = 7_201_804_26
_CHUNK = 2_000
#: How many missed days are made up for in one run.
_CATCH_UP_DAYS_MAX = 366


def seal_day(day: date) -> DailySeal:
    """Seal a day (Shanghai): every chain as it stands now. A day that is sealed already is returned as it is.

    A seal made late covers what was there when it was made (`sealed_at` says when).

    Raises:
        ValueError: the day is not over, or a later day is sealed already.
    """
    if day >= moment.today():
        raise ValueError(f"{day} is not over yet")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = DailySeal.objects.filter(day=day).first()
        if known is not None:
            return known
        return _seal(day)


def seal_missed_days(upto: date | None = None) -> list[DailySeal]:
    """Seal every day that is over and not sealed yet, up to and with `upto` (default: yesterday), in order.

    The first seal is for the day of the first event; an installation without events has nothing to seal.
    """
    last = upto or moment.today() - timedelta(days=1)
    newest = DailySeal.objects.order_by("-day").first()
    if newest is not None:
        start = newest.day + timedelta(days=1)
    else:
        first = _first_day()
        if first is None:
            return []
        start = first
    start = max(start, last - timedelta(days=_CATCH_UP_DAYS_MAX - 1))
    return [seal_day(start + timedelta(days=index)) for index in range((last - start).days + 1)]


def problems() -> list[str]:
    """Say in words if sealing has fallen behind (for the doctor); empty if not."""
    newest = DailySeal.objects.order_by("-day").values_list("day", flat=True).first()
    reached = newest
    if reached is None:
        first = _first_day()
        if first is None:
            return []
        reached = first - timedelta(days=1)
    if reached >= moment.today() - timedelta(days=2):
        return []
    return [f"事件链的日封印只到 {newest or '(尚无)'}:请确认后台进程(worker)正在运行"]


def _first_day() -> date | None:
    """The day of the first event. Keys say nothing of time; asked only while there is no seal."""
    at = Event.objects.aggregate(first=Min("recorded_at"))["first"]
    return moment.local_date(at) if at is not None else None


def seal_body(seal: DailySeal) -> dict[str, Any]:
    """Give what the hash of a seal covers."""
    return {
        "day": seal.day.isoformat(),
        "sealed_at": moment_text(seal.sealed_at),
        "chains": seal.chains,
        "changed": seal.changed,
        "root": bytes(seal.root).hex(),
        "delta_root": bytes(seal.delta_root).hex(),
        "public_key": bytes(seal.public_key).hex(),
    }


def signed_text(seal: DailySeal) -> bytes:
    """Give the bytes that the seal's signature (Ed25519) covers."""
    return b"tongban.seal.1\x00" + canonical({**seal_body(seal), "previous": bytes(seal.previous).hex()})


def delta_root(seal: DailySeal) -> RollingRoot:
    """Compute the root over the heads that were recorded with one seal."""
    root = RollingRoot("delta")
    heads = SealedHead.objects.filter(seal=seal).order_by("subject").values_list("subject", "length", "head")
    for subject, length, head in heads.iterator(chunk_size=_CHUNK):
        root.add(subject, length, bytes(head))
    return root


def newest_heads() -> Iterator[tuple[str, int, bytes]]:
    """Stream the newest sealed head of every chain, by subject."""
    with transaction.atomic():
        stream = connection.chunked_cursor()
        with stream:
            stream.execute(NEWEST_SEALED_HEADS)
            while rows := stream.fetchmany(_CHUNK):
                for subject, length, head in rows:
                    yield subject, length, bytes(head)


def whole_root() -> RollingRoot:
    """Compute the root over the newest sealed head of every chain."""
    root = RollingRoot("whole")
    for subject, length, head in newest_heads():
        root.add(subject, length, head)
    return root


def _seal(day: date) -> DailySeal:
    newest = DailySeal.objects.order_by("-day").first()
    if newest is not None and newest.day > day:
        raise ValueError(f"{newest.day} is sealed already; {day} cannot be sealed after it")
    key = keys.seal_key()
    # The heads need the seal's key and the seal needs the heads' roots; append-only rows cannot be filled in
    # later, so the key is taken first (the foreign key is checked at commit).
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('base_dailyseal', 'id'))")
        (seal_id,) = cursor.fetchone()
        cursor.execute(SEAL_CHANGED_HEADS, [seal_id])
    seal = DailySeal(pk=seal_id, day=day, sealed_at=moment.now())
    delta, whole = delta_root(seal), whole_root()
    seal.changed, seal.delta_root = delta.count, delta.digest()
    seal.chains, seal.root = whole.count, whole.digest()
    seal.previous = GENESIS if newest is None else bytes(newest.hash)
    seal.public_key = key.public_key().public_bytes_raw()
    seal.hash = event_hash(seal.previous, seal_body(seal))
    seal.signature = key.sign(signed_text(seal))
    seal.save(force_insert=True)
    return seal
