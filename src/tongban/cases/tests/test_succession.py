"""A body that is merged away: its running cases, steps and inbox go to the successor, once, and people keep working."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.base import chain, moment, outbox
from tongban.cases import commands, queries
from tongban.cases.models import Case, CaseStep, InboxEntry
from tongban.cases.tests import story
from tongban.directory.commands import merge_organisations
from tongban.directory.models import Organisation
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("city")

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OLD, NEW = "430212:scjgj", "430212:rsj"


def body(ref: str) -> Organisation:
    return Organisation.objects.get(ref=ref)


def merge(on) -> None:
    merge_organisations(
        actor=SYSTEM, old_codes=[body(OLD).code], new_code=body(NEW).code, on=on, basis="示例机构改革方案"
    )


@pytest.fixture
def scene(freeze):
    """One case at each stage: not yet received, in hand, decided and not delivered, withdrawn."""
    with freeze(AT):
        fresh = story.walk()
        running = story.walk().receive().accept()
        issued = story.walk().receive().accept().to_decision().decide().issue()
        ended = story.walk().receive()
        commands.withdraw(actor=story.applicant_of(story.FOOD), case_no=ended.no)
        yield {"fresh": fresh, "running": running, "issued": issued, "ended": ended}


def test_running_cases_steps_and_inbox_go_to_the_successor_exactly_once(scene, freeze):
    merge(moment.today())
    old, new = body(OLD), body(NEW)
    moved = commands.move_to_successors()
    assert moved == 3
    for name in ("fresh", "running"):
        case = Case.objects.get(case_no=scene[name].no)
        assert case.organisation_id == new.pk, name
        assert story.kinds(case).count("BodySucceeded") == 1
        (event,) = [one for one in chain.events(case.subject) if one.kind == "BodySucceeded"]
        assert event.payload == {"old": old.code, "new": new.code}
    assert not CaseStep.objects.filter(organisation=old).exclude(state="done").exclude(case__state="withdrawn").exists()
    assert not InboxEntry.objects.filter(organisation=old, closed_at__isnull=True).exists()
    assert Case.objects.get(case_no=scene["ended"].no).organisation_id == old.pk
    before = story.world()
    assert commands.move_to_successors() == 0
    assert story.world() == before
    assert chain.verify() == []


def test_a_reform_of_tomorrow_moves_nothing_today(scene, freeze):
    merge(moment.today() + timedelta(days=1))
    assert commands.move_to_successors() == 0
    assert Case.objects.get(case_no=scene["running"].no).organisation_id == body(OLD).pk
    with freeze(AT + timedelta(days=1)):
        assert commands.move_to_successors() == 3


def test_the_event_of_the_merger_moves_them_too(scene):
    outbox.relay(batch_max=1000)
    merge(moment.today())
    while outbox.relay(batch_max=1000):
        pass
    assert Case.objects.get(case_no=scene["running"].no).organisation_id == body(NEW).pk


def test_the_officers_of_the_old_body_and_the_applicant_lose_nothing(scene, cast):
    merge(moment.today())
    commands.move_to_successors()
    running = scene["running"]
    officer = cast.officer
    assert {one.organisation_id for one in officer.appointments} == {body(NEW).pk}
    assert queries.access_case(officer, running.no)
    assert running.no in {one.case_no for one in queries.inbox(officer).items}
    running.case.refresh_from_db()
    running.complete(CaseStep.objects.get(case=running.case, key="examine"))
    assert queries.access_case(cast.citizen, running.no)
    told = queries.progress(queries.access_case(cast.citizen, running.no))
    assert any("机关变更" in one.title for one in told.entries)
    issued = scene["issued"]
    assert queries.access_case(cast.citizen, issued.no)
    issued.case.refresh_from_db()
    commands.deliver_by_download(actor=cast.citizen, case_no=issued.no)


def test_a_case_accepted_after_the_reform_opens_its_steps_at_the_successor(scene, cast):
    merge(moment.today())
    commands.move_to_successors()
    walk = scene["fresh"]
    walk.case.refresh_from_db()
    commands.receive(actor=cast.officer, case_no=walk.no)
    commands.accept(actor=cast.officer, case_no=walk.no)
    assert set(CaseStep.objects.filter(case=walk.case).values_list("organisation__ref", flat=True)) == {NEW}
