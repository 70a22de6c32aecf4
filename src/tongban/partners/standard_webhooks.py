"""Signatures of Standard Webhooks (v1): HMAC-SHA256 over message identifier, time and body. Pure.

Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from tongban.partners.problems import SignatureError

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"

#: How far the clocks of two systems may differ.
SKEW_S_MAX: Final = 300
_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret as both sides keep it: `whsec_` and base64 of 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(given: Sequence[str], *, message_id: str, body: bytes, now_s: float) -> dict[str, str]:
    """The three headers of a message sent at `now_s` (Unix seconds), signed with every secret of `given`."""
    timestamp = str(int(now_s))
    marks = [f"v1,{_mark(secret, message_id, timestamp, body)}" for secret in given]
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: " ".join(marks)}


def verify(headers: Mapping[str, str], given: str, *, body: bytes, now_s: float) -> str:
    """Check a received message as a receiver does; gives its identifier, by which it is acted on once.

    Raises:
        SignatureError: a header is missing, the time is off by more than `SKEW_S_MAX`, or no signature fits.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp, marks = (lowered.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not (message_id and marks):
        raise SignatureError("a webhook header is missing")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now_s - int(timestamp)) > SKEW_S_MAX:
        raise SignatureError("the timestamp is stale")
    expected = f"v1,{_mark(given, message_id, timestamp, body)}"
    if not any(hmac.compare_digest(expected.encode(), mark.encode()) for mark in marks.split(" ")):
        raise SignatureError("no signature fits")
    return message_id


def _mark(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise SignatureError("the secret is not base64") from error
    content = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
