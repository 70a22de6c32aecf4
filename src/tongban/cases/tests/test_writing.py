"""Opinions while they are written: private, never overwritten unseen, gone when given; stock phrases."""

import pytest
from django.db import connection

from tongban.cases import commands, queries
from tongban.cases.models import OpinionDraft, Phrase
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("city")
STEP = "examine"


@pytest.fixture
def walk() -> story.Walk:
    return story.walk().receive().accept()


def seen(version: int = 0, tab: str = "a") -> commands.Seen:
    return commands.Seen(version=version, tab=tab)


def save(actor, walk, words, looked=None):
    return commands.save_opinion(
        actor=actor, case_no=walk.no, step_key=STEP, content={"opinion": words, "agree": "yes"}, seen=looked or seen()
    )


def test_what_is_typed_is_kept_for_its_author_alone_and_encrypted(walk, cast):
    save(cast.officer, walk, "现场核查情况属实。")
    page = queries.case_page(cast.officer, walk.no)
    assert {one.step.key for one in page.acts if one.saved and one.step} == {STEP}
    assert not any(one.saved for one in queries.case_page(cast.head, walk.no).acts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM cases_opiniondraft")
        assert "现场核查".encode() not in bytes(cursor.fetchone()[0])


def test_one_page_saves_again_and_again_and_the_same_words_change_nothing(walk, cast):
    save(cast.officer, walk, "一")
    assert save(cast.officer, walk, "一二").version == 2
    before = story.world()
    save(cast.officer, walk, "一二")
    assert story.world() == before


def test_a_second_page_that_has_not_seen_the_first_is_refused_and_nothing_is_lost(walk, cast):
    save(cast.officer, walk, "第一个页面写的。")
    before = story.world()
    with pytest.raises(CaseRefusal) as caught:
        save(cast.officer, walk, "第二个页面写的。", seen(0, "b"))
    assert caught.value.code == "opinion_changed_elsewhere"
    assert story.world() == before
    assert save(cast.officer, walk, "合并。", seen(1, "b")).version == 2


def test_the_page_shows_both_texts_of_two_pages(walk, cast):
    browser = desk_visit.visitor_as(cast.officer)
    body = {"step": STEP, "act": "complete_step", "draft_version": "0"}
    assert (
        browser.post(f"/desk/cases/{walk.no}/opinion/", {**body, "draft_tab": "a", "opinion": "甲页"}).status_code
        == 302
    )
    sent = {**body, "draft_tab": "b", "opinion": "乙页"}
    assert browser.post(f"/desk/cases/{walk.no}/opinion/", {**sent, "autosave": "1"}).status_code == 409
    answer = browser.post(f"/desk/cases/{walk.no}/opinion/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("甲页", "乙页", "两份都没有丢", 'name="draft_version" value="1"'):
        assert words in page


def test_an_opinion_is_not_given_over_the_words_of_another_page(walk, cast):
    save(cast.officer, walk, "后来补充的核查情况。")
    body = {
        "step": STEP,
        "act": "complete_step",
        "agree": "no",
        "opinion": "旧的",
        "draft_version": "0",
        "draft_tab": "b",
    }
    before = story.world()
    answer = desk_visit.visitor_as(cast.officer).post(f"/desk/cases/{walk.no}/complete_step/", body)
    assert answer.status_code == 409
    assert "后来补充的核查情况。" in answer.content.decode()
    assert story.world() == before


def test_drafts_are_gone_once_the_step_is_done_or_the_case_withdrawn(walk, cast):
    save(cast.officer, walk, "写到一半")
    save(cast.head, walk, "另一人写的")
    commands.complete_step(actor=cast.officer, case_no=walk.no, step_key=STEP, agree=False, opinion="不符合。")
    assert not OpinionDraft.objects.exists()
    with pytest.raises(CaseRefusal) as caught:
        save(cast.officer, walk, "太晚了")
    assert caught.value.code == "step_not_open"
    other = story.walk().receive().accept()
    save(cast.officer, other, "写到一半")
    commands.withdraw(actor=cast.citizen, case_no=other.no)
    assert not OpinionDraft.objects.exists()


def test_a_phrase_is_added_to_the_words_without_script(walk, cast):
    phrase = commands.save_phrase(actor=cast.officer, text="符合法定条件。")
    browser = desk_visit.visitor_as(cast.officer)
    body = {"step": STEP, "act": "complete_step", "draft_version": "0", "draft_tab": "a", "opinion": "经核查，"}
    assert browser.post(f"/desk/cases/{walk.no}/opinion/", {**body, "phrase": phrase.pk}).status_code == 302
    assert OpinionDraft.objects.get().content["opinion"] == "经核查，符合法定条件。"
    assert "经核查，符合法定条件。" in browser.get(f"/desk/cases/{walk.no}/").content.decode()
    other = commands.save_phrase(actor=cast.head, text="别人的。")
    assert browser.post(f"/desk/cases/{walk.no}/opinion/", {**body, "phrase": other.pk}).status_code == 404


def test_phrases_of_the_unit_are_for_everybody_there_and_kept_by_its_head(cast):
    unit = cast.head.appointments[0].organisation_id
    phrase = commands.save_phrase(actor=cast.head, text="拟同意。", organisation_id=unit)
    mine = commands.save_phrase(actor=cast.officer, text="我的。")
    assert [one.text for one in queries.phrases_for(cast.officer)] == ["我的。", "拟同意。"]
    assert queries.phrases_for(cast.other_officer) == []
    assert queries.phrases_for(cast.citizen) == []
    for actor, key in ((cast.officer, phrase.pk), (cast.head, mine.pk), (cast.citizen, mine.pk)):
        with pytest.raises(NotFound):
            commands.remove_phrase(actor=actor, phrase_id=key)
        with pytest.raises(NotFound):
            commands.save_phrase(actor=actor, text="改", phrase_id=key)
    assert Phrase.objects.count() == 2


def test_a_phrase_is_changed_and_deleted_on_its_page(cast):
    browser = desk_visit.visitor_as(cast.officer)
    assert browser.post("/desk/phrases/", {"text": "属实。"}).status_code == 302
    phrase = Phrase.objects.get()
    assert browser.post("/desk/phrases/", {"text": "情况属实。", "phrase": phrase.pk}).status_code == 302
    assert "情况属实。" in browser.get("/desk/phrases/").content.decode()
    assert browser.post("/desk/phrases/", {"text": " "}).status_code == 422
    assert browser.post(f"/desk/phrases/{phrase.pk}/remove/").status_code == 302
    assert not Phrase.objects.exists()


def test_a_phrase_has_words_stands_once_and_there_are_not_too_many(cast):
    for words in ("", "字" * 301):
        with pytest.raises(Invalid):
            commands.save_phrase(actor=cast.officer, text=words)
    first = commands.save_phrase(actor=cast.officer, text="一")
    assert commands.save_phrase(actor=cast.officer, text="一") == first
    second = commands.save_phrase(actor=cast.officer, text="二")
    with pytest.raises(Invalid):
        commands.save_phrase(actor=cast.officer, text="一", phrase_id=second.pk)
    for number in range(48):
        commands.save_phrase(actor=cast.officer, text=f"第{number}条")
    with pytest.raises(CaseRefusal) as caught:
        commands.save_phrase(actor=cast.officer, text="再来一条")
    assert caught.value.code == "phrases_full"
