"""The keys of this installation, read once from the settings: fields, blind indexes, daily seal."""

import re
import unicodedata
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tongban.kernel.crypto import SUITE_AES, KeyFormatError, KeyRing, blind_index, decode_key

_SEPARATORS = re.compile(r"[\s\-‐-―()()]+")


def ring() -> KeyRing:
    """Give the ring of field keys (`TONGBAN_FIELD_KEYS`).

    Raises:
        ImproperlyConfigured: the setting is missing or malformed; the message never shows a key.
    """
    return _ring(_setting("FIELD_KEYS"))


def blind(kind: str, value: str) -> bytes:
    """Make the blind index of a value, normalised for its kind (`phone`, `document`, anything else as text).

    All rows must be indexed anew when `TONGBAN_INDEX_KEY` changes: the old value has to be decrypted for it, which
    each room's own command does.
    """
    suite, key = _index_key(_setting("INDEX_KEY"))
    return blind_index(key, kind, normalise(kind, value), suite=suite)


def normalise(kind: str, value: str) -> str:
    """Write equal things equally: width, case, blanks and dashes; +86 and 0086 before a phone number go."""
    text = unicodedata.normalize("NFKC", value)
    if kind == "email":
        return text.strip().lower()
    text = _SEPARATORS.sub("", text).upper()
    if kind == "phone":
        return re.sub(r"^(?:\+86|0086)(?=1\d{10}$)", "", text)
    return text


def seal_key() -> Ed25519PrivateKey:
    """Give the private key that signs the daily seal (`TONGBAN_SEAL_KEY`, base64 of a 32-byte seed).

    Raises:
        ImproperlyConfigured: the setting is missing or malformed.
    """
    return _seal_key(_setting("SEAL_KEY"))


def trusted_seal_keys() -> set[bytes]:
    """Give the public keys whose seals count: the present one and those named in the setting `SEAL_OLD_PUBLIC_KEYS`."""
    old = getattr(settings, "SEAL_OLD_PUBLIC_KEYS", "")
    parts = [part.strip() for part in old.split(",") if part.strip()]
    return {seal_key().public_key().public_bytes_raw(), *(decode_key(part, bytes_wanted=32) for part in parts)}


def problems() -> list[str]:
    """Check all keys and say in words what is wrong (for the doctor); empty if all is well."""
    found: list[str] = []
    for read in (ring, lambda: blind("check", "1"), trusted_seal_keys):
        try:
            read()
        except (ImproperlyConfigured, KeyFormatError) as error:
            found.append(str(error))
    return found


def _setting(name: str) -> str:
    value = str(getattr(settings, name, "") or "")
    if not value:
        raise ImproperlyConfigured(f"TONGBAN_{name} is not set")
    return value


@lru_cache(maxsize=4)
def _ring(text: str) -> KeyRing:
    try:
        return KeyRing.parse(text)
    except KeyFormatError as error:
        raise ImproperlyConfigured(f"TONGBAN_FIELD_KEYS: {error}") from None


@lru_cache(maxsize=4)
def _index_key(text: str) -> tuple[int, bytes]:
    suite_text, colon, key_text = text.rpartition(":")
    suite = int(suite_text) if colon and suite_text in {"1", "2"} else SUITE_AES
    try:
        key = decode_key(key_text, what="the key")
    except KeyFormatError as error:
        raise ImproperlyConfigured(f"TONGBAN_INDEX_KEY: {error}") from None
    if len(key) < 16:
        raise ImproperlyConfigured("TONGBAN_INDEX_KEY: at least 16 bytes are needed")
    return suite, key


@lru_cache(maxsize=4)
def _seal_key(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(decode_key(text, bytes_wanted=32, what="the key"))
    except KeyFormatError as error:
        raise ImproperlyConfigured(f"TONGBAN_SEAL_KEY: {error}") from None
