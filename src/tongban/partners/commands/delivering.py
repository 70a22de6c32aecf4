"""Messages to webhooks: queued once each, sent in order, tried for three days.

Each endpoint has its own line and its own job, so that one that is slow or down holds back nobody else. What was sent
but not noted (a worker killed in between) is sent again under the same identifier, by which the receiver knows it.
"""

import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from tongban.base import chain, moment
from tongban.kernel.actor import SYSTEM, Actor
from tongban.partners import events, outbound, standard_webhooks
from tongban.partners.models import WebhookEndpoint, WebhookMessage
from tongban.partners.problems import PartnerError
from tongban.partners.queries import access_webhook, live_client

_MINUTE, _HOUR = 60, 3_600
#: Seconds from a failed try to the next: 14 tries over about three days.
WAITS_S: Final = (
    10, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 6 * _HOUR, 8 * _HOUR,
    12 * _HOUR, 16 * _HOUR, 20 * _HOUR,
)  # fmt: skip
TRIES_MAX: Final = len(WAITS_S) + 1
#: So many tries in a row without success pause an endpoint: a whole message's, and the next one's first.
FAILURES_MAX: Final = TRIES_MAX + 1
#: Each wait is up to a tenth longer or shorter, so that endpoints that fell together do not rise together.
_JITTER: Final = 0.1
_RETRY_AFTER_S_MAX: Final = _HOUR
_GONE: Final = 410
_NOTES_MAX: Final = 500
PING: Final = "Ping"
#: Days that messages are kept once sent, and once given up; and that a paused endpoint's may wait.
SENT_DAYS, FAILED_DAYS, WAITING_DAYS = 30, 90, 30
_ROWS_MAX = 20_000

_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class _Try:
    """How one try went: the status (None: no answer), the answer's beginning or what went wrong."""

    status: int | None
    text: str
    retry_after_s: int = 0

    @property
    def got_through(self) -> bool:
        """Whether the receiver took it (2xx)."""
        return self.status is not None and 200 <= self.status < 300


def queue_webhooks(
    *, kind: str, message_id: str, message: Mapping[str, Any], client_id: int | None, organisation_id: int | None
) -> int:
    """Queue a message for every endpoint that may hear of it, in the caller's transaction; gives how many.

    It takes no actor: the relay calls it, for an event that somebody caused. The same message again is queued no
    second time. `client_id` is the system whose thing it is, `organisation_id` the body in charge: the systems of
    either may read it, as they may read it in the line of events.
    """
    readers = Q(client_id=client_id) if client_id else Q()
    if organisation_id:
        readers |= Q(client__organisation_id=organisation_id)
    if not readers:
        return 0
    wanting = Q(kinds=[]) | Q(kinds__contains=[kind])
    found = WebhookEndpoint.objects.filter(live_client(), readers, wanting).order_by("pk")
    rows = [_row(one, kind, message_id, message) for one in found]
    return len(WebhookMessage.objects.bulk_create(rows, ignore_conflicts=True))


def queue_ping(*, actor: Actor, endpoint_id: int) -> WebhookMessage:
    """Queue a test message to one endpoint; it stands in the line like any other.

    Raises:
        NotFound: absent, or not the actor's.
    """
    with transaction.atomic():
        endpoint = access_webhook(actor, endpoint_id)
        number = f"ping-{uuid.uuid4()}"
        message = {
            "specversion": "1.0",
            "id": number,
            "source": "/api/v1/webhooks",
            "type": PING,
            "subject": str(endpoint.pk),
            "time": moment.now(),
            "datacontenttype": "application/json",
            "data": {},
        }
        row = _row(endpoint, PING, number, message)
        row.save(force_insert=True)
        return row


def _row(endpoint: WebhookEndpoint, kind: str, message_id: str, message: Mapping[str, Any]) -> WebhookMessage:
    body, now = json.dumps(message, ensure_ascii=False, cls=DjangoJSONEncoder), moment.now()
    return WebhookMessage(endpoint=endpoint, message_id=message_id, kind=kind, body=body, queued_at=now, next_at=now)


def endpoints_due(limit: int = 500) -> list[int]:
    """The endpoints whose first waiting message is due."""
    waiting = WebhookMessage.objects.filter(endpoint=OuterRef("pk"), state=WebhookMessage.State.WAITING)
    live = WebhookEndpoint.objects.filter(live_client(), pause=WebhookEndpoint.Pause.NONE)
    # Looked up endpoint by endpoint: every few seconds, whatever waits for those that are paused.
    found = live.annotate(next_at=Subquery(waiting.order_by("pk").values("next_at")[:1]))
    return list(found.filter(next_at__lte=moment.now()).order_by("next_at").values_list("pk", flat=True)[:limit])


