"""Somebody leaves: the steps that they took go to whoever takes over, and nothing is left behind."""

import pytest

from tongban.cases import commands, queries
from tongban.cases.models import CaseStep
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.identity import commands as identity
from tongban.identity.queries import actor_for, handover_plan
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("city")


def test_claimed_steps_move_to_the_successor_and_finished_ones_stay(cast):
    leaver, successor = cast.account("officer"), cast.account("head")
    done, taken = story.walk().receive().accept(), story.walk().receive().accept()
    done.complete(CaseStep.objects.get(case=done.case, key="examine"))
    finished = CaseStep.objects.get(case=done.case, key="examine")
    commands.claim_step(actor=cast.officer, case_no=taken.no, step_key="examine")
    with pytest.raises(CaseRefusal):
        commands.claim_step(actor=cast.head, case_no=taken.no, step_key="examine")

    moved = identity.hand_over(SYSTEM, from_account_id=leaver.pk, to_account_id=successor.pk)
    assert {name: n for name, n in moved.work.items() if n} == {"cases.claimed_steps": 1}
    step = CaseStep.objects.get(case=taken.case, key="examine")
    assert step.claimed_by_id == successor.pk
    finished_now = CaseStep.objects.get(pk=finished.pk)
    assert (finished_now.done_by_id, finished_now.done_by_title) == (finished.done_by_id, finished.done_by_title)
    actor = actor_for(successor, story.moment.now())
    row = next(one for one in queries.inbox(actor).items if one.case_no == taken.no)
    assert row.claimed_by_me
    commands.complete_step(
        actor=actor, case_no=taken.no, step_key="examine", agree=False, opinion="资料不符，建议不予许可。"
    )
    assert not queries.inbox(actor_for(cast.account("officer"), story.moment.now())).items


def test_a_post_at_another_body_does_not_move_these_claims(cast):
    taken = story.walk().receive().accept()
    commands.claim_step(actor=cast.officer, case_no=taken.no, step_key="examine")
    other = cast.other_officer.appointments[0].organisation_id
    assert commands.move_claims(old=cast.account("officer"), new=cast.account("head"), organisation_ids=[other]) == 0
    assert CaseStep.objects.get(case=taken.case, key="examine").claimed_by_id == cast.account("officer").pk


def test_what_is_half_done_at_the_window_and_shared_with_the_unit_moves_too_and_the_plan_says_so(cast):
    leaver, successor = cast.account("clerk"), cast.account("head")
    applicant = commands.Applicant.from_json(story.draft(cast.citizen).applicant)
    draft = story.window_draft(cast.clerk, story.FOOD, applicant)
    walk = story.walk()
    commands.claim_reception(actor=cast.clerk, case_no=walk.no)
    plan = handover_plan(SYSTEM, from_login=leaver.login, to_login=successor.login)
    moved = identity.hand_over(SYSTEM, from_account_id=leaver.pk, to_account_id=successor.pk)
    assert sum(n for _label, n in plan.work) == sum(moved.work.values()) == 2
    draft.refresh_from_db()
    assert draft.clerk_id == successor.pk
