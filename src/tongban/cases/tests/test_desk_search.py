"""The desk's search: what the words may be, who finds what, and that nobody's number stands anywhere."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.base.models import Event
from tongban.cases import queries
from tongban.cases.applicants import Applicant
from tongban.cases.models import Case
from tongban.cases.queries.search import search_by_item, search_cases
from tongban.cases.tests import desk_visit, story
from tongban.kernel.problems import Invalid

pytestmark = pytest.mark.usefixtures("city")
SEARCH = "/desk/search/"


@pytest.fixture
def case() -> Case:
    return story.walk().case


@pytest.fixture
def applicant(case) -> Applicant:
    return Applicant.from_json(case.applicant)


def found(login: str, words: str) -> set[str]:
    """Numbers of the cases that this member of staff is shown for these words."""
    page = desk_visit.officer(login).post(SEARCH, {"q": words}, follow=True)
    assert page.status_code == 200
    return {hit.number for section in page.context["sections"] for hit in section.found.hits}


def test_a_case_is_found_by_number_ending_name_document_phone_and_item(case, applicant):
    spaced = f"{case.case_no[-8:-4]} {case.case_no[-4:]}"
    ways = (
        case.case_no, case.case_no.lower(), case.case_no[-6:], spaced, applicant.name, applicant.document_number,
        applicant.document_number.lower(), case.item_name[:4],
    )  # fmt: skip
    for words in ways:
        assert found("lukou.shijian", words) == {case.case_no}, words
    if applicant.phone:
        assert found("lukou.shijian", applicant.phone) == {case.case_no}


def test_part_of_a_name_or_too_short_an_ending_finds_nothing(case, applicant):
    for words in (applicant.name[:-1], case.case_no[-5:], "不存在的单位", "1" * 18, applicant.name[0]):
        assert found("lukou.shijian", words) == set(), words


@pytest.mark.parametrize("login", ["renshe.chengban", "yunwei"])
def test_who_may_not_see_the_case_does_not_find_it_either(case, applicant, login):
    for words in (case.case_no, case.case_no[-8:], applicant.name, applicant.document_number, case.item_name):
        assert found(login, words) == set()


def test_everybody_finds_exactly_what_lists_show_them(case, applicant, cast):
    for name in ("clerk", "officer", "head", "leader", "other_clerk", "other_officer", "supervisor", "editor"):
        actor = getattr(cast, name)
        listed = set(queries.cases_of(actor).values_list("case_no", flat=True))
        for words in (case.case_no, applicant.name, applicant.document_number):
            assert {one.case_no for one in search_cases(actor, words=words).items} == listed, name


def test_a_persons_number_stands_in_no_address_and_is_logged_without_it(case, applicant):
    client = desk_visit.officer("lukou.shijian")
    answer = client.post(SEARCH, {"q": applicant.document_number})
    assert applicant.document_number not in answer["Location"]
    typed = client.get(SEARCH, {"q": applicant.document_number})
    assert typed.status_code == 302
    assert applicant.document_number not in typed["Location"]
    assert client.get(answer["Location"]).status_code == 200
    event = Event.objects.get(kind="ApplicantSearched")
    assert event.payload == {"by": ["document"], "found": 1}
    assert applicant.document_number not in json.dumps(event.payload)


def test_a_search_by_number_of_a_case_or_by_name_leaves_no_trace(case, applicant):
    found("lukou.shijian", case.case_no)
    found("lukou.shijian", applicant.name)
    assert not Event.objects.filter(kind="ApplicantSearched").exists()


def test_sealed_words_of_others_are_refused():
    client = desk_visit.officer("lukou.shijian")
    for sealed in ("x", "ä", "AAAA" * 20):
        assert client.get(SEARCH, {"k": sealed}).status_code == 422


def test_nothing_found_says_how_one_may_search():
    client = desk_visit.officer("lukou.shijian")
    assert "没有找到" in client.get(SEARCH, {"q": "不存在的单位"}).content.decode()
    assert "请至少输入两个字" in client.get(SEARCH, {"q": "人"}).content.decode()
    assert "可以这样找" in client.get(SEARCH).content.decode() or "完整的姓名" in client.get(SEARCH).content.decode()


def test_pages_go_on_where_the_last_ended_and_cost_the_same(case, applicant):
    numbers = {case.case_no, *desk_visit.copies(case, 45)}
    actor = desk_visit.actor("lukou.shijian")
    for ask in (
        lambda cursor: search_cases(actor, words=applicant.name, cursor=cursor),
        lambda cursor: search_by_item(actor, words=case.item_name, cursor=cursor),
    ):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            with CaptureQueriesContext(connection) as captured:
                page = ask(cursor)
            # Besides: has reference data changed? A page asks that once, whatever it shows (`base.reference`).
            whether = [one for one in captured if "base_referencetoken" in one["sql"]]
            assert len(whether) <= 1
            assert len(captured) - len(whether) <= 2
            seen += [one.case_no for one in page.items]
            cursor = page.next
        assert len(seen) == 46
        assert set(seen) == numbers
        with pytest.raises(Invalid):
            ask("forged")


def test_the_screen_leads_to_more_of_one_kind(case):
    desk_visit.copies(case, 25)
    client = desk_visit.officer("lukou.shijian")
    page = client.get(SEARCH, {"q": case.item_name})
    (section,) = [one for one in page.context["sections"] if one.found.hits]
    more = client.get(section.more)
    assert len(more.context["sections"]) == 1
    assert len(more.context["sections"][0].found.hits) == 6


def test_citizens_and_visitors_have_no_search(case, client):
    assert client.get(SEARCH).status_code == 302
