"""Ends without a decision and the giving of work, at once with whatever else may be done then: one of them each time."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tongban.base import chain
from tongban.cases import commands
from tongban.cases.models import CaseStep, Decision, InboxEntry
from tongban.cases.tests import story
from tongban.cases.tests.test_races import check_whole, count, race_once, second

pytestmark = pytest.mark.usefixtures("live_city")

Act = Callable[[], Any]


def check_ended(walk: story.Walk, kinds: set[str]) -> None:
    """One end, one paper about it, nothing left to do."""
    walk.case.refresh_from_db()
    assert len([one for one in story.kinds(walk.case) if one in kinds]) == 1
    assert count(walk, "termination") == 1
    assert Decision.objects.filter(case=walk.case).count() <= 1
    assert not InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True).exists()
    assert not CaseStep.objects.filter(case=walk.case, state="open").exists()
    check_whole(walk)


def test_of_all_ends_at_once_one_is_written(cast):
    walk = story.walk().receive().accept()
    why = {"case_no": walk.no, "reason": "依法终止办理。"}
    acts: list[Act] = [
        partial(commands.void, actor=cast.leader, **why),
        partial(commands.void, actor=cast.head, **why),
        partial(commands.transfer, actor=cast.head, to_body="株洲市市场监督管理局", **why),
        partial(commands.withdraw, actor=cast.citizen, **why),
    ]
    done, refused = race_once(acts)
    assert (len(done), {one.code for one in refused}) == (1, {"case_state"})
    check_ended(walk, {"CaseVoided", "CaseTransferred", "CaseWithdrawn"})


def test_a_case_made_void_while_it_is_decided_is_one_of_both(cast):
    walk = story.walk().receive().accept().to_decision()
    other = second("leader", "430212:scjgj/shenpi", "lukou.shenpi9")
    done, refused = race_once(
        [
            partial(commands.decide, actor=cast.leader, case_no=walk.no, granted=True),
            partial(commands.void, actor=other, case_no=walk.no, reason="申请的门面已被征收。"),
        ]
    )
    assert (len(done), [one.code for one in refused]) == (1, ["case_state"])
    happened = story.kinds(walk.case)
    assert happened.count("CaseVoided") + happened.count("CaseDecided") == 1
    assert count(walk, "termination") == happened.count("CaseVoided")
    assert count(walk, "granted") == happened.count("CaseDecided")
    assert Decision.objects.filter(case=walk.case).count() == 1
    check_whole(walk)


def test_an_entry_taken_back_while_it_is_accepted_is_one_of_both(cast):
    applicant = commands.Applicant.from_json(story.draft(cast.citizen).applicant)
    case = story.filed_at_window(cast.clerk, story.window_draft(cast.clerk, story.FOOD, applicant))
    walk = story.Walk(case)
    back = partial(commands.delete_entry, actor=cast.clerk, case_no=walk.no, reason="同一份材料录入了两次。")
    done, refused = race_once([back, back, partial(commands.accept, actor=cast.officer, case_no=walk.no)])
    assert (len(done), {one.code for one in refused}) == (1, {"case_state"})
    happened = story.kinds(walk.case)
    assert happened.count("EntryDeleted") + happened.count("CaseAccepted") == 1
    assert count(walk, "acceptance") == happened.count("CaseAccepted")
    check_whole(walk)


def test_a_step_given_away_while_it_is_taken_on_has_one_holder_whom_the_events_name(cast):
    walk = story.walk().receive().accept()
    colleague = second("case_officer", "430212:scjgj/chengban", "lukou.chengban9")
    give = partial(
        commands.assign_step, actor=cast.head, case_no=walk.no, step_key="examine", account_id=colleague.account_id
    )
    race_once([give, give, partial(commands.claim_step, actor=cast.officer, case_no=walk.no, step_key="examine")])
    step = CaseStep.objects.get(case=walk.case, key="examine")
    # Whoever came last: what a head gives is given; what a colleague already has is not taken.
    assert step.claimed_by_id == colleague.account_id
    happened = [one for one in chain.events(walk.case.subject) if one.kind in {"StepAssigned", "StepClaimed"}]
    assert [one.kind for one in happened].count("StepAssigned") == 1
    assert happened[-1].kind == "StepAssigned"
    entry = InboxEntry.objects.get(case=walk.case, step=step, closed_at__isnull=True)
    assert entry.claimed_by_id == colleague.account_id
    check_whole(walk)
