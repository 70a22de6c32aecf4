"""Proof of the chains: finds every altered, cut, missing or reordered event and every vanished chain, and names it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from tongban.base import keys, seals
from tongban.base.models import Chain, DailySeal, Event, SealedHead
from tongban.kernel.hashchain import GENESIS, event_hash, moment_text

FindingKind = Literal[
    "altered", "reordered", "missing", "cut", "head", "vanished", "rewritten", "seal_altered", "seal_missing"
]

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: whose chain ("seal:2026-11-24" for a seal), at which event, what, and in words."""

    subject: str
    seq: int
    kind: FindingKind
    message: str


def body(event: Event) -> dict[str, Any]:
    """Give what the hash of an event covers."""
    return {
        "subject": event.subject,
        "seq": event.seq,
        "kind": event.kind,
        "at": moment_text(event.at),
        "recorded_at": moment_text(event.recorded_at),
        "actor": event.actor_ref,
        "payload": event.payload,
    }


def verify() -> list[Finding]:
    """Check every event, head and seal; an empty list means that nothing was changed.

    Reads one snapshot in bounded memory, about half a minute for a million events; inside a transaction of the
    caller's, events that others append meanwhile could be mistaken for faults.
    """
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [*_check_chains(), *_check_seals(), *_check_sealed_heads()]


def verify_subjects(*, prefix: str, known: Iterable[str], exist: Callable[[list[str]], set[str]]) -> list[Finding]:
    """Compare the rows of a room with their chains, both ways: a row without a chain, and a chain without its row.

    `prefix` is that of the subjects ("case:"), `known` streams the subjects of all rows, `exist` says which of some
    subjects have a row.
    """
    found: list[Finding] = []
    for batch in _batches(known):
        there = set(Event.objects.filter(subject__in=batch, seq=1).values_list("subject", flat=True))
        lost = [subject for subject in batch if subject not in there]
        found.extend(Finding(subject, 0, "vanished", f"{subject}:记录还在，但事件链消失") for subject in lost)
    chains = Event.objects.filter(subject__startswith=prefix, seq=1).order_by("subject")
    for batch in _batches(chains.values_list("subject", flat=True).iterator(chunk_size=_CHUNK)):
        there = exist(batch)
        lost = [subject for subject in batch if subject not in there]
        found.extend(Finding(subject, 0, "vanished", f"{subject}:事件链还在，但记录消失") for subject in lost)
    return found


def _batches(subjects: Iterable[str]) -> Iterator[list[str]]:
    stream = iter(subjects)
    while batch := list(islice(stream, _CHUNK)):
        yield batch


def _check_chains() -> Iterator[Finding]:
    heads = Chain.objects.order_by("subject").iterator(chunk_size=_CHUNK)
    head = next(heads, None)
    for subject, found, length, last in _walk():
        yield from found
        while head is not None and head.subject < subject:
            yield from _lost_events(head)
            head = next(heads, None)
        if head is None or head.subject != subject:
            yield Finding(subject, length, "head", f"{subject}:事件链的链头记录丢失(现有 {length} 条事件)")
            continue
        yield from _compare_head(head, length, last)
        head = next(heads, None)
    while head is not None:
        yield from _lost_events(head)
        head = next(heads, None)


def _walk() -> Iterator[tuple[str, list[Finding], int, bytes]]:
    """Walk all events; give each subject with its findings, the number of its last event and the hash of that."""
    subject, seq, previous, found = "", 0, GENESIS, list[Finding]()
    for event in Event.objects.order_by("subject", "seq").iterator(chunk_size=_CHUNK):
        if event.subject != subject:
            if subject:
                yield subject, found, seq, previous
            subject, seq, previous, found = event.subject, 0, GENESIS, []
        found.extend(_check_event(event, seq, previous))
        seq, previous = event.seq, bytes(event.hash)
    if subject:
        yield subject, found, seq, previous


