"""A page of an inbox is one range of an index, however many cases there are; entries say what their cases say."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases import commands, inbox, queries
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.queries.inbox import _counts, _posts, _shape, page_entries
from tongban.cases.queries.inbox_filters import SORTS
from tongban.cases.tests import desk_visit, story
from tongban.kernel.problems import Invalid

pytestmark = pytest.mark.usefixtures("city")
ROWS = 20_000
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def many(freeze) -> Iterator[story.Walk]:
    """One case, and twenty thousand entries like its own in the inboxes of all who may receive it."""
    with freeze(AT):
        walk = story.walk()
        likes = list(InboxEntry.objects.filter(case=walk.case).order_by("pk"))
        shown = inbox.shown(walk.case)
        InboxEntry.objects.bulk_create(
            (
                InboxEntry(
                    case=walk.case, kind=like.kind, organisation_id=like.organisation_id, role=like.role, opened_at=AT,
                    due_on=like.due_on + timedelta(days=number % 40 - 10),
                    **shown | {
                        "case_no": f"{walk.no[:-8]}{number:08}", "item_name": f"{shown['item_name']}{number % 50:02}",
                        "submitted_at": AT - timedelta(minutes=number),
                    },
                )
                for number in range(ROWS // len(likes))
                for like in likes
            ),
            batch_size=2_000,
        )  # fmt: skip
        with connection.cursor() as cursor:
            # The program may not ANALYZE, so the planner knows nothing of these rows. What is looked at is whether an
            # index gives each order at all: then there is nothing to sort, whatever the estimates say.
            for way in ("sort", "incremental_sort", "seqscan", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        yield walk


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", []) for node in _nodes(below))]


def _plan(entries: Any) -> list[dict[str, Any]]:
    return _nodes(json.loads(entries.explain(format="json"))[0]["Plan"])


@pytest.mark.parametrize("sort", list(SORTS))
def test_a_page_in_every_order_is_read_from_its_index(many, cast, sort):
    """Neither the first page nor the tenth reads the table through, or sorts what it does not show."""
    filters = queries.InboxFilters(sort=sort)
    cursor = ""
    for _page in range(3):
        nodes = _plan(page_entries(cast.officer, filters=filters, cursor=cursor, size=100))
        assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and "inbox" in node["Relation Name"]]
        assert not [node for node in nodes if "Sort" in node["Node Type"]]
        assert [node for node in nodes if node.get("Index Name", "").startswith("inbox_open")]
        cursor = queries.inbox(cast.officer, filters=filters, cursor=cursor, size=100).next or ""
        assert cursor


def test_somebody_with_two_posts_sorts_no_more_than_the_page(many, cast):
    actor = replace(cast.officer, appointments=cast.officer.appointments + cast.clerk.appointments)
    assert len(queries.inbox(actor, size=100).items) == 100
    nodes = _plan(page_entries(actor, filters=queries.InboxFilters(), size=100))
    assert not [
        node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "cases_inboxentry"
    ]
    assert all(node["Plan Rows"] <= 101 * len(actor.appointments) for node in nodes if "Sort" in node["Node Type"])


def test_a_kind_has_an_index_of_its_own(many, cast):
    """Without statistics, which a test's rows have not, the planner finds the post's index as cheap as the kind's."""
    nodes = _plan(page_entries(cast.officer, filters=queries.InboxFilters(kind="delivery"), size=100))
    assert {node.get("Index Name") for node in nodes} & {"inbox_open", "inbox_open_kind"}
    assert not [node for node in nodes if "Sort" in node["Node Type"]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('inbox_open_kind'::regclass)")
        (written,) = cursor.fetchone()
    assert "(organisation_id, role, kind, due_on, id) WHERE (closed_at IS NULL)" in written


@pytest.mark.parametrize("sort", list(SORTS))
def test_pages_of_every_order_go_through_all_rows_once(many, cast, sort):
    column = SORTS[sort]
    filters = queries.InboxFilters(sort=sort, name="01")
    whole = list(
        InboxEntry.objects.filter(organisation_id__in=[one.organisation_id for one in cast.officer.appointments],
                                  role="case_officer", item_name__contains="01")
        .order_by(column, "-pk" if column.startswith("-") else "pk").values_list("pk", flat=True)
    )  # fmt: skip
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = queries.inbox(cast.officer, filters=filters, cursor=cursor, size=30)
        seen += [one.entry_id for one in page.items]
        cursor = page.next
    assert seen == whole
    assert len(seen) > 60


def test_a_cursor_of_another_order_is_refused(many, cast):
    cursor = queries.inbox(cast.officer, size=10).next
    assert cursor
    with pytest.raises(Invalid):
        queries.inbox(cast.officer, filters=queries.InboxFilters(sort="item"), cursor=cursor)


def test_the_screen_takes_few_statements_and_counts_to_a_bound(many):
    client = desk_visit.officer("lukou.shijian")
    client.get("/desk/cases/")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/desk/cases/").content.decode()
    assert len(captured) <= 12, [one["sql"][:100] for one in captured]
    assert "999+" in page


def assert_entries_say_what_cases_say() -> None:
    for entry in InboxEntry.objects.filter(closed_at__isnull=True).select_related("case__implementation", "step"):
        step: CaseStep | None = entry.step
        for name, value in inbox.shown(entry.case, step).items():
            assert getattr(entry, name) == value, (entry.kind, name)


def test_entries_follow_their_case_on_its_whole_way(freeze, cast):
    with freeze(AT):
        road = story.walk()
        assert_entries_say_what_cases_say()
        road.receive()
        assert_entries_say_what_cases_say()
        road.accept()
        assert_entries_say_what_cases_say()
        commands.claim_step(actor=cast.officer, case_no=road.no, step_key="examine")
        assert_entries_say_what_cases_say()
        entry = InboxEntry.objects.get(case=road.case, closed_at__isnull=True)
        assert entry.claimed_by_id == cast.officer.account_id
        assert entry.state == Case.objects.get(pk=road.case.pk).state == "handling"


def test_counts_are_read_in_the_order_of_the_posts_index_and_no_further_than_they_are_shown(many, cast):
    (post,) = _posts(cast.officer, queries.InboxFilters())
    shape = _shape([post])
    nodes = _plan(_counts(shape, account=cast.officer.account_id, body0=post.organisation_id))
    read = {one.get("Index Name") for one in nodes if one.get("Relation Name") == "cases_inboxentry"}
    assert read == {"inbox_open"}
    assert sum(one["Node Type"] == "Limit" for one in nodes) == 2
