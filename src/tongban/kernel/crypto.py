"""Encryption of single fields, with the suite and the key named in the first bytes of every value.

Suite 1 is AES-256-GCM with HMAC-SHA-256, suite 2 SM4-GCM (GB/T 32907) with HMAC-SM3 (GB/T 32905). A value is
`suite id (1 byte) · length of key id (1) · key id · nonce (12) · ciphertext and tag (16)`; everything before the
ciphertext and the caller's own context are authenticated.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE_AES = 1
SUITE_SM = 2
KEY_BYTES: Mapping[int, int] = {SUITE_AES: 32, SUITE_SM: 16}

_NONCE_BYTES = 12
_TAG_BYTES = 16
_PLAIN_BYTES_MAX = 16 * 1024 * 1024
_KEY_ID = re.compile(r"[0-9A-Za-z._-]{1,32}", re.ASCII)


class CryptoError(Exception):
    """The value cannot be decrypted: it was altered, belongs elsewhere, or its key is not here."""


class UnknownKeyError(CryptoError):
    """The value names a suite or a key that the key ring does not hold."""


class KeyFormatError(ValueError):
    """The text of a key is not in the form that is asked for; the message never contains the key."""


@dataclass(frozen=True, slots=True)
class FieldKey:
    """One key of the ring: its name, its suite (1 or 2) and its bytes."""

    kid: str
    suite: int
    secret: bytes

    @property
    def header(self) -> bytes:
        """The first bytes of every value that this key encrypted."""
        return bytes((self.suite, len(self.kid))) + self.kid.encode("ascii")

    def __repr__(self) -> str:
        return f"FieldKey({self.kid!r}, suite={self.suite})"


class KeyRing:
    """The keys of the fields: the first encrypts, all decrypt."""

    def __init__(self, keys: list[FieldKey]) -> None:
        if not keys:
            raise KeyFormatError("no field key is given")
        self._keys = {(key.suite, key.kid): key for key in keys}
        if len({key.kid for key in keys}) != len(keys):
            raise KeyFormatError("two field keys have the same id")
        self.current = keys[0]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read "kid:suite:base64key,…"; the first key is the current one.

        Raises:
            KeyFormatError: a part is missing or a key has the wrong length.
        """
        return cls([_parse_key(part.strip()) for part in text.split(",") if part.strip()])

    @property
    def kids(self) -> list[str]:
        """The ids of the keys, the current one first."""
        return [key.kid for key in self._keys.values()]

    def encrypt(self, plain: bytes, aad: bytes) -> bytes:
        """Encrypt with the current key; `aad` is where the value lives and must be given again to read it.

        Raises:
            ValueError: more than 16 MiB.
        """
        if len(plain) > _PLAIN_BYTES_MAX:
            raise ValueError("a field holds at most 16 MiB")
        key = self.current
        nonce = os.urandom(_NONCE_BYTES)
        return key.header + nonce + _seal(key, nonce, plain, key.header + aad)

    def decrypt(self, blob: bytes, aad: bytes) -> bytes:
        """Decrypt what `encrypt` made.

        Raises:
            UnknownKeyError: its suite or key is not in the ring.
            CryptoError: it was altered, cut short, or encrypted for another place.
        """
        key = self.key_of(blob)
        start = len(key.header)
        nonce, sealed = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
        if len(sealed) < _TAG_BYTES:
            raise CryptoError("the value is cut short")
        return _open(key, nonce, sealed, key.header + aad)

    def key_of(self, blob: bytes) -> FieldKey:
        """Find the key that a value names in its header.

        Raises:
            UnknownKeyError: it names none of ours.
        """
        suite = blob[0] if blob else 0
        kid = blob[2 : 2 + blob[1]] if len(blob) > 1 else b""
        key = self._keys.get((suite, kid.decode("ascii", "replace")))
        if key is None:
            raise UnknownKeyError(f"no key {kid!r} of suite {suite} in the ring")
        return key

    def is_current(self, blob: bytes) -> bool:
        """Whether a value was encrypted with the current key."""
        return blob.startswith(self.current.header)


def blind_index(key: bytes, kind: str, normalised: str, *, suite: int = SUITE_AES) -> bytes:
    """Make the 32-byte keyed index by which an encrypted value is looked up; one kind never meets another.

    Raises:
        KeyFormatError: the key is shorter than 16 bytes.
        UnknownKeyError: no such suite.
    """
    if len(key) < 16:
        raise KeyFormatError("an index key has at least 16 bytes")
    if suite not in KEY_BYTES:
        raise UnknownKeyError(f"no suite {suite}")
    mac = hmac.HMAC(key, hashes.SHA256() if suite == SUITE_AES else hashes.SM3())
    mac.update(b"tongban.index\x00" + kind.encode() + b"\x00" + normalised.encode())
    return mac.finalize()


def decode_key(text: str, *, bytes_wanted: int | None = None, what: str = "key") -> bytes:
    """Read a base64 key.

    Raises:
        KeyFormatError: not base64, or not `bytes_wanted` long.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise KeyFormatError(f"{what} is not base64") from None
    if bytes_wanted is not None and len(key) != bytes_wanted:
        raise KeyFormatError(f"{what} has {len(key)} bytes, {bytes_wanted} are needed")
    return key


def new_key(kid: str, suite: int = SUITE_AES) -> str:
    """Make a fresh key as text, "kid:suite:base64key"."""
    return f"{kid}:{suite}:{base64.b64encode(os.urandom(KEY_BYTES[suite])).decode()}"


def _parse_key(part: str) -> FieldKey:
    pieces = part.split(":")
    if len(pieces) != 3:
        raise KeyFormatError("a field key is written kid:suite:base64key")
    kid, suite_text, secret_text = pieces
    if _KEY_ID.fullmatch(kid) is None:
        raise KeyFormatError("a key id has 1 to 32 letters, digits, dots, dashes or underscores")
    if suite_text not in {"1", "2"}:
        raise KeyFormatError(f"field key {kid} names no suite that we know (1 or 2)")
    suite = int(suite_text)
    return FieldKey(kid, suite, decode_key(secret_text, bytes_wanted=KEY_BYTES[suite], what=f"field key {kid}"))


def _seal(key: FieldKey, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    if key.suite == SUITE_AES:
        return AESGCM(key.secret).encrypt(nonce, plain, aad)
    encryptor = Cipher(algorithms.SM4(key.secret), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _open(key: FieldKey, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    try:
        if key.suite == SUITE_AES:
            return AESGCM(key.secret).decrypt(nonce, sealed, aad)
        body, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(key.secret), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(aad)
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise CryptoError("the value was altered or belongs to another field") from None
