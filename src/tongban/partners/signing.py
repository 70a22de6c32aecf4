"""The wire format's signature: HMAC-SHA256 over method, path, timestamp, nonce and the body's digest.

Pure: no network, no database. Both our side and the simulators use it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

from tongban.partners.problems import SignatureError

CLIENT = "X-Tongban-Client"
TIMESTAMP = "X-Tongban-Timestamp"
NONCE = "X-Tongban-Nonce"
SIGNATURE = "X-Tongban-Signature"

#: How far the clocks of two systems may differ before a message counts as stale or forged.
SKEW_S_MAX = 300


def signature(secret: bytes, *, method: str, path: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Return the hexadecimal HMAC-SHA256 of a message; `path` includes the query, `timestamp` is Unix seconds."""
    digest = hashlib.sha256(body).hexdigest()
    text = f"{method.upper()}\n{path}\n{timestamp}\n{nonce}\n{digest}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def signed_headers(
    secret: bytes, *, client_id: str, method: str, path: str, body: bytes, now_s: float
) -> dict[str, str]:
    """Return the four headers of a message to be sent at `now_s` (Unix seconds), with a fresh nonce."""
    timestamp, nonce = str(int(now_s)), secrets.token_hex(16)
    return {
        CLIENT: client_id,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: signature(secret, method=method, path=path, timestamp=timestamp, nonce=nonce, body=body),
    }


def verify(
    headers: Mapping[str, str],
    secret: bytes,
    *,
    method: str,
    path: str,
    body: bytes,
    now_s: float,
    is_fresh: Callable[[str, str], bool],
) -> None:
    """Check a received message; `is_fresh(client, nonce)` must remember the nonce and say whether it is new.

    The nonce is looked at last, so that a forged message cannot use up the nonce of a true one.

    Raises:
        SignatureError: a header is missing, the time is off by more than `SKEW_S_MAX`, the signature does
            not fit, or the message was seen before.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    values = [lowered.get(name.lower(), "") for name in (CLIENT, TIMESTAMP, NONCE, SIGNATURE)]
    if not all(values):
        raise SignatureError("a signature header is missing")
    client_id, timestamp, nonce, claimed = values
    if not timestamp.isdigit() or abs(now_s - int(timestamp)) > SKEW_S_MAX:
        raise SignatureError("the timestamp is stale")
    expected = signature(secret, method=method, path=path, timestamp=timestamp, nonce=nonce, body=body)
    if not hmac.compare_digest(expected.encode(), claimed.encode()):
        raise SignatureError("the signature does not fit")
    if not is_fresh(client_id, nonce):
        raise SignatureError("the message was received before")
