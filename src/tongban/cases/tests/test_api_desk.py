"""A body's own system sees what its officials see at the desk, and nothing of another body's."""

import pytest

from tongban.base import chain
from tongban.cases import queries
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_api import problem
from tongban.cases.tests.test_api_handling import bound, post_of
from tongban.identity.models import UnmaskLog
from tongban.kernel.actor import Role

pytestmark = pytest.mark.usefixtures("city")
STEP = "examine"


@pytest.fixture
def walk() -> story.Walk:
    return story.walk().receive().accept()


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["case_no"] for one in answer.json()["items"]]


def acts_of(system) -> list[str]:
    return [one.payload["act"] for one in chain.events(f"client:{system.row.pk}") if one.kind == "ApiClientActed"]


def test_the_inbox_is_that_of_the_post_with_the_desks_filters_in_pages(walk, cast):
    system, post = bound(cast.officer)
    made = {walk.no, *desk_visit.copies(walk.case, 4)}
    waiting = [one.case_no for one in queries.inbox(cast.officer).items]
    assert numbers(system.read(post, "inbox")) == waiting
    seen, cursor = [], ""
    while cursor is not None:
        page = system.read(post, f"inbox?size=2&sort=-submitted&cursor={cursor}")
        seen += numbers(page)
        cursor = page.json()["next"]
        assert ('rel="next"' in page.headers.get("Link", "")) == (cursor is not None)
    assert sorted(seen) == sorted(waiting)
    assert set(numbers(system.read(post, "inbox?kind=step&claimed=nobody"))) == made
    system.act(post, walk.no, f"steps/{STEP}/claim")
    assert numbers(system.read(post, "inbox?claimed=me")) == [walk.no]
    assert not numbers(system.read(post, "inbox?channel=mobile"))
    for asked in ("kind=nothing", "until=9999-12-31", "since=yesterday", "cursor=x"):
        assert system.read(post, f"inbox?{asked}").status_code == 422, asked
    stranger, theirs = bound(cast.other_officer)
    assert not set(numbers(stranger.read(theirs, "inbox?size=100"))) & made
    problem(stranger.read(post, "inbox"), 404, "post_not_bound")


def test_a_case_is_found_by_whoever_may_see_it_and_a_search_by_a_persons_number_is_kept_twice(walk, cast):
    system, post = bound(cast.officer)
    stranger, theirs = bound(cast.other_officer)
    applicant = walk.case.applicant
    for words in (walk.no, walk.no[-8:], applicant["document_number"], applicant["name"], applicant["phone"]):
        assert walk.no in numbers(system.do(post, "search", {"words": words})), words
        assert not numbers(stranger.do(theirs, "search", {"words": words})), words
    assert walk.no in numbers(system.do(post, "search", {"words": walk.case.item_name[:4], "by": "item"}))
    # What may be the number of a document or phone is kept: in the searcher's chain and in the system's.
    kept = [one.payload["by"] for one in chain.events(f"search:{cast.officer.ref}")]
    assert ["document"] in kept
    assert any("phone" in by for by in kept)
    assert acts_of(system) == ["search"] * len(kept)
    assert applicant["name"] not in system.do(post, "search", {"words": walk.no}).content.decode()


def test_the_head_sees_who_has_what_and_gives_a_step_once(walk, cast):
    system, post = bound(cast.head, Role.SECTION_HEAD)
    unit = post_of(cast.head, Role.SECTION_HEAD).organisation_id
    [team] = system.read(post, "team").json()["units"]
    assert (team["organisation_id"], team["open"]) == (unit, queries.team(cast.head)[0].open)
    [row] = [one for one in system.read(post, f"team/{unit}/cases").json()["items"] if one["case_no"] == walk.no]
    to = cast.officer.account_id
    assert to in {one["account_id"] for one in row["colleagues"]}
    for _twice in range(2):
        answer = system.act(post, walk.no, f"steps/{row['step_key']}/assign", {"account_id": to})
        assert answer.status_code == 200, answer.content
    assert acts_of(system) == ["assign_step"]
    [his] = system.read(post, f"team/{unit}/cases?account_id={to}").json()["items"]
    assert (his["case_no"], his["claimed_by"]) == (walk.no, cast.officer.name)


def test_who_heads_no_unit_or_another_finds_no_team_and_gives_nothing(walk, cast):
    unit = post_of(cast.head, Role.SECTION_HEAD).organisation_id
    (officer, post), (stranger, theirs) = bound(cast.officer), bound(cast.other_leader)
    before = story.world()
    for system, held in ((officer, post), (stranger, theirs)):
        for asked in (unit, 10**12):
            problem(system.read(held, f"team/{asked}/cases"), 404, "not_found")
    sent = {"account_id": cast.officer.account_id}
    hidden = stranger.act(theirs, walk.no, f"steps/{STEP}/assign", sent)
    absent = stranger.act(theirs, "1" * 40, f"steps/{STEP}/assign", sent)
    assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}
    problem(officer.act(post, walk.no, f"steps/{STEP}/assign", sent), 403, "not_head")
    assert story.world() == before


def test_a_case_is_read_as_at_the_desk_masked_and_in_clear_for_a_purpose_that_is_kept(walk, cast):
    system, post = bound(cast.officer)
    applicant = walk.case.applicant
    address = f"cases/{walk.no}/dossier"
    shown = system.read(post, address)
    assert shown.status_code == 200, shown.content
    dossier = shown.json()
    page = queries.case_page(cast.officer, walk.no)
    assert dossier["applicant"]["name"] == applicant["name"]
    assert dossier["form"] == list(page.form)
    assert [one["act"] for one in dossier["acts"]] == [str(one.act) for one in page.acts]
    assert [one["step_key"] for one in dossier["opinions"]] == [one.key for one in page.steps]
    assert applicant["phone"] not in shown.content.decode()
    assert system.act(post, walk.no, "unmask", {"field": "phone", "purpose": ""}).status_code == 422
    assert not UnmaskLog.objects.exists()
    sent = {"field": "phone", "purpose": "通知补充材料"}
    for looks in (1, 2):
        assert system.act(post, walk.no, "unmask", sent).json()["value"] == applicant["phone"]
        assert UnmaskLog.objects.filter(account_id=cast.officer.account_id, field="phone").count() == looks
    clear = system.act(post, walk.no, "unmask", sent | {"field": "form"}).json()["form"]
    assert clear == list(queries.case_page(cast.officer, walk.no, form_in_clear=True).form)
    assert acts_of(system) == ["unmask"] * 3
    stranger, theirs = bound(cast.other_officer)
    problem(stranger.read(theirs, address), 404, "case_not_found")
    problem(stranger.act(theirs, walk.no, "unmask", sent), 404, "case_not_found")
    assert UnmaskLog.objects.count() == 3
