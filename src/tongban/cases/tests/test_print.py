"""A case on paper: everything that the desk shows, personal data masked, for whoever may see it."""

import pytest

from tongban.cases.tests import desk_visit, story

pytestmark = pytest.mark.usefixtures("city")


def test_the_sheet_has_facts_steps_opinions_and_history_with_numbers_masked(cast):
    walk = story.walk().receive().accept().to_decision().decide()
    page = desk_visit.visitor_as(cast.officer).get(f"/desk/cases/{walk.no}/print/")
    words = page.content.decode()
    assert page.status_code == 200
    step = walk.case.steps.filter(state="done").first()
    for one in (walk.no, walk.case.item_name, step.name, step.opinion, step.done_by_title, "经过", "作出决定"):
        assert one in words
    applicant = walk.case.applicant
    assert applicant["phone"] not in words
    assert "430212197803120021" not in words


def test_whoever_may_not_see_the_case_gets_no_sheet(cast):
    walk = story.walk()
    before = story.world()
    for actor in (cast.other_officer, cast.admin, cast.citizen):
        assert desk_visit.visitor_as(actor).get(f"/desk/cases/{walk.no}/print/").status_code == 404
    assert story.world() == before
