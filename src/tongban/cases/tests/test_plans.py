"""Every statement of what is asked most finds its rows by an index, whatever number of cases there is.

Of the inbox's order and of the webhooks' queue `test_inbox_size.py` and `test_webhooks.py` ask more.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from tongban.base import outbox
from tongban.cases.models import Case
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_api import Caller, body, caller

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")

#: What can be explained; the rest (locks, sequences, savepoints) reads no table.
EXPLAINED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
#: Tables with a row for each area of reference data, read whole because all of it is wanted.
READ_WHOLE = {"base_referencetoken"}
Statement = tuple[str, Any]


@contextmanager
def heard() -> Iterator[list[Statement]]:
    """The statements that are sent meanwhile, with their values."""
    found: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip("( ").upper().startswith(EXPLAINED):
            found.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(listen):
        yield found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def read_through(statements: list[Statement]) -> list[str]:
    """Tables that no index leads into, each with its statement: the planner reads them through though it should not."""
    found = []
    with connection.cursor() as cursor:
        for way in ("seqscan", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        # Of two ways to answer an EXISTS the planner takes the cheaper, whatever is switched off.
        cursor.execute("SET LOCAL seq_page_cost = 1e6")
        for sql, values in statements:
            cursor.execute("EXPLAIN (FORMAT JSON) " + sql, values)
            plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            found += [
                f"{node['Relation Name']} {node.get('Filter', '')}: {sql[:300]}"
                for node in nodes(plan[0]["Plan"])
                if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in READ_WHOLE
            ]
        for way in ("seqscan", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = on")
        cursor.execute("SET LOCAL seq_page_cost = 1")
    return found


def test_a_table_that_is_read_through_is_found(cast):
    story.submitted(cast.citizen)
    with heard() as statements:
        assert Case.objects.filter(item_name="").count() == 0
    assert [one.split()[0] for one in read_through(statements)] == ["cases_case"]


def requests(cast: Any, caller: Caller, body: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """What is asked most, by name."""
    number = caller.post("/cases", body).json()["case_no"]
    follower = Caller("cases:submit", "events:read", name="对接系统")
    own, walk = story.submitted(cast.citizen), story.walk().receive().accept()
    desk, head, mine = (desk_visit.visitor_as(one) for one in (walk.receptionist(), cast.head, cast.citizen))
    public = Client()
    secret = {"case_no": own.case_no, "password": own.query_password}
    name = quote(walk.case.applicant["name"])
    return {
        "a filing by a system": lambda: caller.post("/cases", body),
        "a case by a system": lambda: caller.get(f"/cases/{number}"),
        "cases of a system": lambda: caller.get("/cases"),
        "the feed": lambda: follower.get("/events?size=50"),
        "the inbox": lambda: desk.get("/desk/cases/?size=100"),
        "the inbox narrowed": lambda: desk.get(f"/desk/cases/?kind=step&due=soon&q={walk.case.item_name[:2]}"),
        "a case at the desk": lambda: desk.get(f"/desk/cases/{walk.no}/"),
        "search by number": lambda: desk.get(f"/desk/search/?q={walk.no}"),
        "search by the end of a number": lambda: desk.get(f"/desk/search/?q={walk.no[-8:]}"),
        "search by name": lambda: desk.get(f"/desk/search/?q={name}"),
        "search by telephone": lambda: desk.post("/desk/search/", {"q": walk.case.applicant["phone"]}),
        "the team": lambda: head.get("/desk/team/"),
        "cases of mine": lambda: mine.get("/my/"),
        "a case of mine": lambda: mine.get(f"/my/cases/{own.case_no}/"),
        "tracking": lambda: public.post("/track/", secret),
        "what is tracked": lambda: public.get("/track/view/"),
    }


def test_every_statement_of_what_is_asked_most_has_its_index(cast, caller, body):
    while outbox.relay(batch_max=1000):
        pass
    wrong = []
    for name, ask in requests(cast, caller, body).items():
        with heard() as statements:
            answer = ask()
        assert answer.status_code in {200, 201, 302}, (name, answer.status_code)
        assert statements, name
        wrong += [f"{name}: {one}" for one in read_through(statements)]
    with heard() as statements:
        assert outbox.relay(batch_max=1000)
    wrong += [f"the relay: {one}" for one in read_through(statements)]
    assert not wrong, "\n".join(wrong)
