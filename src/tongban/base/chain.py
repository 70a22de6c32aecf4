"""Event chains: appending, reading, sealing by day, and proving that nothing was changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from tongban.base import moment, outbox, writing
from tongban.base.models import Chain, DailySeal, Event, SealedHead
from tongban.base.reading import Asked, Prepared
from tongban.base.seals import seal_day
from tongban.base.sql import LOCK_CHAIN, LOCK_CHAINS
from tongban.base.verification import Finding, body, verify
from tongban.kernel.actor import Actor
from tongban.kernel.hashchain import GENESIS, event_hash, plain
from tongban.kernel.personal import personal_kind

__all__ = [
    "Chain",
    "DailySeal",
    "Event",
    "Finding",
    "SealedHead",
    "append",
    "begin",
    "events",
    "events_between",
    "hold",
    "seal_day",
    "verify",
]


def append(*, subject: str, kind: str, payload: Mapping[str, Any], actor: Actor, at: datetime) -> Event:
    """Append what happened to the subject's chain, and to the outbox, in the caller's transaction.

    The chain's head stays locked until that transaction ends, so events of one subject never race. `subject` is
    "kind:number" ("case:1143…"), `at` the legal moment; `payload` holds text, whole numbers, moments, lists and
    mappings.

    Raises:
        RuntimeError: no transaction is open; row and event must stand or fall together.
        ValueError: the payload carries an identity or phone number in clear, or a naive moment: a mistake of the
            programmer, never of a person. TypeError for floats and other things that have no place in it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("chain.append needs the caller's transaction")
    content = plain(payload)
    _refuse_personal_data(subject, kind, content)
    with writing.together():
        gathering = writing.gathering()
        head = gathering.heads.get(subject) or _lock(gathering, subject)
        previous = head.head if head.length else GENESIS
        event = Event(
            subject=subject,
            seq=head.length + 1,
            kind=kind,
            at=at,
            recorded_at=moment.now(),
            actor_ref=actor.ref,
            payload=content,
            previous=previous,
        )
        event.hash = event_hash(previous, body(event))
        writing.create(event)
        head.length, head.head = event.seq, event.hash
        outbox.fan_out(event)
    return event


def begin(subject: str) -> None:
    """Say, inside `writing.together`, that the subject is new: its chain need not be looked for.

    A chain that is there all the same makes the whole act fail at the database; nothing is overwritten.
    """
    writing.gathering().heads[subject] = writing.Head(None, 0, GENESIS)


def hold(subjects: Iterable[str]) -> None:
    """Find and lock, inside `writing.together`, the chains of many subjects at once, before events are appended."""
    heads = writing.gathering().heads
    wanted = sorted({subject for subject in subjects if subject not in heads})
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CHAINS, [GENESIS, wanted])
        for subject, chain_id, length, head in cursor.fetchall():
            heads[subject] = writing.Head(chain_id, length, bytes(head))


def _lock(gathering: writing.Gathering, subject: str) -> writing.Head:
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CHAIN, [subject, GENESIS])
        chain_id, length, head = cursor.fetchone()
    found = gathering.heads[subject] = writing.Head(chain_id, length, bytes(head))
    return found


def events(subject: str) -> list[Event]:
    """Give the events of a subject in order; empty if it has none."""
    return _EVENTS.rows(subject=subject)


def ask_events(subject: str) -> Asked:
    """What `events` reads, to be read ahead with other things of a page."""
    return _EVENTS.asked(subject=subject)


_EVENTS = Prepared(lambda subject: Event.objects.filter(subject=subject).order_by("seq"))


def events_between(first: datetime, last: datetime, kinds: set[str]) -> list[Event]:
    """Give at most 10,000 events of some kinds with first ≤ `at` < last, in order of time."""
    found = Event.objects.filter(kind__in=kinds, at__gte=first, at__lt=last).order_by("at", "id")
    return list(found[:10_000])


def _refuse_personal_data(subject: str, kind: str, content: Any) -> None:
    for path, text in _texts("payload", content):
        found = personal_kind(text)
        if found:
            raise ValueError(f"event {kind} of {subject} carries a {found} in clear at {path}")


def _texts(path: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        pairs = [(f"{path}.{key}", item) for key, item in value.items()]
        return [(path, key) for key in value] + [found for name, item in pairs for found in _texts(name, item)]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in _texts(f"{path}[{index}]", item)]
    return []
