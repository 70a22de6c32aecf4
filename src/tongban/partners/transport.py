"""Signed HTTP to a partner, with a timeout, a retry budget and a circuit breaker; and the check of what comes in."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from tongban.partners import signing
from tongban.partners.breaker import Breaker
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError

if TYPE_CHECKING:
    import httpx

_breakers: dict[str, Breaker] = {}
_breakers_lock = threading.Lock()


@dataclass(frozen=True)
class Endpoint:
    """Where a partner's service stands and the secret shared with it."""

    name: str
    base_url: str
    client_id: str
    secret: bytes


class HasEndpoint(Protocol):
    """An adapter that speaks to one endpoint."""

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint to speak to."""
        ...


@dataclass(frozen=True)
class Budget:
    """How much one call may cost: attempts, and seconds over all attempts together."""

    attempts_max: int = 2
    total_s: float = 8.0


@dataclass(frozen=True)
class Response:
    """A partner's answer: the HTTP status (2xx) and the JSON object."""

    status: int
    body: Mapping[str, Any]


def call(
    adapter: HasEndpoint, path: str, body: Mapping[str, Any], *, timeout_s: float = 4.0, budget: Budget | None = None
) -> Response:
    """POST `body` as JSON, signed, and return the answer.

    The body must carry the partner's own request number, because a call that failed half-way is repeated.

    Args:
        adapter: whose endpoint to call.
        path: path on the partner's side, beginning with a slash.
        body: JSON object.
        timeout_s: seconds for one attempt.
        budget: attempts and seconds in total.

    Raises:
        PartnerUnreachableError: no attempt got through, or the breaker is open; may be tried again later.
        PartnerRefusedError: the partner said no (4xx) or its answer is not JSON; final.
    """
    spent = budget or Budget()
    breaker = _breaker(adapter.endpoint.name)
    deadline_s = time.monotonic() + spent.total_s
    last: PartnerUnreachableError | None = None
    for _attempt in range(spent.attempts_max):
        left_s = deadline_s - time.monotonic()
        if left_s <= 0 or not breaker.allows():
            break
        try:
            response = _attempt_once(adapter.endpoint, path, body, min(timeout_s, left_s))
        except PartnerUnreachableError as error:
            breaker.failed()
            last = error
        else:
            breaker.succeeded()
            return response
    raise last or PartnerUnreachableError(f"{adapter.endpoint.name} is resting after repeated failures")


def _breaker(name: str) -> Breaker:
    with _breakers_lock:
        return _breakers.setdefault(name, Breaker(clock_s=time.monotonic))


def _attempt_once(endpoint: Endpoint, path: str, body: Mapping[str, Any], timeout_s: float) -> Response:
    # 12 MiB: only a process that calls others has them.
    import httpx

    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    url = endpoint.base_url.rstrip("/") + path
    # The wire needs the true time even where the product's clock is frozen (tests, rehearsal).
    headers = signing.signed_headers(
        endpoint.secret,
        client_id=endpoint.client_id,
        method="POST",
        path=urlsplit(url).path,
        body=content,
        now_s=time.time(),
    ) | {"Content-Type": "application/json; charset=utf-8"}
    try:
        with httpx.Client(timeout=timeout_s, trust_env=False) as client:
            answer = client.post(url, content=content, headers=headers)
    except httpx.HTTPError as error:
        raise PartnerUnreachableError(f"{endpoint.name}: {type(error).__name__}") from error
    return _read(endpoint, answer)


def _read(endpoint: Endpoint, answer: httpx.Response) -> Response:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise PartnerUnreachableError(f"{endpoint.name}: HTTP {answer.status_code}")
    try:
        body = answer.json()
    except ValueError as error:
        raise PartnerRefusedError(f"{endpoint.name}: the answer is not JSON") from error
    if not answer.is_success or not isinstance(body, dict):
        detail = body.get("detail", "") if isinstance(body, dict) else ""
        raise PartnerRefusedError(f"{endpoint.name}: HTTP {answer.status_code} {detail}".rstrip())
    return Response(status=answer.status_code, body=body)