def _check_event(event: Event, seq: int, previous: bytes) -> Iterator[Finding]:
    name = f"{event.subject} 第 {event.seq} 条事件"
    linked = bytes(event.previous)
    if event.seq > seq + 1:
        gap = f"第 {seq + 1} 条" if event.seq == seq + 2 else f"第 {seq + 1} 至 {event.seq - 1} 条"
        yield Finding(event.subject, seq + 1, "missing", f"{event.subject}:{gap}事件缺失")
    elif linked != previous:
        yield Finding(
            event.subject, event.seq, "reordered", f"{name}({event.kind})与前一条不相连：顺序被改动或前一条被替换"
        )
    try:
        intact = event_hash(linked, body(event)) == bytes(event.hash)
    except (TypeError, ValueError):
        intact = False
    if not intact:
        yield Finding(event.subject, event.seq, "altered", f"{name}({event.kind})的内容被改动")


def _compare_head(head: Chain, length: int, last: bytes) -> Iterator[Finding]:
    if head.length > length:
        yield Finding(
            head.subject, length + 1, "cut", f"{head.subject}:尾部被截断，应有 {head.length} 条事件，只剩 {length} 条"
        )
    elif head.length < length or bytes(head.head) != last:
        yield Finding(
            head.subject, length, "head", f"{head.subject}:链头与事件不一致(链头 {head.length} 条，事件 {length} 条)"
        )


def _lost_events(head: Chain) -> Iterator[Finding]:
    if head.length:
        yield Finding(head.subject, 1, "vanished", f"{head.subject}:全部 {head.length} 条事件消失")


def _check_seals() -> Iterator[Finding]:
    trusted = keys.trusted_seal_keys()
    previous, newest = GENESIS, None
    for seal in DailySeal.objects.order_by("day").iterator(chunk_size=_CHUNK):
        subject = f"seal:{seal.day}"
        if bytes(seal.previous) != previous:
            yield Finding(subject, 0, "seal_missing", f"{seal.day} 的日封印与前一日封印不相连：其间有封印丢失或被替换")
        if not _seal_holds(seal, trusted):
            yield Finding(subject, 0, "seal_altered", f"{seal.day} 的日封印被改动或签名无效")
        elif seals.delta_root(seal).digest() != bytes(seal.delta_root):
            yield Finding(subject, 0, "seal_altered", f"{seal.day} 的日封印所附链头被改动或丢失")
        previous, newest = bytes(seal.hash), seal
    if newest is not None and seals.whole_root().digest() != bytes(newest.root):
        yield Finding(f"seal:{newest.day}", 0, "seal_altered", f"{newest.day} 的日封印总根与所附链头不符")


def _seal_holds(seal: DailySeal, trusted: set[bytes]) -> bool:
    public = bytes(seal.public_key)
    if public not in trusted or event_hash(bytes(seal.previous), seals.seal_body(seal)) != bytes(seal.hash):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(seal.signature), seals.signed_text(seal))
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_sealed_heads() -> Iterator[Finding]:
    """Compare every sealed head with the event that stands there now; the first that differs names the chain."""
    named = ""
    stream = SealedHead.objects.order_by("subject", "seal_id").iterator(chunk_size=_CHUNK)
    while batch := list(islice(stream, _CHUNK)):
        found, named = _compare_sealed(batch, named)
        yield from found


def _compare_sealed(batch: list[SealedHead], named: str) -> tuple[list[Finding], str]:
    subjects = {head.subject for head in batch}
    lengths = {head.length for head in batch}
    there: dict[tuple[str, int], bytes] = {
        (subject, seq): bytes(known)
        for subject, seq, known in Event.objects.filter(subject__in=subjects, seq__in=lengths).values_list(
            "subject", "seq", "hash"
        )
    }
    alive = set(Event.objects.filter(subject__in=subjects, seq=1).values_list("subject", flat=True))
    found: list[Finding] = []
    for head in batch:
        known = there.get((head.subject, head.length))
        if known == bytes(head.head) or head.subject == named:
            continue
        named = head.subject
        found.append(_sealed_finding(head, known, alive=head.subject in alive))
    return found, named


def _sealed_finding(head: SealedHead, known: bytes | None, *, alive: bool) -> Finding:
    if known is not None:
        text = f"{head.subject}:第 {head.length} 条事件与日封印不符，历史被改写"
        return Finding(head.subject, head.length, "rewritten", text)
    if alive:
        text = f"{head.subject}:日封印时已有 {head.length} 条事件，现已被截断"
        return Finding(head.subject, head.length, "cut", text)
    text = f"{head.subject}:日封印时有 {head.length} 条事件，现整条链消失"
    return Finding(head.subject, 0, "vanished", text)
