"""Reporting while others report, and while cases go on: one batch at a time, no change missed."""

from collections import Counter

import pytest

from tongban.base import outbox
from tongban.cases import commands
from tongban.cases.models import Case, ExchangeBatch, ExchangeRow
from tongban.cases.tests import story
from tongban.cases.tests.test_exchange import CITY
from tongban.cases.tests.test_races import race_once
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("live_city")


def test_of_two_orders_at_once_one_is_made_and_the_other_is_told():
    story.walk()
    done, refused = race_once([lambda: commands.order_batch(actor=SYSTEM, reach=CITY, now=True)] * 4)
    assert (len(done), {one.code for one in refused}) == (1, {"batch_at_work"})
    assert ExchangeBatch.objects.count() == 1


def test_two_workers_at_one_batch_send_no_row_twice(monkeypatch):
    monkeypatch.setattr("tongban.cases.exchange.sources.PAGE", 1)
    for _ in range(4):
        story.walk()
    number = commands.order_batch(actor=SYSTEM, reach=CITY, now=True).number
    _done, refused = race_once([lambda: commands.make_batch(number=number)] * 3)
    assert not refused
    batch = ExchangeBatch.objects.get()
    assert (batch.state, batch.cases, batch.rows) == ("made", 4, ExchangeRow.objects.count())
    assert set(Counter(ExchangeRow.objects.values_list("row_guid", flat=True)).values()) == {1}


def test_what_happens_while_a_batch_is_made_is_in_it_or_in_the_next():
    walks = [story.walk() for _ in range(3)]
    for act in ("receive", "accept"):

        def report() -> None:
            outbox.relay()
            commands.make_batch(number=commands.order_batch(actor=SYSTEM, reach=CITY, now=True).number)

        race_once([report, *(getattr(one, act) for one in walks)])
    while outbox.relay(batch_max=1000):
        pass
    commands.make_batch(number=commands.order_batch(actor=SYSTEM, reach=CITY, now=True).number)
    for case in Case.objects.all():
        newest = ExchangeRow.objects.filter(case=case, table="pre_apasinfo").order_by("-dataver")[0]
        assert newest.content["projstate"] == "办理中 · 承办"
        assert ExchangeRow.objects.filter(case=case, table="up_pro_accept").exists()
