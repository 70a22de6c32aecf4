"""Chains and seals: what is appended holds, and the database refuses to change it."""

import base64
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tongban.base import chain, grants, seals
from tongban.base.models import Chain, DailySeal, Event, SealedHead
from tongban.base.tests.racing import race
from tongban.kernel.actor import SYSTEM, Actor

AT = datetime(2026, 11, 24, 1, 2, 3, 400_000, tzinfo=UTC)
TABLES = ["base_event", "base_dailyseal", "base_sealedhead"]


def add(subject="case:1", kind="CaseSubmitted", **payload):
    with transaction.atomic():
        return chain.append(subject=subject, kind=kind, payload=payload, actor=SYSTEM, at=AT)


def add_two(n):
    add(f"case:{n}", n=n)
    return add("case:1", n=n).seq


@pytest.mark.django_db
def test_appended_events_form_a_chain_that_verifies():
    first, second = add(n=1, text="受理", at=AT, parts=[1, None, {"x": True}]), add(n=2)
    add("case:2")
    assert (first.seq, second.seq) == (1, 2)
    assert second.previous == first.hash
    assert [event.pk for event in chain.events("case:1")] == [first.pk, second.pk]
    assert chain.events("case:none") == []
    assert chain.events_between(AT, AT + timedelta(seconds=1), {"CaseSubmitted"})[0].pk == first.pk
    assert chain.verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "payload", [{"phone": "13812345678"}, {"a": [{"b": "证件号11010519491231002X"}]}, {"13812345678": 1}]
)
def test_an_event_with_personal_data_in_clear_is_refused(payload):
    with pytest.raises(ValueError, match="in clear"):
        add(**payload)
    assert not Event.objects.exists()
    assert not Chain.objects.exists()


@pytest.mark.django_db
def test_naive_moments_and_floats_are_refused():
    with pytest.raises(TypeError), transaction.atomic():
        add(share=0.5)
    with pytest.raises(ValueError, match="aware"), transaction.atomic():
        chain.append(subject="case:1", kind="X", payload={}, actor=SYSTEM, at=AT.replace(tzinfo=None))
    assert not Event.objects.exists()


def test_an_event_outside_a_transaction_is_refused(live_database):
    with pytest.raises(RuntimeError, match="transaction"):
        chain.append(subject="case:1", kind="X", payload={}, actor=Actor("staff", 1), at=AT)
    assert not Chain.objects.exists()


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_change_remove_or_truncate(live_database, freeze, alias, table):
    with freeze(AT):
        add()
    with freeze(AT + timedelta(days=1)):
        seals.seal_missed_days()
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError), connections[alias].cursor() as cursor:
            cursor.execute(statement)
        connections[alias].close()
    assert (Event.objects.count(), DailySeal.objects.count(), SealedHead.objects.count()) == (1, 1, 1)
    assert grants.problems() == []
    assert set(TABLES) <= set(grants.append_only_tables())


def test_the_program_owns_nothing_and_cannot_switch_triggers_off(live_database):
    for statement in (
        "ALTER TABLE base_event DISABLE TRIGGER ALL",
        "DROP TABLE base_event",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


def test_missing_guards_are_reported(live_database):
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT UPDATE ON base_event TO tongban")
        cursor.execute("DROP TRIGGER tongban_forbid_truncate ON base_dailyseal")
    assert len(grants.problems()) == 2
    grants.apply("owner")
    assert len(grants.problems()) == 1


def test_threads_appending_to_one_chain_leave_one_unbroken_chain(live_database):
    found = race([partial(add_two, n) for n in range(2, 10)])
    assert sorted(found) == list(range(1, 9))
    assert chain.verify() == []


@pytest.mark.django_db
def test_a_day_is_sealed_once_and_missed_days_are_made_up_for(freeze):
    with freeze(AT):
        add()
        assert seals.seal_missed_days() == []
        assert seals.problems() == []
        with pytest.raises(ValueError, match="not over"):
            chain.seal_day(date(2026, 11, 24))
    with freeze(AT + timedelta(days=3)):
        add("case:2")
        assert len(seals.problems()) == 1
        made = seals.seal_missed_days()
        assert [seal.day.day for seal in made] == [24, 25, 26]
        assert [(seal.changed, seal.chains) for seal in made] == [(2, 2), (0, 2), (0, 2)]
        assert chain.seal_day(date(2026, 11, 25)).pk == made[1].pk
        assert seals.seal_missed_days() == []
        assert seals.problems() == []
        with pytest.raises(ValueError, match="sealed already"):
            chain.seal_day(date(2026, 11, 20))
    assert chain.verify() == []


def test_two_sealers_at_once_make_one_seal(live_database, freeze):
    with freeze(AT):
        add()
    with freeze(AT + timedelta(days=1)):
        found = race([lambda: seals.seal_day(date(2026, 11, 24)).pk] * 4)
    assert len(set(found)) == 1
    assert DailySeal.objects.count() == 1
    assert chain.verify() == []


@pytest.mark.django_db
def test_a_new_seal_key_is_accepted_while_the_old_one_is_named(freeze, settings):
    with freeze(AT):
        add()
    with freeze(AT + timedelta(days=1)):
        old = chain.seal_day(date(2026, 11, 24))
    settings.SEAL_KEY = "bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4="
    assert [finding.kind for finding in chain.verify()] == ["seal_altered"]
    settings.SEAL_OLD_PUBLIC_KEYS = base64.b64encode(bytes(old.public_key)).decode()
    assert chain.verify() == []


@pytest.mark.django_db
def test_rows_and_chains_are_compared_both_ways():
    from tongban.base.verification import verify_subjects

    add("case:1")
    add("case:2")
    add("bill:3")
    rows = {"case:2", "case:9"}
    found = verify_subjects(prefix="case:", known=sorted(rows), exist=lambda asked: rows & set(asked))
    assert [(finding.subject, finding.kind) for finding in found] == [("case:9", "vanished"), ("case:1", "vanished")]
