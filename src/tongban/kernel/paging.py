"""Keyset pages: a cursor names the last row seen, so a page costs the same however deep it is."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tongban.kernel.problems import Invalid

T = TypeVar("T")
U = TypeVar("U")
CursorValue = str | int | bool

PAGE_SIZE_DEFAULT = 20
PAGE_SIZE_MAX = 100
_TEXT_CHARACTERS_MAX = 1_000
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place between two rows: the sort values of the last row seen and the direction to go on."""

    values: tuple[CursorValue, ...]
    backwards: bool = False

    def encode(self, secret: bytes) -> str:
        """Write the cursor as URL-safe text, signed so that nobody can make one up."""
        body = json.dumps([int(self.backwards), *self.values], ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_mac(secret, body) + body).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, secret: bytes) -> "Cursor":
        """Read a cursor back.

        Raises:
            Invalid: it is not one that `encode` made with this secret.
        """
        try:
            if len(text) > _TEXT_CHARACTERS_MAX or not text.isascii():
                raise ValueError(text)
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
                raise ValueError(text)
            mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
            if not hmac.compare_digest(mac, _mac(secret, body)):
                raise ValueError(text)
            backwards, *values = json.loads(body)
        except ValueError as error:
            raise Invalid("翻页位置无效，请从第一页重新查看。", code="bad_cursor") from error
        return cls(tuple(values), bool(backwards))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, with signed cursors to its neighbours (None where there is none)."""

    items: list[T]
    next: str | None = None
    previous: str | None = None

    def map(self, change: "Callable[[T], U]") -> "Page[U]":
        """Make the same page of other things, for example rows for a screen."""
        return Page([change(item) for item in self.items], self.next, self.previous)


def page_size(asked: int | None) -> int:
    """Bound a page size that somebody asked for to 1…100 (20 when nothing is asked)."""
    return min(max(asked or PAGE_SIZE_DEFAULT, 1), PAGE_SIZE_MAX)


def _mac(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret, b"tongban.cursor\x00" + body, hashlib.sha256).digest()[:_MAC_BYTES]
