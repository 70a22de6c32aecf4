"""A colleague stands in for somebody who is away: goes on with what they took, and every trace says so."""

from datetime import timedelta

import pytest

from tongban.base import moment
from tongban.cases import commands, queries
from tongban.cases.models import CaseStep
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.documents.queries import documents_of
from tongban.identity import commands as identity
from tongban.identity.queries import actor_for
from tongban.kernel.actor import Actor

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def substitute(cast) -> Actor:
    """The leader of the body, who holds no officer's post but by the officer's authority."""
    own = next(one for one in cast.officer.appointments if one.role == "case_officer")
    identity.delegate(
        cast.officer, appointment_id=own.id, to_account_id=cast.leader.account_id, valid_from=moment.today(),
        valid_to=moment.today() + timedelta(days=5), reason="出差",
    )  # fmt: skip
    return actor_for(cast.account("leader"), moment.now())


def test_a_substitute_gives_the_opinion_on_a_step_that_the_absent_colleague_took(cast, substitute):
    walk = story.walk().receive().accept()
    commands.claim_step(actor=cast.officer, case_no=walk.no, step_key="examine")
    with pytest.raises(CaseRefusal) as refused:
        commands.complete_step(actor=cast.head, case_no=walk.no, step_key="examine", agree=False, opinion="不符。")
    assert refused.value.code == "step_claimed"
    offered = {str(one.act) for one in queries.possible_acts(substitute, walk.case)}
    assert {"complete_step", "release_step"} <= offered
    commands.complete_step(actor=substitute, case_no=walk.no, step_key="examine", agree=False, opinion="不符合要求。")
    step = CaseStep.objects.get(case=walk.case, key="examine")
    assert step.done_by_id == cast.leader.account_id
    assert step.done_by_title.endswith(f"{cast.leader.name}（代{cast.officer.name}）")
    page = desk_visit.visitor_as(cast.head).get(f"/desk/cases/{walk.no}/").content.decode()
    assert f"{cast.leader.name}（代）" in page
    assert f"（代{cast.officer.name}）" in page


def test_a_substitute_goes_on_with_a_reception_that_the_absent_colleague_took(cast, substitute):
    walk = story.walk()
    commands.claim_reception(actor=cast.officer, case_no=walk.no)
    with pytest.raises(CaseRefusal):
        commands.receive(actor=cast.head, case_no=walk.no)
    commands.receive(actor=substitute, case_no=walk.no)
    commands.release_reception(actor=substitute, case_no=walk.no)
    commands.accept(actor=cast.head, case_no=walk.no)


def test_rows_say_for_whom_and_only_where_the_post_is_not_ones_own(cast, substitute):
    walk = story.walk().receive().accept()
    row = next(one for one in queries.inbox(substitute).items if one.case_no == walk.no)
    assert row.acting_for == cast.officer.name
    page = desk_visit.visitor_as(substitute).get("/desk/cases/").content.decode()
    assert f"代{cast.officer.name}办理" in page
    assert not any(one.acting_for for one in queries.inbox(cast.officer).items)


def test_the_documents_of_the_case_name_the_substitute_and_for_whom(cast, substitute):
    walk = story.walk().receive().accept()
    points = next(one.checklist for one in story.definition_of(walk.case.item_version).steps if one.key == "examine")
    commands.complete_step(
        actor=substitute, case_no=walk.no, step_key="examine", agree=True, opinion="符合。", checklist=points
    )
    walk.to_decision().decide()
    form = next(one for one in documents_of(walk.case.subject) if one.kind == "approval_form")
    assert f"（代{cast.officer.name}）" in str(form.envelope)


def test_the_head_sees_who_stands_in_for_whom(cast, substitute):
    story.walk().receive().accept()
    (unit,) = (
        one for one in queries.team(cast.head) if one.organisation_id == cast.officer.appointments[0].organisation_id
    )
    stood = {one.name: one.substitute for one in unit.loads}
    assert stood[cast.officer.name] == cast.leader.name
    assert not stood[cast.head.name]
    page = desk_visit.visitor_as(cast.head).get(f"/desk/team/?unit={unit.organisation_id}&who=").content.decode()
    assert f"外出，{cast.leader.name}代" in page
    assert f"{cast.officer.name}（外出，{cast.leader.name}代）" in page


def test_once_the_authority_ended_the_substitute_is_like_anybody(cast, substitute, freeze):
    walk = story.walk().receive().accept()
    commands.claim_step(actor=cast.officer, case_no=walk.no, step_key="examine")
    with freeze(moment.now() + timedelta(days=7)):
        later = actor_for(cast.account("leader"), moment.now())
        with pytest.raises(CaseRefusal):
            commands.complete_step(actor=later, case_no=walk.no, step_key="examine", agree=False, opinion="不符。")
    assert CaseStep.objects.get(case=walk.case, key="examine").state == "open"
