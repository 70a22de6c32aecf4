"""The outbox: tells subscribed rooms of events, each exactly once and in the order of its subject."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tongban.base import moment, writing
from tongban.base.models import Delivery, Event
from tongban.base.sql import NEXT_DELIVERY
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound

logger = logging.getLogger(__name__)

#: After so many failures a delivery is dead and waits for a person.
ATTEMPTS_MAX = 8
_BACKOFF_S_MAX = 3_600


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """An event as a consumer gets it."""

    id: int
    subject: str
    seq: int
    kind: str
    at: datetime
    actor_ref: str
    payload: Mapping[str, Any]


Handler = Callable[[OutboxEvent], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consumer, the kinds of events that it wants, and what it does with one."""

    consumer: str
    kinds: frozenset[str]
    handler: Handler


_subscriptions: dict[str, Subscription] = {}


def subscribe(consumer: str, kinds: set[str], handler: Callable[[OutboxEvent], None]) -> None:
    """Let a consumer ("supervision.cards") hear of every event of some kinds from now on; called in `ready()`.

    The handler runs in its own savepoint with the record that it ran: its effects and the record stand or fall
    together. It may be called again after a failure, so it must not act outside the database except by a job.

    Raises:
        ValueError: another handler has the name already, or no kind is given.
    """
    known = _subscriptions.get(consumer)
    if not kinds:
        raise ValueError(f"{consumer} subscribes to nothing")
    if known is not None and known.handler is not handler:
        raise ValueError(f"{consumer} is subscribed already")
    _subscriptions[consumer] = Subscription(consumer, frozenset(kinds), handler)


def unsubscribe(consumer: str) -> None:
    """Take a consumer off again (tests, and rooms that are switched off)."""
    _subscriptions.pop(consumer, None)


def subscriptions() -> list[Subscription]:
    """Give all subscriptions, by consumer."""
    return sorted(_subscriptions.values(), key=lambda subscription: subscription.consumer)


def fan_out(event: Event) -> None:
    """Write one delivery for each consumer that wants the event; part of `chain.append`."""
    wanted = [item.consumer for item in _subscriptions.values() if event.kind in item.kinds]
    writing.create_all(
        Delivery(event=event, consumer=name, subject=event.subject, seq=event.seq, next_at=event.recorded_at)
        for name in wanted
    )


def relay(batch_max: int = 100) -> int:
    """Deliver what is due, at most `batch_max` deliveries; say how many were handled.

    Each delivery is its own transaction. Several workers may relay at once: one that another holds is passed over.
    """
    handled = 0
    while handled < batch_max and _relay_one():
        handled += 1
    return handled


def dead(limit: int = 100) -> list[Delivery]:
    """Give the deliveries that failed for good and hold back their subject, the oldest first."""
    return list(Delivery.objects.filter(state=Delivery.State.DEAD).select_related("event").order_by("id")[:limit])


def problems() -> list[str]:
    """Say in words what is stuck (for the doctor); empty if nothing is."""
    found = [
        f"消息投递失败:{item.consumer} 处理 {item.subject} 第 {item.seq} 条事件({item.event.kind})已失败 "
        f"{item.attempts} 次:{item.error}"
        for item in dead()
    ]
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING).exclude(consumer__in=list(_subscriptions))
    found.extend(
        f"消息订阅者 {consumer} 已不存在，仍有待投递的消息"
        for consumer in waiting.values_list("consumer", flat=True).distinct().order_by("consumer")[:20]
    )
    late = moment.now() - timedelta(minutes=10)
    if Delivery.objects.filter(state=Delivery.State.PENDING, attempts=0, next_at__lt=late).exists():
        found.append("有消息超过 10 分钟未投递：请确认后台进程(worker)正在运行")
    return found


def retry(*, actor: Actor, delivery_id: int) -> Delivery:
    """Try a dead delivery again, with fresh attempts.

    Raises:
        NotFound: no such dead delivery.
    """
    return _revive(actor, delivery_id, Delivery.State.PENDING)


def skip(*, actor: Actor, delivery_id: int) -> Delivery:
    """Give a dead delivery up, so that later events of its subject go on.

    Raises:
        NotFound: no such dead delivery.
    """
    return _revive(actor, delivery_id, Delivery.State.SKIPPED)


def _revive(actor: Actor, delivery_id: int, state: Delivery.State) -> Delivery:
    with transaction.atomic():
        found = Delivery.objects.select_for_update().filter(pk=delivery_id, state=Delivery.State.DEAD).first()
        if found is None:
            raise NotFound("这条投递失败的消息")
        found.state, found.attempts, found.next_at = state, 0, moment.now()
        found.error = f"{state} by {actor.ref}"
        found.save(update_fields=["state", "attempts", "next_at", "error"])
    logger.info("delivery %s set to %s by %s", delivery_id, state, actor.ref)
    return found


def _relay_one() -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NEXT_DELIVERY, [moment.now(), list(_subscriptions)])
            row = cursor.fetchone()
        if row is None:
            return False
        delivery = Delivery.objects.select_related("event").get(pk=row[0])
        subscription = _subscriptions[delivery.consumer]
        try:
            with transaction.atomic():
                subscription.handler(_as_told(delivery.event))
                delivery.state, delivery.done_at, delivery.error = Delivery.State.DONE, moment.now(), ""
                delivery.attempts += 1
                delivery.save(update_fields=["state", "done_at", "error", "attempts"])
        except Exception as error:  # one consumer's mistake must not stop the others
            logger.exception("%s failed on %s", delivery.consumer, delivery.event)
            _failed(delivery, error)
    return True


def _failed(delivery: Delivery, error: Exception) -> None:
    delivery = Delivery.objects.get(pk=delivery.pk)
    delivery.attempts += 1
    delivery.error = f"{type(error).__name__}: {error}"[:500]
    delivery.next_at = moment.now() + timedelta(seconds=min(2**delivery.attempts * 5, _BACKOFF_S_MAX))
    if delivery.attempts >= ATTEMPTS_MAX:
        delivery.state = Delivery.State.DEAD
    delivery.save(update_fields=["attempts", "error", "next_at", "state"])


def _as_told(event: Event) -> OutboxEvent:
    return OutboxEvent(
        id=event.pk,
        subject=event.subject,
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        actor_ref=event.actor_ref,
        payload=event.payload,
    )
