"""Writing together: one statement for all that an act changes, the same effect as writing one by one."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.base import chain, outbox, writing
from tongban.base.models import Chain, Counter, Delivery, Event
from tongban.kernel.actor import SYSTEM

AT = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def listener():
    outbox.subscribe("test.writing", {"CaseSubmitted"}, lambda _event: None)
    yield
    outbox.unsubscribe("test.writing")


def tell(subject: str, number: int) -> Event:
    return chain.append(subject=subject, kind="CaseSubmitted", payload={"n": number}, actor=SYSTEM, at=AT)


def test_rows_events_deliveries_and_changes_reach_the_database_in_one_statement(listener):
    kept = Counter.objects.create(series="kept", period="", value=1)
    tell("case:old", 1)
    writing.create(Counter(series="warm", period="", value=1))
    with transaction.atomic(), CaptureQueriesContext(connection) as asked, writing.together():
        made = writing.create(Counter(series="new", period="", value=7))
        kept.value = 2
        writing.change(kept, "value")
        chain.begin("case:new")
        first, second = tell("case:new", 1), tell("case:new", 2)
        assert not Event.objects.filter(subject="case:new").exists()
    inserts = [one["sql"] for one in asked.captured_queries if "WITH" in one["sql"]]
    assert len(inserts) == 1
    assert Counter.objects.get(series="new").pk == made.pk
    assert Counter.objects.get(series="kept").value == 2
    assert [(one.seq, one.pk) for one in chain.events("case:new")] == [(1, first.pk), (2, second.pk)]
    assert [
        one.event_id for one in Delivery.objects.filter(consumer="test.writing", subject="case:new").order_by("seq")
    ] == [
        first.pk,
        second.pk,
    ]
    assert Chain.objects.get(subject="case:new").length == 2
    assert chain.verify() == []


def test_what_raises_inside_writes_nothing_and_leaves_nothing_collected():
    def fail() -> None:
        with transaction.atomic(), writing.together():
            writing.create(Counter(series="lost", period="", value=1))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert writing.current() is None
    assert not Counter.objects.filter(series="lost").exists()


def test_a_subject_that_is_not_new_cannot_begin_again():
    tell("case:1", 1)

    def begin_again() -> None:
        with transaction.atomic(), writing.together():
            chain.begin("case:1")
            tell("case:1", 2)

    with pytest.raises(IntegrityError):
        begin_again()
    assert [one.payload for one in chain.events("case:1")] == [{"n": 1}]
    assert chain.verify() == []


def test_an_inner_gathering_is_part_of_the_outer_one():
    with transaction.atomic(), writing.together():
        with writing.together():
            writing.create(Counter(series="inner", period="", value=1))
        assert not Counter.objects.filter(series="inner").exists()
    assert Counter.objects.filter(series="inner").exists()


@pytest.mark.django_db(transaction=False)
def test_gathering_outside_is_a_mistake_of_the_programmer():
    with pytest.raises(RuntimeError, match="together"):
        writing.gathering()


def test_a_row_changed_twice_gets_both_changes_and_one_just_created_is_written_as_it_ends():
    kept = Counter.objects.create(series="kept", period="", value=1)
    with transaction.atomic(), writing.together():
        same = Counter.objects.get(pk=kept.pk)
        kept.value = 5
        writing.change(kept, "value")
        same.period = "2026"
        writing.change(same, "period")
        made = writing.create(Counter(series="made", period="", value=1))
        made.value = 9
        writing.change(made, "value")
    kept.refresh_from_db()
    assert (kept.value, kept.period) == (5, "2026")
    assert Counter.objects.get(series="made").value == 9
