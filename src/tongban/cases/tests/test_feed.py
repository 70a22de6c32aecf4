"""Systems keep up with their cases: nothing skipped, nothing twice, nothing of others, nobody's personal data."""

import json
from threading import Event as Flag
from typing import Any

import pytest
from django.db import connection, transaction

from tongban.base import chain, moment, outbox
from tongban.base.tests.racing import race
from tongban.cases import queries
from tongban.cases.events import BodySucceeded
from tongban.cases.models import Case, FeedEntry
from tongban.cases.tests import story
from tongban.cases.tests.test_api import Caller, body, caller, problem
from tongban.identity.models import ApiClient
from tongban.kernel.actor import SYSTEM, Actor

__all__ = ["body", "caller"]

WRITERS = 20
EVENTS_EACH = 5


def relayed() -> None:
    while outbox.relay(batch_max=1000):
        pass


def follow(system: Caller, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """Everything from a cursor on, in pages of three."""
    found: list[dict[str, Any]] = []
    while True:
        answer = system.get(f"/events?size=3&after={after}" if after else "/events?size=3")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found += page["items"]
        after = page["next"]
        assert page["more"] == ("Link" in answer)
        if not page["more"]:
            return found, after


@pytest.mark.usefixtures("city")
def test_a_system_hears_what_happens_to_its_cases_in_order_and_goes_on_where_it_stopped(body, cast):
    reader = Caller("cases:submit", "events:read", name="对接系统")
    number = reader.post("/cases", body).json()["case_no"]
    stranger = story.walk().to_the_end(cast.citizen)
    relayed()
    first, cursor = follow(reader)
    assert [(one["type"], one["subject"]) for one in first] == [("CaseSubmitted", number)]
    walk = story.Walk(Case.objects.get(case_no=number))
    walk.receive().accept().to_decision().pay().decide().issue().pay().hand_out()
    relayed()
    later, end = follow(reader, cursor)
    kinds = [one["type"] for one in later]
    assert kinds == ["CaseReceived", "CaseAccepted", "CaseDecided", "ResultIssued", "ResultDelivered"]
    assert follow(reader, end) == ([], end)
    said = json.dumps(first + later, ensure_ascii=False)
    for secret in ("陈桂兰", "430212197803120021", "19900000001", "staff:", stranger.no):
        assert secret not in said
    assert {one["specversion"] for one in later} == {"1.0"}
    assert len({one["id"] for one in first + later}) == 6


@pytest.mark.usefixtures("city")
def test_a_body_hears_of_the_cases_in_its_charge_and_another_system_of_none(cast):
    walk = story.walk().to_the_end(cast.citizen)
    relayed()
    system = Caller("events:read", name="部门系统")
    assert follow(system)[0] == []
    ApiClient.objects.filter(pk=system.row.pk).update(organisation=walk.case.organisation)
    found, _cursor = follow(system)
    assert {one["data"]["case_no"] for one in found} == {walk.no}
    assert {"StepOpened", "StepClaimed", "StepCompleted"}.isdisjoint({one["type"] for one in found})


@pytest.mark.usefixtures("city")
def test_only_our_cursors_and_only_the_scope_open_the_feed(caller):
    reader = Caller("events:read", name="对接系统")
    problem(reader.get("/events?after=made-up"), 422, "bad_cursor")
    items = reader.get("/items?size=1").json()["next"]
    problem(reader.get(f"/events?after={items}"), 422, "bad_cursor")
    problem(reader.get("/events?size=101"), 422, "invalid")
    problem(caller.get("/events"), 403, "scope_missing")


def test_twenty_writers_that_end_in_any_order_are_read_without_a_gap_and_without_a_double(live_city, cast):
    cases = [story.submitted(cast.citizen) for _ in range(4)]
    system = Caller("events:read", name="对接系统").row
    Case.objects.update(client_id=system.pk)
    client = Actor(kind="client", client_id=system.pk, scopes=frozenset({"events:read"}))
    body = {"old": "a", "new": "b"}
    written, drained = [Flag() for _ in range(WRITERS)], [Flag() for _ in range(2)]

    def write(number: int) -> None:
        try:
            for _ in range(EVENTS_EACH):
                with transaction.atomic(), connection.cursor() as cursor:
                    subject = cases[number % 4].subject
                    chain.append(subject=subject, kind=BodySucceeded.kind, payload=body, actor=SYSTEM, at=moment.now())
                    cursor.execute("SELECT pg_sleep(random() * 0.02)")
        finally:
            written[number].set()

    def relay(flag: Flag) -> None:
        while True:
            done = all(one.is_set() for one in written)
            if outbox.relay() == 0 and done:
                flag.set()
                return

    def read() -> list[int]:
        seen: list[int] = []
        after = None
        while True:
            last = all(one.is_set() for one in drained)
            page = queries.feed(client, after=after, size=7)
            seen += [one.event_id for one in page.entries]
            after = page.next
            if last and not page.more:
                return seen

    acts = [lambda number=number: write(number) for number in range(WRITERS)]
    *_others, seen = race([*acts, lambda: relay(drained[0]), lambda: relay(drained[1]), read])
    assert isinstance(seen, list), seen
    relayed()
    rest = queries.feed(client, after=None, size=100)
    assert FeedEntry.objects.count() == WRITERS * EVENTS_EACH + len(cases)
    assert len(seen) == len(set(seen))
    assert set(seen) == set(FeedEntry.objects.values_list("event_id", flat=True))
    assert [one.event_id for one in rest.entries] == seen[:100]
