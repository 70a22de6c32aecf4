"""Hash chains of events: one canonical text of a body, one hash over it and the one before, one root over many."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

HASH_BYTES = 32
#: What stands before the first event of a chain.
GENESIS = bytes(HASH_BYTES)

_DEPTH_MAX = 12
_BYTES_MAX = 64 * 1024


def plain(value: Any, *, depth: int = 0) -> Any:
    """Reduce a value to what JSON keeps exactly: text, whole numbers, truth, nothing, lists and mappings.

    Moments become ISO text in UTC, dates and UUIDs text, enums their values.

    Raises:
        TypeError: a float or another kind of thing, because its text could change on the way to the database.
        ValueError: a naive moment, a null character, or nested deeper than 12.
    """
    if depth > _DEPTH_MAX:
        raise ValueError("nested too deep for an event")
    if isinstance(value, Enum):
        return plain(value.value, depth=depth + 1)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, Mapping):
        return {_plain_key(key): plain(item, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth=depth + 1) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item, depth=depth + 1) for item in value)
    return _plain_scalar(value)


def canonical(value: Any) -> bytes:
    """Write a plain value as canonical JSON: sorted keys, no spaces, UTF-8.

    Raises:
        ValueError: more than 64 KiB.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    if len(text) > _BYTES_MAX:
        raise ValueError("an event holds at most 64 KiB")
    return text


def moment_text(at: datetime) -> str:
    """Write an aware moment for hashing: UTC, microseconds, always the same length."""
    if at.tzinfo is None:
        raise ValueError("a moment in an event must be aware")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_hash(previous: bytes, body: Any) -> bytes:
    """Hash one event: SHA-256 over a label, the hash before it and the canonical body."""
    return hashlib.sha256(b"tongban.event.1\x00" + previous + canonical(body)).digest()


class RollingRoot:
    """A root over the heads of many chains, fed one by one in order; memory does not grow."""

    def __init__(self, label: str) -> None:
        self._hash = hashlib.sha256(b"tongban.root.1\x00" + label.encode() + b"\x00")
        self.count = 0

    def add(self, subject: str, length: int, head: bytes) -> None:
        """Add one chain: its subject, its number of events and the hash of the last."""
        name = subject.encode()
        self._hash.update(len(name).to_bytes(4, "big") + name + length.to_bytes(8, "big") + head)
        self.count += 1

    def digest(self) -> bytes:
        """The root over everything added so far, 32 bytes."""
        final = self._hash.copy()
        final.update(b"\x00end" + self.count.to_bytes(8, "big"))
        return final.digest()


def _plain_text(value: str) -> str:
    text = str(value)
    if "\x00" in text:
        raise ValueError("a null character has no place in an event")
    return text


def _plain_key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys of an event are text, not {type(key).__name__}")
    return _plain_text(key)


def _plain_scalar(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in an event")
