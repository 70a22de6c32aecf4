"""What the case page reads: in few statements in every state, and the same as if each had been sent alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base import reading
from tongban.cases import commands, queries
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_serving import noticed, tried
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("city")

#: The goal of docs/performance.md for any page of the desk.
STATEMENTS_MAX = 12


def _noted(walk: story.Walk) -> None:
    clerk = walk.receptionist()
    colleague = next(iter(queries.callable_on(clerk, walk.case)))
    commands.write_note(actor=clerk, case_no=walk.no, text="请看一下平面图。", call=[colleague.account_id])


def _served(walk: story.Walk) -> None:
    tried(walk)
    noticed(walk)


def _archived(walk: story.Walk) -> None:
    commands.archive(actor=SYSTEM, case_no=walk.no)


#: What happens before the page is looked at, part by part.
WAYS = {
    "submitted": (),
    "with notes": (_noted,),
    "marked and told": (lambda walk: walk.receive().notify("layout"),),
    "accepted": (lambda walk: walk.receive().accept(),),
    "decided": (lambda walk: walk.receive().accept().to_decision().decide(),),
    "being served": (lambda walk: walk.receive().accept().to_decision().pay().decide().issue().pay(), _served),
    "served": (lambda walk: walk.receive().accept().to_decision().pay().decide().issue().pay().hand_out(),),
    "archived": (
        lambda walk: walk.receive().accept().to_decision().pay().decide().issue().pay().hand_out(), _archived,
    ),
}  # fmt: skip


@pytest.fixture(params=WAYS)
def walk(request) -> story.Walk:
    walk = story.walk()
    for part in WAYS[request.param]:
        part(walk)
    return walk


def test_the_page_takes_at_most_twelve_statements(walk):
    client = desk_visit.visitor_as(walk.receptionist())
    address = f"/desk/cases/{walk.no}/"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= STATEMENTS_MAX, [one["sql"][:120] for one in captured]


def test_what_is_read_together_is_what_is_read_alone(walk):
    actor = walk.receptionist()

    def seen() -> tuple[object, ...]:
        page = queries.case_page(actor, walk.no)
        people, notes = queries.callable_on(actor, walk.case), queries.notes_of(actor, walk.case)
        return page, people, notes, queries.neighbours(actor, walk.no)

    alone = seen()
    for _learnt_then_together in range(2):
        with queries.reading_case(actor, walk.no), CaptureQueriesContext(connection) as captured:
            together = seen()
        assert together == alone
    # The neighbours; whether reference data changed is asked once a request, which this is none of.
    sent = [one["sql"] for one in captured if "base_referencetoken" not in one["sql"]]
    assert len(sent) <= 1, [one[:120] for one in sent]


def test_the_columns_of_a_page_come_out_of_one_statement_as_they_come_alone(walk):
    def columns() -> list[object]:
        case = queries.access_case(walk.receptionist(), walk.no)
        page = queries.case_page(walk.receptionist(), walk.no)
        rows = [*page.steps, *page.documents, *page.bills, *(row for one in page.materials for row in one.given)]
        return [case.state, *({name: one.__dict__[name] for name in one.__dict__ if name != "_state"} for one in rows)]

    alone = columns()
    for _learnt_then_together in range(2):
        with queries.reading_case(walk.receptionist(), walk.no):
            assert str(columns()) == str(alone)
    with pytest.raises(RuntimeError):
        reading.ahead()
