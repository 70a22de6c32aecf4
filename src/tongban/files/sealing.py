"""Encryption of kept files: each under a key of its own, in chunks that cannot be changed, swapped or cut off unseen.

The key of a file lies in its row, encrypted with the ring of field keys: when those change only rows are written anew,
and a file whose row is gone can be read by nobody. A kept file is `TBF1`, then for each chunk its length (4 bytes,
big-endian) and what `kernel.crypto` makes of it; where the file lies, the chunk's number and whether it is the last are
authenticated.
"""

from __future__ import annotations

import base64
import secrets
import struct
from collections.abc import Iterator

from tongban.base import keys
from tongban.kernel.crypto import KEY_BYTES, CryptoError, KeyRing

_MARK = b"TBF1"
_CHUNK_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")


def fresh_key() -> str:
    """Make a key for one file, in the suite that the installation encrypts with."""
    suite = keys.ring().current.suite
    return f"f:{suite}:{base64.b64encode(secrets.token_bytes(KEY_BYTES[suite])).decode()}"


def seal(data: bytes, key: str, place: str) -> bytes:
    """Encrypt a file that lies at `place` with a key of `fresh_key`."""
    ring = KeyRing.parse(key)
    chunks = [data[start : start + _CHUNK_BYTES] for start in range(0, max(len(data), 1), _CHUNK_BYTES)]
    parts = [_MARK]
    for number, chunk in enumerate(chunks):
        sealed = ring.encrypt(chunk, _aad(place, number, is_last=number == len(chunks) - 1))
        parts.extend((_LENGTH.pack(len(sealed)), sealed))
    return b"".join(parts)


def unseal(blob: bytes, key: str, place: str) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        CryptoError: it was altered, cut off, or lay elsewhere.
    """
    if not blob.startswith(_MARK):
        raise CryptoError("not an encrypted file")
    ring = KeyRing.parse(key)
    sealed = list(_split(blob))
    last = len(sealed) - 1
    if last < 0:
        raise CryptoError("the file is cut short")
    return b"".join(ring.decrypt(one, _aad(place, i, is_last=i == last)) for i, one in enumerate(sealed))


def _split(blob: bytes) -> Iterator[bytes]:
    at = len(_MARK)
    while at < len(blob):
        if at + _LENGTH.size > len(blob):
            raise CryptoError("the file is cut short")
        (length,) = _LENGTH.unpack_from(blob, at)
        at += _LENGTH.size
        yield blob[at : at + length]
        at += length


def _aad(place: str, number: int, *, is_last: bool) -> bytes:
    return f"file:{place}:{number}:{'last' if is_last else 'more'}".encode()
