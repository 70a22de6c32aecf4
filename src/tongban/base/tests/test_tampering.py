"""Somebody with the owner's password changes history: every single change is found, and named."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.base import chain, moment, seals
from tongban.base.models import Event
from tongban.base.verification import body, verify
from tongban.kernel.actor import SYSTEM
from tongban.kernel.hashchain import event_hash

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TABLES = ["base_event", "base_chain", "base_sealedhead", "base_dailyseal"]
SUBJECTS = {"case:a": 6, "case:b": 4, "doc:c": 2}
#: How many events of each chain are under a seal.
SEALED = {"case:a": 4, "case:b": 3, "doc:c": 2}


def owner(*statements):
    with connections["owner"].cursor() as cursor:
        for statement, *parameters in statements:
            cursor.execute(statement, parameters)


@pytest.fixture
def history(live_database):
    """Three chains over three days, two of them sealed, with a copy of everything to go back to."""
    for day, upto in enumerate([{"case:a": 2, "case:b": 3, "doc:c": 0}, SEALED, SUBJECTS]):
        with moment.freeze(START + timedelta(days=day)):
            seals.seal_missed_days()
            for subject, length in upto.items():
                for seq in range(len(chain.events(subject)), length):
                    with transaction.atomic():
                        chain.append(subject=subject, kind="Made", payload={"n": seq}, actor=SYSTEM, at=moment.now())
    for table in TABLES:
        owner((f"CREATE TABLE copy_{table} AS TABLE {table}",), (f"ALTER TABLE {table} DISABLE TRIGGER USER",))
    assert verify() == []


@contextmanager
def tampered(*statements):
    owner(*statements)
    try:
        yield verify()
    finally:
        owner(("TRUNCATE base_event, base_chain, base_sealedhead, base_dailyseal, base_delivery",))
        owner(*((f"INSERT INTO {table} SELECT * FROM copy_{table}",) for table in reversed(TABLES)))


def where(subject, seq):
    return f"WHERE subject = '{subject}' AND seq = {seq}"


events = st.sampled_from([(subject, seq) for subject, length in SUBJECTS.items() for seq in range(1, length + 1)])
relaxed = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=40
)

CHANGES = [
    "kind = kind || 'x'",
    "payload = payload || '{\"n\": 99}'::jsonb",
    "payload = payload || '{\"m\": null}'::jsonb",
    "payload = '{\"n\": 0.5}'::jsonb",
    "at = at + interval '1 microsecond'",
    "recorded_at = recorded_at - interval '1 day'",
    "actor_ref = 'staff:1'",
    "hash = sha256('x')",
    "previous = sha256('x')",
]


@relaxed
@given(events, st.sampled_from(CHANGES))
def test_any_altered_event_is_found(history, event, change):
    subject, seq = event
    with tampered((f"UPDATE base_event SET {change} {where(subject, seq)}",)) as found:
        assert {finding.subject for finding in found} == {subject}
        # A changed hash shows at the event itself and where the next one no longer fits.
        assert seq in {finding.seq for finding in found}
        assert all(f"{subject}" in finding.message for finding in found)


@relaxed
@given(events)
def test_any_deleted_event_is_found(history, event):
    subject, seq = event
    with tampered((f"DELETE FROM base_event {where(subject, seq)}",)) as found:
        first = found[0]
        kind = "cut" if seq == SUBJECTS[subject] else "missing"
        assert (first.subject, first.seq, first.kind) == (subject, seq, kind)
        assert {finding.subject for finding in found} == {subject}


@relaxed
@given(st.sampled_from(sorted(SUBJECTS)), st.data())
def test_any_two_events_that_change_places_are_found(history, subject, data):
    one, two = sorted(data.draw(st.sets(st.integers(1, SUBJECTS[subject]), min_size=2, max_size=2)))
    with tampered(
        (f"UPDATE base_event SET seq = 1000 {where(subject, one)}",),
        (f"UPDATE base_event SET seq = {one} {where(subject, two)}",),
        (f"UPDATE base_event SET seq = {two} {where(subject, 1000)}",),
    ) as found:
        assert (found[0].subject, found[0].seq, found[0].kind) == (subject, one, "reordered")
        assert {finding.subject for finding in found} == {subject}


@relaxed
@given(st.sampled_from(sorted(SUBJECTS)), st.data())
def test_a_tail_cut_with_its_head_made_good_shows_against_the_seal(history, subject, data):
    keep = data.draw(st.integers(1, SEALED[subject]))
    with tampered(
        (f"DELETE FROM base_event WHERE subject = '{subject}' AND seq > {keep}",),
        (
            f"UPDATE base_chain SET length = {keep}, head = (SELECT hash FROM base_event {where(subject, keep)}) WHERE subject = '{subject}'",
        ),
    ) as found:
        assert (keep == SEALED[subject]) == (not found)
        assert {(finding.subject, finding.kind) for finding in found} <= {(subject, "cut")}


@relaxed
@given(st.sampled_from(sorted(SUBJECTS)), st.booleans())
def test_a_vanished_chain_is_named(history, subject, head_too):
    statements = [(f"DELETE FROM base_event WHERE subject = '{subject}'",)]
    if head_too:
        statements.append((f"DELETE FROM base_chain WHERE subject = '{subject}'",))
    with tampered(*statements) as found:
        assert {(finding.subject, finding.kind) for finding in found} == {(subject, "vanished")}


@relaxed
@given(st.sampled_from(sorted(SUBJECTS)), st.data())
def test_a_history_written_anew_with_good_hashes_shows_against_the_seal(history, subject, data):
    """The attacker knows the program: everything after the change is hashed again, the head too."""
    seq = data.draw(st.integers(1, SEALED[subject]))
    statements: list[tuple[object, ...]] = []
    previous: bytes | None = None
    for event in Event.objects.filter(subject=subject).order_by("seq"):
        if event.seq == seq:
            event.payload = {"n": "anders"}
        event.previous = previous or bytes(event.previous)
        event.hash = previous = event_hash(bytes(event.previous), body(event))
        statements.append(
            (
                "UPDATE base_event SET payload = %s, previous = %s, hash = %s WHERE id = %s",
                json.dumps(event.payload), event.previous, event.hash, event.pk,
            )
        )  # fmt: skip
    statements.append(("UPDATE base_chain SET head = %s WHERE subject = %s", previous, subject))
    with tampered(*statements) as found:
        assert {(finding.subject, finding.kind) for finding in found} == {(subject, "rewritten")}


@relaxed
@given(
    st.sampled_from(sorted(SUBJECTS)),
    st.sampled_from(["length = length + 1", "head = sha256('x')", "length = length - 1"]),
)
def test_a_changed_head_is_found(history, subject, change):
    with tampered((f"UPDATE base_chain SET {change} WHERE subject = '{subject}'",)) as found:
        assert {finding.subject for finding in found} == {subject}
        assert {finding.kind for finding in found} <= {"cut", "head"}


SEAL_CHANGES = [
    (["UPDATE base_dailyseal SET root = sha256('x') WHERE day = '2026-03-02'"], {"seal_altered"}),
    (["UPDATE base_dailyseal SET root = sha256('x')"], {"seal_altered"}),
    (["UPDATE base_dailyseal SET chains = 1 WHERE day = '2026-03-03'"], {"seal_altered"}),
    (["UPDATE base_dailyseal SET public_key = sha256('x')"], {"seal_altered"}),
    (["UPDATE base_dailyseal SET signature = signature || 'x'"], {"seal_altered"}),
    (
        ["UPDATE base_dailyseal SET previous = sha256('x') WHERE day = '2026-03-03'"],
        {"seal_missing", "seal_altered"},
    ),
    (["UPDATE base_sealedhead SET length = 1 WHERE subject = 'case:b'"], {"seal_altered", "rewritten"}),
    (["DELETE FROM base_sealedhead WHERE subject = 'doc:c'"], {"seal_altered"}),
    (
        [
            "DELETE FROM base_sealedhead WHERE seal_id = (SELECT min(id) FROM base_dailyseal)",
            "DELETE FROM base_dailyseal WHERE day = '2026-03-02'",
        ],
        {"seal_missing", "seal_altered"},
    ),
    (["DELETE FROM base_chain WHERE subject = 'case:a'"], {"head"}),
    (["UPDATE base_event SET subject = 'case:x' WHERE subject = 'case:b'"], {"altered", "head", "vanished"}),
]


def test_changed_seals_and_heads_are_found(history, subtests):
    for statements, kinds in SEAL_CHANGES:
        with subtests.test(statements[0]), tampered(*((statement,) for statement in statements)) as found:
            assert {finding.kind for finding in found} == kinds
    assert verify() == []
