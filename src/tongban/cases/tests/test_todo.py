"""What waits for the applicant: each kind, its order, its limit, and who sees it; the list's filters."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base import moment
from tongban.cases import queries
from tongban.cases.queries import MyFilters
from tongban.cases.tests import story
from tongban.documents.commands import open_copy

pytestmark = pytest.mark.usefixtures("city")

PENSION = "resident-pension-enrolment"


def kinds(actor, **options):
    return [one.kind for one in queries.my_todo(actor, **options)]


def asked_for():
    walk = story.walk().receive()
    return walk.notify(walk.case.materials.filter(source="file")[0].key)


def test_a_correction_waits_with_its_day_until_it_is_answered(cast, freeze):
    walk = asked_for()
    (one,) = queries.my_todo(cast.citizen)
    due = walk.case.correction.due_on
    assert (one.kind, one.due_on, one.days_left) == ("correct", due, (due - moment.today()).days)
    with freeze(moment.now() + timedelta(days=(due - moment.today()).days + 1)):
        assert queries.my_todo(cast.citizen)[0].days_left == -1
    key = walk.case.correction.defects[0]["key"]
    walk.answer(cast.citizen, {key: [story.upload(cast.citizen)]}, {})
    assert kinds(cast.citizen) == []


def test_a_fee_then_the_result_then_what_was_served_waits_one_after_the_other(cast):
    walk = story.walk("road-excavation").receive().accept().to_decision().decide().issue()
    (one,) = queries.my_todo(cast.operator)
    assert one.kind == "pay"
    assert one.bill is not None
    assert one.bill.subject == walk.case.subject
    walk.pay()
    assert kinds(cast.operator) == ["collect"]


def test_a_served_document_waits_until_it_is_opened(cast):
    walk = story.walk().to_the_end(cast.citizen)
    seen = set()
    while found := queries.my_todo(cast.citizen):
        (one,) = found
        assert one.kind == "read"
        assert one.document is not None
        assert one.document.public_id not in seen
        seen.add(one.document.public_id)
        open_copy(actor=cast.citizen, public_id=one.document.public_id)
    assert seen
    assert kinds(cast.citizen) == []
    assert walk.case.delivered_at is not None


def test_a_decision_does_not_wait_to_be_read_before_it_is_served(cast):
    story.walk().receive().accept().to_decision().decide(granted=False)
    assert kinds(cast.citizen) == ["collect"]


def test_old_documents_nag_nobody(cast, freeze):
    story.walk().to_the_end(cast.citizen)
    assert kinds(cast.citizen) == ["read"]
    with freeze(moment.now() + timedelta(days=61)):
        assert kinds(cast.citizen) == []


def test_the_most_pressing_comes_first_and_the_limit_holds(cast):
    story.walk().to_the_end(cast.citizen)
    asked_for()
    assert kinds(cast.citizen) == ["correct", "read"]
    assert kinds(cast.citizen, limit=1) == ["correct"]


def test_what_is_due_is_never_left_out_for_what_is_older(cast):
    for _ in range(2):
        story.walk().receive().accept().to_decision().decide(granted=False)
    asked_for()
    assert kinds(cast.citizen, limit=1) == ["correct"]
    assert kinds(cast.citizen, limit=2) == ["correct", "collect"]


def test_nobody_is_told_of_what_waits_for_others(cast):
    asked_for()
    for who in ("other_citizen", "operator", "other_officer", "admin", "visitor"):
        assert kinds(getattr(cast, who)) == [], who


def test_it_costs_three_statements_whatever_there_is_and_the_count_one(cast):
    asked_for()
    story.walk().to_the_end(cast.citizen)
    queries.my_todo(cast.citizen)
    actor = cast.citizen
    with CaptureQueriesContext(connection) as few:
        assert len(queries.my_todo(actor)) == 2
    for _ in range(3):
        story.walk().to_the_end(cast.citizen)
    with CaptureQueriesContext(connection) as many:
        assert len(queries.my_todo(actor)) == 5
    assert len(many) == len(few) == 2, [one["sql"][:300] for one in many]
    with CaptureQueriesContext(connection) as count:
        assert queries.todo_count(actor) == 5
    assert len(count) == 1


def numbers(actor, **filters):
    return {one.case_no for one in queries.my_cases(actor, filters=MyFilters(**filters)).items}


def test_the_list_is_narrowed_by_party_phase_and_words(cast):
    company, own = story.walk(), story.walk(PENSION)
    company.receive()
    company_key = company.case.company_id
    actor = cast.citizen
    assert numbers(actor) == {company.no, own.no}
    assert numbers(actor, party="self") == {own.no}
    assert numbers(actor, party=f"company-{company_key}") == {company.no}
    assert numbers(actor, text="食品经营") == {company.no}
    assert numbers(actor, text=f" {own.no.lower()} ") == {own.no}
    assert numbers(actor, text="没有这件事") == set()
    assert numbers(actor, phase="ended") == set()
    company.accept().to_decision().decide(granted=False)
    assert numbers(actor, phase="ended") == {company.no}
    assert numbers(actor, phase="open") == {own.no}
    for case in (company.case, own.case):
        shown = {party for party in ("self", f"company-{company_key}") if queries.of_party(actor, case, party)}
        assert len(shown) == 1
        assert queries.of_party(actor, case, "")


@pytest.mark.parametrize("party", ["company-999999", "person-1", "company-x", "nonsense", "company-" + "9" * 30])
def test_a_party_that_one_does_not_act_for_finds_nothing_of_it(cast, party):
    story.walk(PENSION)
    assert numbers(cast.other_citizen, party=party) == set()
