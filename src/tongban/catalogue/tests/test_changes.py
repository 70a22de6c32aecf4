"""Whoever keeps a copy of the catalogue hears of every change once, in order, however late it is committed."""

from threading import Event as Flag
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tongban.base import chain, moment, outbox
from tongban.base.tests.racing import race
from tongban.catalogue import commands, queries
from tongban.catalogue.difference import Difference, apply
from tongban.catalogue.events import ItemResumed
from tongban.catalogue.models import FeedEntry
from tongban.catalogue.tests.factories import BASE_CODE, TASK_CODE, definition, published
from tongban.catalogue.tests.test_queries import api
from tongban.kernel.actor import SYSTEM

__all__ = ["api"]

WRITERS = 20
EVENTS_EACH = 5


def relayed() -> None:
    while outbox.relay(batch_max=1000):
        pass


def follow(system: Client, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """Everything from a cursor on, in pages of two."""
    found: list[dict[str, Any]] = []
    while True:
        answer = system.get("/api/v1/items/changes", {"size": "2"} | ({"after": after} if after else {}))
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found += page["items"]
        after = page["next"]
        assert page["more"] == ("Link" in answer)
        if not page["more"]:
            return found, after


@pytest.mark.django_db
def test_every_change_of_an_item_is_read_in_order_and_reading_goes_on_where_it_stopped(api):
    version = published()
    relayed()
    first, cursor = follow(api)
    assert [one["type"] for one in first] == ["ItemVersionPublished", "ItemResumed"]
    said = {"seq": 1, "task_code": TASK_CODE, "number": 1, "digest": version.digest}
    assert said.items() <= first[0]["data"].items()
    commands.suspend(actor=SYSTEM, task_code=TASK_CODE, reason="系统升级")
    commands.resume(actor=SYSTEM, task_code=TASK_CODE)
    commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["有证"]))
    commands.cancel(actor=SYSTEM, task_code=TASK_CODE, reason="依据废止")
    relayed()
    later, end = follow(api, cursor)
    assert [one["type"] for one in later] == ["ItemSuspended", "ItemResumed", "ItemVersionPublished", "ItemCancelled"]
    assert [one["data"]["reason"] for one in later] == ["系统升级", "", "", "依据废止"]
    assert [one["id"] for one in first + later] == [f"item:{TASK_CODE}-{number}" for number in range(1, 7)]
    assert follow(api, end) == ([], end)


@pytest.mark.django_db
def test_a_cursor_of_another_line_or_list_is_refused(api):
    published()
    listed = api.get("/api/v1/items?size=1").json()
    for cursor in ("made-up", listed["next"] or "x"):
        answer = api.get("/api/v1/items/changes", {"after": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


@pytest.mark.django_db
def test_every_version_can_be_read_after_it_was_replaced_and_after_the_item_ended(api):
    published()
    commands.publish_version(actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["有证"]))
    commands.cancel(actor=SYSTEM, task_code=TASK_CODE, reason="依据废止")
    there = f"/api/v1/items/{TASK_CODE}/versions"
    listed = api.get(there).json()["items"]
    assert [(one["number"], one["in_force"]) for one in listed] == [(2, True), (1, False)]
    said = [api.get(f"{there}/{number}").json()["definition"]["conditions"] for number in (1, 2)]
    assert said == [["有固定场所"], ["有证"]]
    first = api.get(f"{there}/1")
    assert api.get(f"{there}/1", headers={"If-None-Match": first["ETag"]}).status_code == 304
    for absent in (f"{there}/3", f"{there}/0", f"{there}/{2**40}", "/api/v1/items/nowhere/versions"):
        assert api.get(absent).status_code == 404, absent


def test_twenty_writers_that_end_in_any_order_are_read_without_a_gap_and_without_a_double(live_database):
    written, drained = [Flag() for _ in range(WRITERS)], [Flag() for _ in range(2)]

    def write(number: int) -> None:
        try:
            for _ in range(EVENTS_EACH):
                with transaction.atomic(), connection.cursor() as cursor:
                    body = {"task_code": f"T{number % 4}"}
                    subject = f"item:T{number % 4}"
                    chain.append(subject=subject, kind=ItemResumed.kind, payload=body, actor=SYSTEM, at=moment.now())
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
            page = queries.changes(after=after, size=7)
            seen += [one.event_id for one in page.entries]
            after = page.next
            if last and not page.more:
                return seen

    acts = [lambda number=number: write(number) for number in range(WRITERS)]
    *_others, seen = race([*acts, lambda: relay(drained[0]), lambda: relay(drained[1]), read])
    assert isinstance(seen, list), seen
    assert len(seen) == len(set(seen)) == WRITERS * EVENTS_EACH
    assert seen == list(FeedEntry.objects.order_by("pk").values_list("event_id", flat=True))


@pytest.mark.django_db
def test_the_directory_tells_its_entries_and_who_runs_them(api):
    published()
    (listed,) = api.get("/api/v1/base-items", {"kind": "01", "state": "active"}).json()["items"]
    assert (listed["catalog_code"], listed["number"]) == (BASE_CODE, 1)
    assert api.get("/api/v1/base-items", {"kind": "05"}).json()["items"] == []
    there = f"/api/v1/base-items/{BASE_CODE}"
    assert api.get(there).json()["elements"]["levels"] == ["3", "4", "5", "6"]
    assert [one["task_code"] for one in api.get(f"{there}/bodies").json()["items"]] == [TASK_CODE]
    assert api.get("/api/v1/base-items/999999999999").status_code == 404


@pytest.mark.django_db
def test_what_differs_between_two_versions_makes_the_second_of_the_first(api):
    first = published()
    second = commands.publish_version(
        actor=SYSTEM, task_code=TASK_CODE, definition=definition(conditions=["有证"], materials__1__copy_count=2)
    )
    told = api.get(f"/api/v1/items/{TASK_CODE}/difference", {"before": "1", "after": "2"}).json()["items"]
    assert sorted(one["path"] for one in told) == [["conditions"], ["materials", "[key=contract]", "copy_count"]]
    assert (
        apply(first.definition, [Difference(**one | {"path": tuple(one["path"])}) for one in told]) == second.definition
    )
    assert api.get(f"/api/v1/items/{TASK_CODE}/difference", {"before": "1", "after": "3"}).status_code == 404
