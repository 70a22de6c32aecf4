"""Numbers, repeated requests, rates and the outbox, with real threads on a real database."""

from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event as Flag

import pytest
from django.db import transaction

from tongban.base import chain, idempotency, numbering, outbox, rate
from tongban.base.models import Counter, Delivery, IdempotencyKey, RateWindow
from tongban.base.tests.racing import race
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import Invalid, NotFound, TooMany

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CITIZEN = Actor("citizen", 1)


def take(*, fail=False):
    with transaction.atomic():
        value = numbering.take("case:1143", "2026")
        if fail:
            raise LookupError
    return value


def add(subject="case:1", kind="Told", *, fail=False, **payload):
    with transaction.atomic():
        event = chain.append(subject=subject, kind=kind, payload=payload, actor=SYSTEM, at=AT)
        if fail:
            raise LookupError
    return event


def test_numbers_have_no_gap_however_many_take_and_fail(live_database):
    found = race([partial(take, fail=n % 3 == 0) for n in range(12)])
    assert sorted(value for value in found if isinstance(value, int)) == list(range(1, 9))
    assert take() == 9
    assert Counter.objects.get().value == 9


def test_a_number_outside_a_transaction_is_refused(live_database):
    with pytest.raises(RuntimeError):
        numbering.take("x")
    assert not Counter.objects.exists()


def test_a_request_repeated_at_once_has_one_effect_and_one_answer(live_database):
    def submit():
        return idempotency.once(actor=CITIZEN, key="k", fingerprint={"a": 1}, work=lambda: {"number": take()})

    assert race([submit] * 8) == [{"number": 1}] * 8
    assert submit() == {"number": 1}
    assert Counter.objects.get().value == 1


def test_a_request_that_failed_may_be_tried_again(live_database):
    def fail():
        take()
        raise LookupError

    with pytest.raises(LookupError):
        idempotency.once(actor=CITIZEN, key="k", fingerprint=1, work=fail)
    assert not IdempotencyKey.objects.exists()
    assert idempotency.once(actor=CITIZEN, key="k", fingerprint=1, work=take) == 1


def test_when_the_first_fails_the_waiting_second_does_the_work(live_database):
    started, go = Flag(), Flag()

    def slow():
        started.set()
        assert go.wait(10)
        raise LookupError

    def second():
        assert started.wait(10)
        go.set()
        return idempotency.once(actor=CITIZEN, key="k", fingerprint=1, work=take)

    found = race([lambda: idempotency.once(actor=CITIZEN, key="k", fingerprint=1, work=slow), second])
    assert isinstance(found[0], LookupError)
    assert found[1] == 1


@pytest.mark.django_db
def test_a_key_used_for_something_else_is_refused_and_keys_belong_to_their_owner():
    assert idempotency.once(actor=CITIZEN, key="k", fingerprint={"a": 1}, work=lambda: 1) == 1
    with pytest.raises(Invalid) as caught:
        idempotency.once(actor=CITIZEN, key="k", fingerprint={"a": 2}, work=take)
    assert caught.value.code == "idempotency_key_reused"
    assert caught.value.status == 422
    assert not Counter.objects.exists()
    assert idempotency.once(actor=Actor("citizen", 2), key="k", fingerprint={"a": 2}, work=lambda: 2) == 2
    for key in ("", "x" * 121, "a\nb"):
        with pytest.raises(Invalid):
            idempotency.once(actor=CITIZEN, key=key, fingerprint=1, work=take)
    assert idempotency.form_key(CITIZEN, "t") != idempotency.form_key(Actor("citizen", 2), "t")


def test_a_rate_holds_for_all_threads_together(live_database, freeze):
    with freeze(AT):
        found = race([lambda: rate.hit(bucket="sms", key="13812345678", limit=3, per_s=60)] * 8)
        assert sorted(n for n in found if isinstance(n, int)) == [0, 1, 2]
        assert all(
            isinstance(error, TooMany) and error.retry_after_s == 60 for error in found if not isinstance(error, int)
        )
        assert rate.used(bucket="sms", key="138-1234-5678", per_s=60) == 8
        assert rate.hit(bucket="sms", key="13912345678", limit=3, per_s=60) == 2
    with freeze(AT + timedelta(seconds=60)):
        assert rate.hit(bucket="sms", key="13812345678", limit=3, per_s=60) == 2
        rate.reset(bucket="sms", key="13812345678")
        assert rate.used(bucket="sms", key="13812345678", per_s=60) == 0
    assert RateWindow.objects.count() == 1