def deliver_next(*, endpoint_id: int) -> bool:
    """Send the first message in an endpoint's line, if it is due; whether it got through.

    Nothing is locked while the receiver is spoken to. Two workers at once (a job taken for dead) may both send; the
    outcome is noted once, for the try that was meant.
    """
    endpoint = WebhookEndpoint.objects.filter(live_client(), pk=endpoint_id, pause=WebhookEndpoint.Pause.NONE).first()
    waiting = WebhookMessage.objects.filter(endpoint_id=endpoint_id, state=WebhookMessage.State.WAITING)
    message = waiting.order_by("pk").first()
    if endpoint is None or message is None or message.next_at > moment.now():
        return False
    tried = _send(endpoint, message)
    with transaction.atomic():
        _note(message, tried)
    return tried.got_through


def _send(endpoint: WebhookEndpoint, message: WebhookMessage) -> _Try:
    given = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_valid_to and endpoint.previous_valid_to > moment.now():
        given.append(endpoint.previous_secret)
    body = message.body.encode()
    # The receiver compares with the true time, even where the product's clock is frozen (tests, rehearsal).
    headers = standard_webhooks.signed_headers(given, message_id=message.message_id, body=body, now_s=time.time())
    headers["Content-Type"] = "application/cloudevents+json; charset=utf-8"
    try:
        reply = outbound.post(endpoint.url, body=body, headers=headers)
    except PartnerError as error:
        return _Try(None, str(error)[:_NOTES_MAX])
    return _Try(reply.status, reply.text[:_NOTES_MAX], reply.retry_after_s)


def _note(seen: WebhookMessage, tried: _Try) -> None:
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=seen.endpoint_id)
    message = WebhookMessage.objects.select_for_update().filter(pk=seen.pk, attempts=seen.attempts).first()
    if message is None or message.state != WebhookMessage.State.WAITING:
        return
    now = moment.now()
    message.attempts += 1
    message.tried_at, message.status, message.answer = now, tried.status, tried.text
    if tried.got_through:
        message.state, message.settled_at = WebhookMessage.State.SENT, now
        endpoint.failures = 0
    elif message.attempts >= TRIES_MAX:
        message.state, message.settled_at = WebhookMessage.State.FAILED, now
        endpoint.failures += 1
    else:
        message.next_at = now + timedelta(seconds=_wait_s(message.attempts, tried.retry_after_s))
        endpoint.failures += 1
    message.save(update_fields=["attempts", "tried_at", "status", "answer", "state", "settled_at", "next_at"])
    endpoint.save(update_fields=["failures"])
    if tried.status == _GONE:
        _pause(endpoint, WebhookEndpoint.Pause.GONE)
    elif endpoint.failures >= FAILURES_MAX:
        _pause(endpoint, WebhookEndpoint.Pause.FAILURES)


def _wait_s(attempts: int, retry_after_s: int) -> float:
    wait_s = WAITS_S[attempts - 1] * _random.uniform(1 - _JITTER, 1 + _JITTER)
    return max(wait_s, min(retry_after_s, _RETRY_AFTER_S_MAX))


def _pause(endpoint: WebhookEndpoint, reason: str) -> None:
    endpoint.pause, endpoint.paused_at = reason, moment.now()
    endpoint.save(update_fields=["pause", "paused_at"])
    told = events.WebhookPaused(reason=reason, failures=endpoint.failures)
    chain.append(subject=str(endpoint), kind=told.kind, payload=told.payload(), actor=SYSTEM, at=moment.now())


def expire_old_messages() -> int:
    """Give up what waited 30 days, forget what was sent 30 and what was given up 90 days ago; gives how many rows.

    At most 20,000 of each a run.
    """
    now = moment.now()
    rows = WebhookMessage.objects
    stale = rows.filter(state=WebhookMessage.State.WAITING, queued_at__lt=now - timedelta(days=WAITING_DAYS))
    stale |= rows.filter(state=WebhookMessage.State.WAITING, endpoint__removed_at__isnull=False)
    bite = stale.order_by("pk").values("pk")[:_ROWS_MAX]
    changed = rows.filter(pk__in=bite).update(state=WebhookMessage.State.FAILED, settled_at=now)
    for state, days in ((WebhookMessage.State.SENT, SENT_DAYS), (WebhookMessage.State.FAILED, FAILED_DAYS)):
        old = rows.filter(state=state, settled_at__lt=now - timedelta(days=days)).order_by("settled_at")
        changed += rows.filter(pk__in=list(old.values_list("pk", flat=True)[:_ROWS_MAX])).delete()[0]
    return changed
