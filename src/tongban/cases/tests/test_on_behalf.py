"""Who has no account corrects and withdraws at a window, signing by hand before the clerk."""

import pytest
from django.test import Client

from tongban.base import moment
from tongban.cases import commands, queries
from tongban.cases.models import InboxEntry, Signature
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.identity.models import Account
from tongban.identity.queries import actor_for
from tongban.identity.tests.cast import log_in
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("city")
HAND = {"paper_kept": True}


def notified() -> tuple[story.Walk, str]:
    walk = story.walk().receive()
    key = walk.case.materials.filter(source="file")[0].key
    walk.notify(key)
    walk.case.refresh_from_db()
    return walk, key


def test_paper_seen_at_the_window_answers_the_notice_as_a_fresh_receipt_of_level_b(cast):
    walk, key = notified()

    case = commands.correct_at_window(
        actor=cast.clerk, case_no=walk.no, form={}, materials={}, paper=[key], evidence=HAND
    )

    assert case.state == "received"
    assert case.received_at > walk.case.submitted_at
    current = case.materials.get(key=key, current=True)
    assert (current.source, current.trust_level) == ("paper", "B")
    assert case.materials.filter(key=key, current=False).exists()
    signature = Signature.objects.get(case=case, purpose="correction")
    assert (signature.method, signature.signer_ref) == ("handwritten", cast.clerk.ref)
    assert signature.evidence["seen_by"] == cast.clerk.ref


@pytest.mark.parametrize(
    ("paper", "evidence", "code"),
    [
        ([], HAND, "correction_incomplete"),
        (["rules"], HAND, "correction_beyond_notice"),
        (None, {}, "signature_missing"),
    ],
)
def test_what_is_missing_beyond_the_notice_or_unsigned_changes_nothing(cast, paper, evidence, code):
    walk, key = notified()
    wanted = [key] if paper is None else paper

    with pytest.raises(Invalid) as refused:
        commands.correct_at_window(
            actor=cast.clerk, case_no=walk.no, form={}, materials={}, paper=wanted, evidence=evidence
        )

    assert refused.value.code == code
    walk.case.refresh_from_db()
    assert walk.case.state == "correction_pending"
    assert not Signature.objects.filter(case=walk.case, purpose="correction").exists()


def test_a_withdrawal_signed_by_hand_ends_the_case_and_keeps_what_was_signed(cast):
    walk = story.walk().receive().accept()

    case = commands.withdraw_at_window(actor=cast.clerk, case_no=walk.no, reason="不开了。", evidence=HAND)

    assert case.state == "withdrawn"
    assert Signature.objects.get(case=case, purpose="withdrawal").method == "handwritten"
    with pytest.raises(CaseRefusal) as again:
        commands.withdraw_at_window(actor=cast.clerk, case_no=walk.no, evidence=HAND)
    assert again.value.code == "case_state"


def test_the_clerk_finds_the_case_by_its_number_and_takes_both_down_on_its_page(cast):
    walk, key = notified()
    client = Client()
    log_in(client, cast.account("clerk"))

    found = client.get("/window/", {"q": f"{walk.no[:18]} {walk.no[18:]}"})
    assert found.status_code == 302
    page = client.get(found["Location"]).content.decode()
    assert "窗口收补正材料" in page
    assert f"file.{key}" in page

    bare = client.post(f"/desk/cases/{walk.no}/correct_at_window/", {"paper": key})
    assert bare.status_code == 422
    assert "请申请人在签名板上签名" in bare.content.decode()

    done = client.post(f"/desk/cases/{walk.no}/correct_at_window/", {"paper": key, "paper_kept": "1"})
    assert done.status_code == 302
    assert queries.access_case(cast.clerk, walk.no).state == "received"

    gone = client.post(f"/desk/cases/{walk.no}/withdraw_at_window/", {"reason": "不办了", "paper_kept": "1"})
    assert gone.status_code == 302
    assert queries.access_case(cast.clerk, walk.no).state == "withdrawn"


def test_a_town_authorised_for_the_item_takes_the_correction_of_a_case_that_is_not_in_its_inbox(cast):
    """The inbox of a town holds what was handed in there; whoever comes with a paper is served all the same."""
    town = actor_for(Account.objects.get(login="lukouzhen.zonghe"), moment.now())
    walk = story.walk("resident-pension-enrolment").receive()
    walk.notify("id_card")
    assert not InboxEntry.objects.filter(case=walk.case, organisation_id__in=posts_of(town)).exists()
    assert queries.access_case(town, walk.no) == walk.case
    case = commands.correct_at_window(
        actor=town, case_no=walk.no, form={}, materials={}, paper=["id_card"], evidence=HAND
    )
    assert case.state == "received"
    assert walk.no not in {one.case_no for one in queries.inbox(town).items}


def test_a_town_that_the_item_does_not_authorise_finds_nothing(cast):
    town = actor_for(Account.objects.get(login="lukouzhen.zonghe"), moment.now())
    walk = story.walk(story.FOOD).receive()
    with pytest.raises(NotFound):
        queries.access_case(town, walk.no)


def posts_of(actor):
    return {one.organisation_id for one in actor.appointments}