def add_four(subject):
    return [add(subject, n=n) for n in range(4)]


@pytest.fixture
def consumer(monkeypatch):
    monkeypatch.setattr(outbox, "_subscriptions", {})
    seen = []

    def handle(event):
        seen.append((event.subject, event.seq))
        take()

    outbox.subscribe("test.one", {"Told"}, handle)
    return seen


def test_every_event_reaches_its_consumer_once_and_in_order_with_many_workers(live_database, consumer):
    race([partial(add_four, f"case:{n}") for n in range(5)])
    add(kind="Other")

    def work():
        return sum(outbox.relay() for _ in range(40))

    assert sum(race([work] * 4)) == 20
    assert sorted(consumer) == [(f"case:{n}", seq) for n in range(5) for seq in range(1, 5)]
    for n in range(5):
        assert [seq for subject, seq in consumer if subject == f"case:{n}"] == [1, 2, 3, 4]
    assert Counter.objects.get().value == 20
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert outbox.relay() == 0


def test_a_failing_handler_leaves_no_effect_waits_and_holds_back_its_subject_only(live_database, monkeypatch, freeze):
    monkeypatch.setattr(outbox, "_subscriptions", {})
    good, broken = [], [True]

    def handle(event):
        take()
        if broken and event.subject == "case:1" and event.seq == 1:
            raise LookupError("kaputt")
        good.append((event.subject, event.seq))

    outbox.subscribe("test.bad", {"Told"}, handle)
    with freeze(AT):
        add("case:1"), add("case:1"), add("case:2")
        outbox.relay()
        assert good == [("case:2", 1)]
        assert Counter.objects.get().value == 1
        assert outbox.relay() == 0
    for attempt in range(2, outbox.ATTEMPTS_MAX + 1):
        with freeze(AT + timedelta(hours=attempt)):
            assert outbox.relay() == 1
    with freeze(AT + timedelta(days=1)):
        assert outbox.relay() == 0
        (dead,) = outbox.dead()
        assert dead.attempts == outbox.ATTEMPTS_MAX
        assert "kaputt" in outbox.problems()[0]
        broken.clear()
        outbox.retry(actor=SYSTEM, delivery_id=dead.pk)
        assert outbox.relay() == 2
        assert good[1:] == [("case:1", 1), ("case:1", 2)]
        assert outbox.problems() == []
        with pytest.raises(NotFound):
            outbox.skip(actor=SYSTEM, delivery_id=dead.pk)


@pytest.mark.django_db
def test_a_skipped_delivery_lets_the_later_ones_go_on(monkeypatch, freeze):
    monkeypatch.setattr(outbox, "_subscriptions", {})
    seen = []

    def handle(event):
        if event.seq == 1:
            raise LookupError
        seen.append(event.seq)

    outbox.subscribe("test.bad", {"Told"}, handle)
    monkeypatch.setattr(outbox, "ATTEMPTS_MAX", 1)
    with freeze(AT):
        add(), add()
        outbox.relay()
        outbox.skip(actor=SYSTEM, delivery_id=outbox.dead()[0].pk)
        outbox.relay()
    assert seen == [2]


@pytest.mark.django_db
def test_a_new_consumer_hears_from_now_on_and_a_rolled_back_event_is_never_told(consumer):
    outbox.unsubscribe("test.one")
    add()
    outbox.subscribe("test.two", {"Told"}, lambda event: consumer.append(event.seq))
    add()
    with pytest.raises(LookupError):
        add(fail=True)
    outbox.relay()
    assert consumer == [2]
    with pytest.raises(ValueError, match="already"):
        outbox.subscribe("test.two", {"Told"}, print)
    with pytest.raises(ValueError, match="nothing"):
        outbox.subscribe("test.three", set(), print)
    outbox.unsubscribe("test.two")
    Delivery.objects.update(state="pending")
    assert "test.two" in outbox.problems()[0]


def test_a_worker_killed_in_the_middle_loses_nothing(live_database, consumer, monkeypatch):
    """The process dies after the handler ran and before the commit: the next worker does it again, once."""
    add()

    class Killed(BaseException):
        pass

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Delivery, "save", die)
        with pytest.raises(Killed):
            outbox.relay()
    assert not Counter.objects.exists()
    assert outbox.relay() == 1
    assert Counter.objects.get().value == 1
