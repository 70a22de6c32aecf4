"""Colleagues on one case: who has it open, internal notes that call, files of opinions; nothing of it for applicants."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tongban.base import moment
from tongban.cases import commands, events, queries
from tongban.cases.models import CaseNote, NoteMention, Presence, StepFile
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.files.queries import open_file
from tongban.kernel.problems import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("city")


def page_of(walk: story.Walk) -> str:
    return f"/desk/cases/{walk.no}/"


def names(found) -> list[tuple[str, bool]]:
    return [(one.name, one.at_work) for one in found]


def test_who_has_the_case_open_is_seen_for_a_minute_and_whether_they_work_on_it(cast, freeze):
    walk = story.walk()
    now = moment.now()
    with freeze(now):
        assert commands.look_in(actor=cast.clerk, case_no=walk.no) == ()
        assert names(commands.look_in(actor=cast.officer, case_no=walk.no)) == [(cast.clerk.name, False)]
        commands.claim_reception(actor=cast.clerk, case_no=walk.no)
        assert names(commands.look_in(actor=cast.officer, case_no=walk.no)) == [(cast.clerk.name, True)]
    with freeze(now + timedelta(seconds=61)):
        assert commands.look_in(actor=cast.officer, case_no=walk.no) == ()
    assert Presence.objects.count() == 2
    with freeze(now + timedelta(days=2)):
        assert commands.forget_looks() == 2


def test_writing_an_opinion_is_working_on_the_case(cast):
    walk = story.walk().receive().accept()
    commands.save_opinion(
        actor=cast.officer,
        case_no=walk.no,
        step_key="examine",
        content={"opinion": "在"},
        seen=commands.Seen(version=0, tab="a"),
    )
    commands.look_in(actor=cast.officer, case_no=walk.no)
    assert names(commands.look_in(actor=cast.head, case_no=walk.no)) == [(cast.officer.name, True)]


def test_nobody_learns_who_looks_at_a_case_they_may_not_see(cast):
    walk = story.walk()
    with pytest.raises(NotFound):
        commands.look_in(actor=cast.other_officer, case_no=walk.no)
    assert commands.look_in(actor=cast.citizen, case_no=walk.no) == ()
    assert not Presence.objects.exists()


def test_the_page_says_who_is_beside_and_is_asked_again_only_for_news(cast):
    walk = story.walk()
    clerk, officer = (desk_visit.visitor_as(one) for one in (cast.clerk, cast.officer))
    clerk.get(page_of(walk))
    page = officer.get(page_of(walk)).content.decode()
    assert f"{cast.clerk.name}正在查看" in page
    assert officer.post(page_of(walk) + "presence/", {"known": cast.clerk.name}).status_code == 204
    news = officer.post(page_of(walk) + "presence/", {"known": ""})
    assert f"{cast.clerk.name}正在查看" in news.content.decode()


def test_a_note_calls_colleagues_by_name_or_by_mark_and_is_read_by_opening_the_case(cast):
    walk = story.walk().receive().accept()
    text = f"请@{cast.officer.name} 核对面积"
    for _twice in range(2):
        commands.write_note(actor=cast.clerk, case_no=walk.no, text=text, call=[cast.head.account_id])
    note = CaseNote.objects.get()
    assert set(note.mentions.values_list("account_id", flat=True)) == {cast.officer.account_id, cast.head.account_id}
    told = [one for one in story.chain.events(walk.case.subject) if one.kind == events.NoteAdded.kind]
    assert [one.payload["called"] for one in told] == [sorted([cast.officer.account_id, cast.head.account_id])]
    assert "核对" not in str(told[0].payload)
    assert queries.unread_mentions(cast.officer) == 1
    officer = desk_visit.visitor_as(cast.officer)
    listed = officer.get("/desk/mentions/").content.decode()
    assert "核对面积" in listed
    assert "提醒我的 <b>1</b>" in listed
    page = officer.get(page_of(walk)).content.decode()
    assert "提醒您" in page
    assert text in page
    assert "提醒我的 <b>" not in page, "what is being read is not counted as unread on the same page"
    assert queries.unread_mentions(cast.officer) == 0
    assert queries.unread_mentions(cast.head) == 1
    assert "提醒您" not in officer.get(page_of(walk)).content.decode()


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001])
def test_a_note_of_no_words_or_too_many_is_refused(cast, text):
    walk = story.walk()
    with pytest.raises(Invalid):
        commands.write_note(actor=cast.clerk, case_no=walk.no, text=text)
    assert not CaseNote.objects.exists()


def test_only_who_may_see_the_case_can_be_called(cast):
    walk = story.walk()
    with pytest.raises(Invalid):
        commands.write_note(actor=cast.clerk, case_no=walk.no, text="看看", call=[cast.other_officer.account_id])
    assert not CaseNote.objects.exists()
    commands.write_note(actor=cast.clerk, case_no=walk.no, text=f"@{cast.other_officer.name} 看看")
    assert not NoteMention.objects.exists()


def test_everybody_who_can_be_called_may_see_the_case(cast):
    walk = story.walk().receive().accept()
    people = queries.callable_on(cast.clerk, walk.case)
    assert people
    for one in people:
        login = story.Account.objects.get(pk=one.account_id).login
        assert queries.access_case(desk_visit.actor(login), walk.no).pk == walk.case.pk


def test_a_note_is_never_changed_or_taken_back(cast):
    walk = story.walk()
    note = commands.write_note(actor=cast.clerk, case_no=walk.no, text="留着")
    for attempt in (lambda: CaseNote.objects.filter(pk=note.pk).delete(), lambda: CaseNote.objects.update(text="改")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert CaseNote.objects.get().text == "留着"


def test_a_refused_note_stands_in_its_form_with_the_reason(cast):
    walk = story.walk()
    answer = desk_visit.visitor_as(cast.clerk).post(page_of(walk) + "note/", {"text": "", "call": "x"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请写 1 到 2000 字。" in page
    assert 'href="#id_note_text"' in page


def test_a_file_of_an_opinion_is_for_officials_only_and_stays_with_the_opinion(cast):
    walk = story.walk().receive().accept()
    officer = desk_visit.visitor_as(cast.officer)
    upload = story.upload(cast.officer, "现场照片")
    added = commands.attach_to_step(actor=cast.officer, case_no=walk.no, step_key="examine", file=upload)
    commands.attach_to_step(actor=cast.officer, case_no=walk.no, step_key="examine", file=upload)
    assert StepFile.objects.count() == 1
    assert "现场照片" in officer.get(page_of(walk)).content.decode()
    assert open_file(cast.leader, added.file.public_id).pk == added.file.pk
    for stranger in (cast.citizen, cast.other_officer, cast.admin):
        with pytest.raises(NotFound):
            open_file(stranger, added.file.public_id)
    walk.complete(added.step)
    with pytest.raises(CaseRefusal):
        commands.detach_from_step(actor=cast.officer, case_no=walk.no, step_key="examine", file_id=added.file.public_id)
    assert StepFile.objects.count() == 1


def test_what_one_added_one_takes_away_before_the_opinion_is_given(cast):
    walk = story.walk().receive().accept()
    added = commands.attach_to_step(
        actor=cast.officer, case_no=walk.no, step_key="examine", file=story.upload(cast.officer)
    )
    officer: Client = desk_visit.visitor_as(cast.officer)
    answer = officer.post(page_of(walk) + "step-files/", {"step": "examine", "remove": added.file.public_id})
    assert answer["Location"].endswith("#steps")
    assert not StepFile.objects.exists()
    kinds = story.kinds(walk.case)
    assert (kinds.count("OpinionFileAdded"), kinds.count("OpinionFileRemoved")) == (1, 1)
    assert officer.post(page_of(walk) + "step-files/", {"step": "examine"}).status_code == 422


def test_somebody_elses_upload_is_not_added(cast):
    walk = story.walk().receive().accept()
    with pytest.raises(NotFound):
        commands.attach_to_step(actor=cast.officer, case_no=walk.no, step_key="examine", file=story.upload(cast.clerk))
    assert not StepFile.objects.exists()


def test_the_applicant_sees_neither_notes_nor_files_nor_that_there_are_any(cast):
    walk = story.walk().receive().accept()
    commands.write_note(actor=cast.clerk, case_no=walk.no, text="内部的话")
    commands.attach_to_step(
        actor=cast.officer, case_no=walk.no, step_key="examine", file=story.upload(cast.officer, "内部照片")
    )
    applicant = desk_visit.visitor_as(cast.citizen)
    page = applicant.get(f"/my/cases/{walk.no}/").content.decode()
    for words in ("内部的话", "内部留言", "内部照片"):
        assert words not in page
    assert queries.notes_of(cast.citizen, walk.case) == ()
