"""Pages that need no log-in: home, search, guide, halls, tracking."""

import re
from typing import Any

import pytest
from django.test import Client

from tongban.base import outbox
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.config.rehearsal.samples import implementation_for, samples_of
from tongban.portal import figures
from tongban.portal.models import DayFigure
from tongban.portal.tests.conftest import Browser


@pytest.fixture
def visitor(city: None) -> Browser:
    return Browser(Client())


@pytest.mark.parametrize(
    "name",
    [
        *("home", "search", "person", "company", "halls", "track"),
        *("browse_life", "browse_departments", "browse_halls", "browse_initials"),
    ],
)
def test_a_public_page_opens_for_everybody(visitor: Browser, name: str) -> None:
    assert visitor.page(name).status_code == 200


def test_the_guide_of_every_item_opens(visitor: Browser) -> None:
    for sample in samples_of(story.ZHUZHOU):
        shown = visitor.page("guide", implementation_for(sample).task_code)
        assert shown.status_code == 200, sample.slug
        assert "行政复议" in shown.content.decode()


@pytest.mark.parametrize("words", ["开饭店", "食品", "spjy"])
def test_an_item_is_found_by_everyday_words_and_initials(visitor: Browser, words: str) -> None:
    shown = re.sub(r"</?mark>", "", visitor.page("search", q=words).content.decode())
    assert "食品经营许可" in shown


def links(shown: Any) -> list[str]:
    return re.findall(r'href="(/search/\?[^"]+)"', shown.content.decode().replace("&amp;", "&"))


def test_every_way_of_browsing_leads_to_items(visitor: Browser) -> None:
    for name in ("browse_life", "browse_departments", "browse_halls"):
        found = links(visitor.page(name))
        assert found, name
        for href in (found[0], found[-1]):
            assert "item-row" in visitor.client.get(href).content.decode(), href
    letter = visitor.page("browse_initials", letter="J").content.decode()
    assert "item-row" in letter


def test_seven_facets_narrow_a_search_and_can_be_taken_away_again(visitor: Browser) -> None:
    shown = visitor.page("search", q="许可")
    text = shown.content.decode()
    for label in ("服务对象", "主题", "生活事件", "部门", "层级", "办事大厅", "首字母"):
        assert label in text
    href = next(one for one in links(shown) if "department=scjgj" in one)
    narrowed = visitor.client.get(href)
    assert narrowed.context["chosen"][0].label == "市场监管局"
    rows = [row.slug for row, _sign in narrowed.context["rows"]]
    assert "food-business-licence" in rows
    assert "construction-permit" not in rows
    back = visitor.client.get(narrowed.context["chosen"][0].href)
    assert "construction-permit" in {row.slug for row, _sign in back.context["rows"]}


def test_a_slip_is_told_and_what_is_not_found_leads_further(visitor: Browser) -> None:
    assert "没有找到“身份正”，下面是“身份证”的结果" in visitor.page("search", q="身份正").content.decode()
    nothing = visitor.page("search", q="犇猋骉麤").content.decode()
    assert "12345" in nothing
    assert "大家常办" in nothing


def test_while_typing_items_are_offered_as_a_piece_of_the_page_and_as_json(visitor: Browser) -> None:
    piece = visitor.page("suggest", q="开饭").content.decode()
    assert "<html" not in piece
    assert "食品经营许可" in piece
    told = visitor.client.get("/search/suggest/?q=kfd", headers={"Accept": "application/json"}).json()
    assert told["items"][0]["name"] == "食品经营许可（新办）"
    assert visitor.client.get(told["items"][0]["href"]).status_code == 200
    assert visitor.page("suggest", q="<>").content.decode().strip() == ""


@pytest.mark.parametrize("words", ["<script>", "%", "' OR 1=1", "x" * 5000])
def test_hostile_words_find_nothing_and_break_nothing(visitor: Browser, words: str) -> None:
    shown = visitor.page("search", q=words)
    assert shown.status_code == 200
    assert "<script>" not in shown.content.decode().replace("<script src", "")


def test_a_bad_page_mark_is_refused(visitor: Browser) -> None:
    assert visitor.page("search", cursor="forged").status_code == 422


def test_bodies_are_chosen_by_county_where_there_are_several(visitor: Browser) -> None:
    text = visitor.page("choose", "food-business-licence").content.decode()
    assert "渌口区市场监督管理局" in text
    assert "醴陵市市场监督管理局" in text
    assert visitor.page("choose", "hr-service-licence").status_code == 302
    assert visitor.page("choose", "no-such-item").status_code == 404


def test_pages_need_no_inline_script_or_style(visitor: Browser) -> None:
    code = implementation_for(story.sample()).task_code
    for shown in (visitor.page("home"), visitor.page("guide", code), visitor.page("search")):
        text = shown.content.decode()
        assert not re.search(r"""<script(?![^>]*\bsrc=)(?! type="application/ld\+json">)""", text)
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)


def test_lists_cost_the_same_however_long(visitor: Browser, django_assert_max_num_queries: Any) -> None:
    visitor.page("home")
    with django_assert_max_num_queries(16):
        visitor.page("home")
    with django_assert_max_num_queries(14):
        visitor.page("search")


def test_tracking_shows_the_case_without_names_and_only_with_the_password(citizen: Browser, visitor: Browser) -> None:
    case = citizen.submitted()
    wrong = visitor.send("track", case_no=case.case_no, password="00000000")
    assert wrong.status_code == 422
    assert visitor.page("track_view").status_code == 302
    assert visitor.send("track", case_no=f" {case.case_no[:20]} {case.case_no[20:]}", password=case.query_password).url
    text = visitor.page("track_view").content.decode()
    assert case.item_name in text
    assert case.applicant["document_number"] not in text.replace(case.case_no, "")
    assert "/documents/" not in text
    visitor.send("track_end")
    assert visitor.page("track_view").status_code == 302


def test_tracking_ends_after_half_an_hour(citizen: Browser, visitor: Browser, freeze: Any) -> None:
    from datetime import timedelta

    from tongban.base import moment

    case = citizen.submitted()
    visitor.send("track", case_no=case.case_no, password=case.query_password)
    assert visitor.page("track_view").status_code == 200
    with freeze(moment.now() + timedelta(minutes=31)):
        assert visitor.page("track_view").status_code == 302


def test_guessing_passwords_is_stopped(citizen: Browser, visitor: Browser) -> None:
    case = citizen.submitted()
    answers = [visitor.send("track", case_no=case.case_no, password=f"{n:08}").status_code for n in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert visitor.send("track", case_no=case.case_no, password=case.query_password).status_code == 429


def test_figures_count_each_event_once_and_say_their_day(citizen: Browser, visitor: Browser) -> None:
    before = figures.current().submitted_today
    citizen.submitted()
    while outbox.relay():
        pass
    outbox.relay()
    assert figures.current().submitted_today == before + 1
    assert DayFigure.objects.get(day=figures.current().day).submitted == Case.objects.count()
    assert "由办件记录逐件累计" in visitor.page("home").content.decode()
