"""Lists cost the same however long they are, and their pages stay whole while others work."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.cases import commands, inbox, queries
from tongban.cases.models import Case, InboxEntry
from tongban.cases.tests import story
from tongban.kernel.paging import Cursor
from tongban.kernel.problems import Invalid, NotFound, TooMany

pytestmark = pytest.mark.usefixtures("city")

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def copies(case: Case, count: int, *, first: int = 1) -> list[Case]:
    """The same case often, each a minute younger: rows as lists need them."""
    made = []
    for number in range(first, first + count):
        one = Case.objects.get(pk=case.pk)
        one.pk = None
        one.case_no = f"{case.case_no[:-8]}9{number:07}"
        one.submitted_at = case.submitted_at + timedelta(minutes=number)
        one.save(force_insert=True)
        made.append(one)
    return made


def entries(cases: list[Case], like: InboxEntry, days: int = 5) -> None:
    """An inbox entry for each, due on several days in turn."""
    InboxEntry.objects.bulk_create(
        InboxEntry(
            case=one, kind=like.kind, organisation_id=like.organisation_id, role=like.role, opened_at=like.opened_at,
            due_on=like.due_on + timedelta(days=number % days), **inbox.shown(one),
        )
        for number, one in enumerate(cases)
    )  # fmt: skip


@pytest.fixture
def walk(freeze):
    with freeze(AT):
        yield story.walk()


@pytest.fixture
def officers(walk):
    return InboxEntry.objects.get(case=walk.case, role="case_officer", organisation=walk.case.organisation)


def cost(ask) -> int:
    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def test_the_inbox_costs_the_same_for_one_and_for_fifty(walk, officers, cast):
    actor = cast.officer
    few = cost(lambda: queries.inbox(actor))
    entries(copies(walk.case, 49), officers)
    assert len(queries.inbox(actor).items) == 50
    assert cost(lambda: queries.inbox(actor)) == few <= 60
    many = cost(lambda: queries.inbox(actor))
    with CaptureQueriesContext(connection) as captured:
        queries.inbox(actor)
    assert sum("cases_inboxentry" in one["sql"] for one in captured) == 1
    assert many <= 52


def test_pages_of_the_inbox_stay_whole_while_others_work(walk, officers, cast):
    actor = cast.officer
    entries(copies(walk.case, 24), officers)
    whole = [one.entry_id for one in queries.inbox(actor, size=50).items]
    assert len(whole) == len(set(whole)) == 25
    first = queries.inbox(actor, size=10)
    # Somebody finishes what is on the first page, and new work comes in before and behind the cursor.
    InboxEntry.objects.filter(pk__in=[one.entry_id for one in first.items[:5]]).update(closed_at=AT)
    entries(copies(walk.case, 6, first=100), officers)
    seen = [one.entry_id for one in first.items]
    cursor = first.next
    while cursor:
        page = queries.inbox(actor, cursor=cursor, size=10)
        seen += [one.entry_id for one in page.items]
        cursor = page.next
    assert len(seen) == len(set(seen))
    assert set(whole) <= set(seen)
    assert [one for one in seen if one in set(whole)] == whole


def test_pages_of_my_cases_stay_whole_while_new_ones_come(walk, cast):
    actor = cast.citizen
    copies(walk.case, 24)
    whole = [one.case_no for one in queries.my_cases(actor, size=50).items]
    assert len(whole) == 25
    assert whole == list(Case.objects.order_by("-submitted_at", "-pk").values_list("case_no", flat=True))
    first = queries.my_cases(actor, size=10)
    copies(walk.case, 5, first=200)
    seen = [one.case_no for one in first.items]
    cursor = first.next
    while cursor:
        page = queries.my_cases(actor, cursor=cursor, size=10)
        seen += [one.case_no for one in page.items]
        cursor = page.next
    assert seen == whole
    assert cost(lambda: queries.my_cases(actor, size=10)) == 1


def test_a_cursor_that_is_not_ours_is_refused(walk, cast):
    forged = Cursor(("2026-11-24", 1)).encode(b"another secret")
    for text in ("nonsense", forged, "=" * 500):
        for ask in (queries.inbox, queries.my_cases):
            with pytest.raises(Invalid):
                ask(cast.officer, cursor=text)


def test_filters_of_the_inbox_are_what_they_say(walk, officers, cast, freeze):
    actor = cast.officer
    entries(copies(walk.case, 10), officers, days=10)
    everything = queries.inbox(actor, size=50).items
    with freeze(AT + timedelta(days=8)):
        late = queries.inbox(actor, filters=queries.InboxFilters(due="late"), size=50).items
        assert late
        assert all(one.due_on < date(2026, 12, 2) and one.left < 0 and one.tone == "run" for one in late)
        soon = queries.inbox(actor, filters=queries.InboxFilters(due="soon"), size=50).items
        assert {one.entry_id for one in late} < {one.entry_id for one in soon}
    assert queries.inbox_count(actor) == len(everything) == 11
    assert queries.inbox_count(actor, filters=queries.InboxFilters(kind="step")) == 0
    assert queries.inbox_count(actor, filters=queries.InboxFilters(item=walk.case.implementation.task_code)) == 11
    assert queries.InboxFilters.read({"kind": "step", "due": "late", "mine": "1"}).mine
    for query in ({"kind": "nonsense"}, {"due": "yesterday"}):
        with pytest.raises(Invalid):
            queries.InboxFilters.read(query)


def test_somebody_with_both_posts_sees_one_reception_once(walk, cast, freeze):
    """易小兰 is clerk and officer of one town centre."""
    entry = InboxEntry.objects.filter(case=walk.case, kind="reception").first()
    assert entry is not None
    actor = story.identity.actor_for(story.Account.objects.get(login="lukouzhen.zonghe"), AT)
    for role in ("window_clerk", "case_officer"):
        InboxEntry.objects.create(
            case=walk.case, kind="reception", organisation_id=actor.appointments[0].organisation_id, role=role,
            due_on=entry.due_on, opened_at=AT, **inbox.shown(walk.case),
        )  # fmt: skip
    assert len(queries.inbox(actor).items) == 1
    assert queries.may_act_on(actor, walk.case)


def test_mine_hides_what_colleagues_took(cast, freeze):
    with freeze(AT):
        first, second = story.walk().receive().accept(), story.walk().receive().accept()
        commands.claim_step(actor=cast.head, case_no=first.no, step_key="examine")
        commands.claim_step(actor=cast.officer, case_no=second.no, step_key="examine")
        mine = queries.inbox(cast.officer, filters=queries.InboxFilters(mine=True)).items
        everything = queries.inbox(cast.officer).items
    assert {one.case_no for one in mine} == {second.no}
    assert {one.case_no for one in everything} == {first.no, second.no}
    assert next(one for one in everything if one.case_no == first.no).claimed_by
    assert next(one for one in everything if one.case_no == second.no).claimed_by_me


def test_neighbours_lead_through_the_inbox_in_its_order(walk, officers, cast):
    entries(copies(walk.case, 5), officers)
    order = [one.case_no for one in queries.inbox(cast.officer).items]
    for before, number, after in zip([None, *order], order, [*order[1:], None], strict=False):
        assert queries.neighbours(cast.officer, number) == (before, after)
    assert queries.neighbours(cast.other_officer, walk.no) == (None, None)


def test_the_case_page_costs_the_same_however_long_its_story(cast, freeze):
    with freeze(AT):
        walk = story.walk().receive().accept()
        early = cost(lambda: queries.case_page(cast.officer, walk.no))
        walk.to_decision().decide().issue()
        assert cost(lambda: queries.case_page(cast.officer, walk.no)) <= early + 3 <= 40
        assert cost(lambda: queries.progress(walk.case)) <= 20


def test_a_case_is_found_by_number_and_password_however_it_is_typed(walk):
    no, password = walk.no, walk.case.query_password
    spaced = " ".join(no[at : at + 4] for at in range(0, len(no), 4)).lower()
    assert queries.track(spaced, f" {password} ", address="203.0.113.1") == walk.case
    found = []
    for number, secret in ((no, "00000000"), (no, ""), ("1" * 40, password), ("", "")):
        with pytest.raises(NotFound) as caught:
            queries.track(number, secret, address="203.0.113.2")
        found.append((caught.value.code, caught.value.message))
    assert len(set(found)) == 1


def test_guessing_a_password_is_stopped_per_case_and_per_address(walk):
    from tongban.cases.queries import mine

    for tried in range(mine.TRACK_TRIES_MAX):
        with pytest.raises(NotFound):
            queries.track(walk.no, f"{tried:08}", address=f"203.0.113.{tried}")
    with pytest.raises(TooMany):
        queries.track(walk.no, walk.case.query_password, address="203.0.113.99")
    limit = mine.TRACK_TRIES_MAX * 3
    for tried in range(limit):
        with pytest.raises(NotFound):
            queries.track(f"{tried:04}{walk.no[4:]}", "x", address="198.51.100.7")
    with pytest.raises(TooMany):
        queries.track(f"{limit:04}{walk.no[4:]}", "x", address="198.51.100.7")
