"""Steps in order and in parallel: whose turn it is, who took it, what must be checked, what the file keeps."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tongban.base import chain
from tongban.cases import commands, queries
from tongban.cases.models import CaseStep, InboxEntry
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.documents.queries import latest
from tongban.identity import commands as identity
from tongban.identity.models import Appointment
from tongban.identity.queries import actor_for
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("city")

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ROAD = "road-excavation"


@pytest.fixture
def food():
    return story.walk().receive().accept()


@pytest.fixture
def road():
    return story.walk(ROAD).receive().accept()


def open_keys(walk: story.Walk) -> set[str]:
    return {one.key for one in walk.open_steps()}


def step(walk: story.Walk, key: str) -> CaseStep:
    return CaseStep.objects.get(case=walk.case, key=key)


def refused(kind: type[Refusal], attempt) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def opinion(walk: story.Walk, actor, key: str, **changes):
    points = next(one.checklist for one in story.definition_of(walk.case.item_version).steps if one.key == key)
    values: dict[str, Any] = {"agree": True, "opinion": "符合条件。", "checklist": points} | changes
    return commands.complete_step(actor=actor, case_no=walk.no, step_key=key, **values)


def test_parallel_units_are_open_at_once_and_approval_waits_for_both(road, cast):
    assert open_keys(road) == {"technical", "traffic"}
    bodies = {step(road, key).organisation.ref for key in ("technical", "traffic")}
    assert bodies == {"430200:cgj", "430200:jjzd"}
    assert InboxEntry.objects.filter(case=road.case, kind="step", closed_at__isnull=True).count() == 2
    road.complete(step(road, "traffic"))
    assert open_keys(road) == {"technical"}
    road.case.refresh_from_db()
    assert road.case.state == "handling"
    road.complete(step(road, "technical"))
    assert open_keys(road) == {"review"}
    road.case.refresh_from_db()
    assert road.case.state == "reviewing"
    leader = road.who("leader", road.case.organisation_id)
    found = refused(CaseRefusal, lambda: commands.decide(actor=leader, case_no=road.no, granted=True))
    assert found.code == "case_state"
    road.complete(step(road, "review"))
    road.case.refresh_from_db()
    assert road.case.state == "approving"
    assert open_keys(road) == {"decide"}


def test_each_parallel_unit_does_only_its_own_step(road):
    traffic = road.who("case_officer", step(road, "traffic").organisation_id)
    technical = road.who("case_officer", step(road, "technical").organisation_id)
    assert refused(CaseRefusal, lambda: opinion(road, traffic, "technical")).status == 403
    assert refused(CaseRefusal, lambda: opinion(road, technical, "traffic")).status == 403
    assert queries.access_case(traffic, road.no) == road.case
    opinion(road, traffic, "traffic")
    opinion(road, technical, "technical")


def test_a_step_before_its_turn_after_it_or_unknown_is_refused(food, cast):
    assert refused(CaseRefusal, lambda: opinion(food, cast.head, "review")).code == "step_not_open"
    food.complete(step(food, "examine"))
    assert refused(CaseRefusal, lambda: opinion(food, cast.officer, "examine")).code == "step_not_open"
    missing = refused(
        NotFound, lambda: commands.claim_step(actor=cast.officer, case_no=food.no, step_key="no_such_step")
    )
    assert missing.code == "step_not_found"


def test_the_approval_is_decided_and_not_completed(food, cast):
    food.to_decision()
    found = refused(CaseRefusal, lambda: opinion(food, cast.leader, "decide", checklist=()))
    assert found.code == "step_is_decision"


def test_agreeing_needs_every_point_and_no_other(food, cast):
    points = next(one.checklist for one in story.definition_of(food.case.item_version).steps if one.key == "examine")
    missing = refused(Invalid, lambda: opinion(food, cast.officer, "examine", checklist=points[1:]))
    assert points[0] in missing.fields["checklist"]
    refused(Invalid, lambda: opinion(food, cast.officer, "examine", checklist=(*points, "自己加的一条")))
    silent = refused(Invalid, lambda: opinion(food, cast.officer, "examine", opinion="  "))
    assert set(silent.fields) == {"opinion"}
    refused(Invalid, lambda: opinion(food, cast.officer, "examine", opinion="长" * 2001))
    opinion(food, cast.officer, "examine", agree=False, checklist=points[:1], opinion="布局不合理，见核查记录。")
    kept = step(food, "examine")
    assert kept.agree is False
    assert kept.checklist == list(points[:1])
    assert open_keys(food) == {"review"}


def test_a_claimed_step_is_its_takers_and_taking_twice_changes_nothing(food, cast):
    commands.claim_step(actor=cast.officer, case_no=food.no, step_key="examine")
    before = story.world()
    commands.claim_step(actor=cast.officer, case_no=food.no, step_key="examine")
    assert story.world() == before
    for attempt in (
        lambda: commands.claim_step(actor=cast.head, case_no=food.no, step_key="examine"),
        lambda: opinion(food, cast.head, "examine"),
    ):
        assert refused(CaseRefusal, attempt).code == "step_claimed"
    opinion(food, cast.officer, "examine")
    assert step(food, "examine").done_by_id == cast.officer.account_id


def test_the_page_offers_exactly_what_the_commands_allow(road, cast):
    traffic = road.who("case_officer", step(road, "traffic").organisation_id)
    shown = queries.possible_acts(traffic, road.case)
    assert {(str(one.act), one.step.key if one.step else "") for one in shown} == {
        ("complete_step", "traffic"), ("claim_step", "traffic"),
    }  # fmt: skip
    assert [one.primary for one in shown] == [True, False]
    assert {str(one.act) for one in queries.possible_acts(cast.operator, road.case)} == {"withdraw"}
    assert queries.possible_acts(cast.supervisor, road.case) == ()


def test_limits_of_steps_run_from_their_own_opening(freeze):
    with freeze(AT):
        walk = story.walk().receive().accept()
        assert step(walk, "examine").due_on == date(2026, 11, 26)
        assert walk.case.promised_due_on == date(2026, 12, 1)
        assert walk.case.statutory_due_on == date(2026, 12, 8)
    with freeze(datetime(2026, 11, 27, 1, 0, tzinfo=UTC)):
        walk.complete(step(walk, "examine"))
        assert step(walk, "review").due_on == date(2026, 12, 1)


def test_the_approval_form_gathers_what_every_unit_said(road):
    road.to_decision().decide()
    form = latest(road.case.subject, "approval_form")
    assert form is not None
    text = str(form.envelope)
    for key in ("technical", "traffic", "review", "decide"):
        done = step(road, key)
        assert done.organisation.name in text
        assert done.done_by_title in text
    kinds = [one.kind for one in chain.events(road.case.subject)]
    assert kinds.count("StepCompleted") == 3


def test_opinions_are_tied_to_the_chain_but_not_in_it(food, cast):
    opinion(food, cast.officer, "examine", opinion="现场核查：陈桂兰在场，布局合理。")
    (event,) = [one for one in chain.events(food.case.subject) if one.kind == "StepCompleted"]
    kept = step(food, "examine").opinion
    assert event.payload["opinion_sha256"] == hashlib.sha256(kept.encode()).hexdigest()
    assert "陈桂兰" not in str(event.payload)


def test_a_delegate_acts_by_the_lent_post_and_the_file_says_so(food, cast):
    food.to_decision()
    appointment = Appointment.objects.get(account__login="lukou.shenpi")
    today = story.moment.today()
    identity.delegate(
        cast.leader, appointment_id=appointment.pk, to_account_id=cast.account("head").pk,
        valid_from=today, valid_to=today, reason="外出开会",
    )  # fmt: skip
    delegate = actor_for(cast.account("head"), story.moment.now())
    commands.decide(actor=delegate, case_no=food.no, granted=True)
    (event,) = [one for one in chain.events(food.case.subject) if one.kind == "CaseDecided"]
    assert event.payload["delegated"] is True
    assert event.actor_ref == delegate.ref
    assert step(food, "decide").done_by_id == delegate.account_id


def test_withdrawal_closes_what_was_open_at_every_unit(road, cast):
    commands.withdraw(actor=cast.operator, case_no=road.no, reason="工程取消。")
    assert not InboxEntry.objects.filter(case=road.case, closed_at__isnull=True).exists()
    traffic = road.who("case_officer", step(road, "traffic").organisation_id)
    assert refused(CaseRefusal, lambda: opinion(road, traffic, "traffic")).code == "case_state"
    assert not queries.inbox(traffic).items
