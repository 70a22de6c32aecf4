"""Reception taken on and put back, steps put back, one act on many cases."""

import pytest
from django.test import Client

from tongban.cases import commands, queries
from tongban.cases.models import CaseStep, InboxEntry
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.cases.tests import desk_visit, story
from tongban.identity import commands as identity
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import NotFound

pytestmark = pytest.mark.usefixtures("city")


def takers(walk: story.Walk) -> set[int | None]:
    found = InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True)
    return set(found.values_list("claimed_by_id", flat=True))


def offered(actor: Actor, walk: story.Walk) -> set[str]:
    walk.case.refresh_from_db()
    return {str(one.act) for one in queries.possible_acts(actor, walk.case)}


def test_a_reception_taken_on_is_one_persons_until_it_is_put_back(cast):
    walk = story.walk()
    for _again in range(2):
        commands.claim_reception(actor=cast.clerk, case_no=walk.no)
    assert takers(walk) == {cast.clerk.account_id}
    assert story.kinds(walk.case).count("ReceptionClaimed") == 1
    for attempt in (commands.receive, commands.claim_reception, commands.release_reception):
        with pytest.raises(CaseRefusal) as refused:
            attempt(actor=cast.officer, case_no=walk.no)
        assert refused.value.code in {"reception_claimed", "claim_not_yours"}
    assert takers(walk) == {cast.clerk.account_id}
    assert Act.RECEIVE not in offered(cast.officer, walk)
    assert Act.RELEASE_RECEPTION not in offered(cast.officer, walk)
    assert {Act.RECEIVE, Act.RELEASE_RECEPTION} <= offered(cast.clerk, walk)
    for _again in range(2):
        commands.release_reception(actor=cast.clerk, case_no=walk.no)
    assert takers(walk) == {None}
    assert story.kinds(walk.case).count("ReceptionReleased") == 1
    commands.receive(actor=cast.officer, case_no=walk.no)


def test_who_took_it_receives_accepts_and_then_the_steps_are_free(cast):
    walk = story.walk()
    commands.claim_reception(actor=cast.clerk, case_no=walk.no)
    commands.receive(actor=cast.clerk, case_no=walk.no)
    with pytest.raises(CaseRefusal):
        commands.accept(actor=cast.officer, case_no=walk.no)
    commands.accept(actor=cast.clerk, case_no=walk.no)
    assert takers(walk) == {None}


def test_a_head_puts_back_what_somebody_else_took(cast):
    walk = story.walk()
    commands.claim_reception(actor=cast.clerk, case_no=walk.no)
    assert Act.RELEASE_RECEPTION in offered(cast.leader, walk)
    commands.release_reception(actor=cast.leader, case_no=walk.no)
    assert takers(walk) == {None}
    walk.receive().accept()
    commands.claim_step(actor=cast.officer, case_no=walk.no, step_key="examine")
    assert Act.RELEASE_STEP in offered(cast.leader, walk)
    commands.release_step(actor=cast.leader, case_no=walk.no, step_key="examine")
    commands.release_step(actor=cast.leader, case_no=walk.no, step_key="examine")
    assert takers(walk) == {None}
    assert CaseStep.objects.get(case=walk.case, key="examine").claimed_by_id is None
    assert story.kinds(walk.case).count("StepReleased") == 1


def test_steps_that_are_done_or_unknown_are_not_put_back(cast):
    walk = story.walk().receive().accept()
    walk.complete(CaseStep.objects.get(case=walk.case, key="examine"))
    with pytest.raises(CaseRefusal) as refused:
        commands.release_step(actor=cast.officer, case_no=walk.no, step_key="examine")
    assert refused.value.code == "step_not_open"
    with pytest.raises(NotFound):
        commands.release_step(actor=cast.officer, case_no=walk.no, step_key="nothing")


def test_receptions_that_a_leaver_took_move_too(cast):
    walk = story.walk()
    commands.claim_reception(actor=cast.officer, case_no=walk.no)
    leaver, successor = cast.account("officer"), cast.account("head")
    moved = identity.hand_over(SYSTEM, from_account_id=leaver.pk, to_account_id=successor.pk)
    assert sum(moved.work.values()) == 1
    assert takers(walk) == {successor.pk}


def test_many_cases_each_answer_for_themselves_and_a_repetition_does_nothing_twice(cast):
    free, taken, foreign = story.walk(), story.walk(), "11430212YL7D5X727C4000131016000202601019999"
    commands.claim_reception(actor=cast.clerk, case_no=taken.no)
    numbers = [free.no, taken.no, foreign, free.no]
    first, second = (commands.do_many(actor=cast.officer, act="claim", case_nos=numbers) for _ in range(2))
    assert [(one.outcome, one.code) for one in first] == [
        ("done", ""), ("refused", "reception_claimed"), ("refused", "case_not_found"),
    ]  # fmt: skip
    assert [one.outcome for one in second] == ["unchanged", "refused", "refused"]
    assert first[2].item_name == ""
    for act, kind in (("receive", "CaseReceived"), ("accept", "CaseAccepted")):
        for outcome in ("done", "unchanged"):
            found = commands.do_many(actor=cast.officer, act=act, case_nos=[free.no, taken.no])
            assert [one.outcome for one in found] == [outcome, "refused"]
        assert story.kinds(free.case).count(kind) == 1
    for act, outcome in (("claim", "done"), ("claim", "unchanged"), ("release", "done"), ("release", "unchanged")):
        (one,) = commands.do_many(actor=cast.officer, act=act, case_nos=[free.no])
        assert one.outcome == outcome


def test_an_act_that_needs_words_about_the_case_is_not_done_to_many(cast):
    walk = story.walk()
    with pytest.raises(NotFound):
        commands.do_many(actor=cast.officer, act="decide", case_nos=[walk.no])


def test_nothing_for_the_actor_is_said_so(cast):
    walk = story.walk().receive().accept()
    (found,) = commands.do_many(actor=cast.clerk, act="claim", case_nos=[walk.no])
    assert (found.outcome, found.code) == ("refused", "nothing_for_you")


def test_the_page_offers_taking_on_and_says_who_has_it(cast):
    walk = story.walk()
    clerk, officer = (desk_visit.visitor_as(one) for one in (cast.clerk, cast.officer))
    address = f"/desk/cases/{walk.no}/"
    assert clerk.post(f"{address}claim_reception/")["Location"] == address
    page = officer.get(address).content.decode()
    assert "已经领办收件受理" in page
    assert f"{address}receive/" not in page
    assert officer.post(f"{address}receive/").status_code == 409
    assert clerk.post(f"{address}release_reception/")["Location"] == address
    assert f"{address}receive/" in officer.get(address).content.decode()


def test_all_done_leads_back_to_the_list(cast):
    walk = story.walk()
    browser: Client = desk_visit.visitor_as(cast.officer)
    answer = browser.post("/desk/cases/batch/claim/", {"key": [walk.no], "next": "/desk/cases/?due=week"})
    assert answer["Location"] == "/desk/cases/?due=week"
    answer = browser.post("/desk/cases/batch/release/", {"key": [walk.no]}, follow=True)
    assert "已退回待领 1 件" in answer.content.decode()
