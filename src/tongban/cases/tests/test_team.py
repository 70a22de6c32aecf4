"""The team at a glance, and giving a step to a colleague."""

import pytest

from tongban.base import chain
from tongban.cases import commands, events, queries
from tongban.cases.models import CaseStep, InboxEntry
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("city")
STEP = "examine"


@pytest.fixture
def walk() -> story.Walk:
    return story.walk().receive().accept()


def unit_of(actor):
    return actor.appointments[0].organisation_id


def loads(cast):
    [unit] = queries.team(cast.head)
    return unit, {one.account_id: one for one in unit.loads}


def test_numbers_are_of_each_person_and_of_nobody(walk, cast):
    officer = cast.officer.account_id
    unit, before = loads(cast)
    assert (unit.open, before[None].open, before[officer].open) == (1, 1, 0)
    commands.claim_step(actor=cast.officer, case_no=walk.no, step_key=STEP)
    InboxEntry.objects.filter(step__key=STEP).update(due_on=story.moment.today())
    _unit, now = loads(cast)
    assert (now[None].open, now[officer].open, now[officer].due_today, now[officer].late) == (0, 1, 1, 0)
    assert now[officer].share == 100
    commands.complete_step(actor=cast.officer, case_no=walk.no, step_key=STEP, agree=False, opinion="不符合。")
    unit, after = loads(cast)
    assert (after[officer].open, after[officer].done, unit.done) == (0, 1, 1)


def test_a_reception_for_window_and_officers_is_one_piece_of_work(cast):
    before = queries.team(cast.head)[0].open
    walk = story.walk()
    unit = unit_of(cast.head)
    entries = InboxEntry.objects.filter(case=walk.case, organisation_id=unit, closed_at__isnull=True).count()
    assert queries.team(cast.head)[0].open == before + min(entries, 1)
    shown = queries.team_entries(cast.head, unit, account_id=None)
    assert len([one for one in shown if one.case_no == walk.no]) == min(entries, 1)


def test_only_heads_see_a_team_and_only_their_own(walk, cast):
    for actor in (cast.officer, cast.clerk, cast.citizen, cast.admin, cast.supervisor):
        with pytest.raises(NotFound):
            queries.team(actor)
    unit = unit_of(cast.head)
    assert unit not in {one.organisation_id for one in queries.team(cast.other_leader)}
    for actor, due in ((cast.other_leader, ""), (cast.officer, ""), (cast.head, "soon")):
        with pytest.raises(NotFound):
            queries.team_entries(actor, unit, account_id=None, due=due)


def test_statements_do_not_grow_with_cases_or_people(walk, cast, django_assert_max_num_queries):
    desk_visit.copies(walk.case, 5)
    head = cast.head
    with django_assert_max_num_queries(4):
        queries.team(head)
    browser = desk_visit.visitor_as(cast.head)
    with django_assert_max_num_queries(40):
        assert browser.get(f"/desk/team/?unit={unit_of(cast.head)}&who=").status_code == 200


def test_a_step_is_given_to_a_colleague_with_an_event_once(walk, cast):
    commands.claim_step(actor=cast.head, case_no=walk.no, step_key=STEP)
    to = cast.officer.account_id
    for _twice in range(2):
        commands.assign_step(actor=cast.leader, case_no=walk.no, step_key=STEP, account_id=to)
    told = [one for one in chain.events(walk.case.subject) if one.kind == events.StepAssigned.kind]
    assert [one.payload for one in told] == [{"step": STEP, "to": to, "before": cast.head.account_id}]
    assert CaseStep.objects.get(case=walk.case, key=STEP).claimed_by_id == to
    assert next(one for one in queries.inbox(cast.officer).items if one.case_no == walk.no).claimed_by_me
    with pytest.raises(CaseRefusal):
        commands.complete_step(actor=cast.head, case_no=walk.no, step_key=STEP, agree=False, opinion="不符合。")


def test_a_step_is_not_given_by_others_to_others_or_once_done(walk, cast):
    before = story.world()
    to = cast.officer.account_id
    with pytest.raises(CaseRefusal) as caught:
        commands.assign_step(actor=cast.officer, case_no=walk.no, step_key=STEP, account_id=to)
    assert caught.value.code == "not_head"
    with pytest.raises(NotFound):
        commands.assign_step(actor=cast.other_leader, case_no=walk.no, step_key=STEP, account_id=to)
    with pytest.raises(NotFound):
        commands.assign_step(actor=cast.head, case_no=walk.no, step_key="invented", account_id=to)
    for wrong in (cast.leader.account_id, cast.other_officer.account_id, cast.account("citizen").pk, 0):
        with pytest.raises(Invalid):
            commands.assign_step(actor=cast.head, case_no=walk.no, step_key=STEP, account_id=wrong)
    with pytest.raises(CaseRefusal) as caught:
        commands.assign_step(actor=cast.head, case_no=walk.no, step_key="decide", account_id=cast.leader.account_id)
    assert caught.value.code in {"step_not_open", "step_not_found"}
    assert story.world() == before


def test_the_page_leads_from_a_number_to_the_cases_and_gives_them_away(walk, cast):
    browser = desk_visit.visitor_as(cast.head)
    where = f"unit={unit_of(cast.head)}&who="
    page = browser.get("/desk/team/").content.decode()
    assert f"unit={unit_of(cast.head)}&amp;who=#inhand" in page
    assert walk.no in browser.get(f"/desk/team/?{where}").content.decode()
    address = f"/desk/team/{walk.no}/assign/?{where}"
    refused = browser.post(address, {"step": STEP, "account": ""})
    assert refused.status_code == 422
    assert "在岗人员" in refused.content.decode()
    assert browser.post(address, {"step": STEP, "account": cast.officer.account_id}).status_code == 302
    assert CaseStep.objects.get(case=walk.case, key=STEP).claimed_by_id == cast.officer.account_id
    assert desk_visit.visitor_as(cast.officer).get("/desk/team/").status_code == 404
