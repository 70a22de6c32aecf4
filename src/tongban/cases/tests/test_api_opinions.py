"""A body's own system writes notes, drafts of opinions with files, and keeps phrases, as its officials do."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.cases import commands, queries
from tongban.cases.models import CaseNote, OpinionDraft, Phrase, StepFile
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_api import problem
from tongban.cases.tests.test_api_desk import acts_of, numbers
from tongban.cases.tests.test_api_handling import BodysSystem, bound
from tongban.config.rehearsal.samples import sample_pdf
from tongban.kernel.actor import Role

pytestmark = pytest.mark.usefixtures("city")
STEP = "examine"
DRAFT = {"version": 0, "agree": "no", "opinion": "面积不符。", "checklist": ["面积"]}


@pytest.fixture
def walk() -> story.Walk:
    return story.walk().receive().accept()


def sent_file(system: BodysSystem, post: int, number: str, *, key: str = "file") -> Any:
    return system.client.post(
        f"/api/v1/handling/cases/{number}/steps/{STEP}/files",
        data={"file": SimpleUploadedFile("现场记录.pdf", sample_pdf("现场记录", "示例"), "application/pdf")},
        headers={"Authorization": f"Bearer {system.token}", "Tongban-Post": str(post), "Idempotency-Key": key},
    )


def test_a_note_calls_a_colleague_whose_system_lists_and_reads_it(walk, cast):
    (system, post), (heads, held) = bound(cast.officer), bound(cast.head, Role.SECTION_HEAD)
    people = {one["account_id"] for one in system.read(post, f"cases/{walk.no}/notes").json()["people"]}
    assert cast.head.account_id in people
    sent = {"text": "请看面积。", "call": [cast.head.account_id]}
    for _twice in range(2):
        assert system.act(post, walk.no, "notes", sent).status_code == 200
    assert CaseNote.objects.count() == 1
    assert numbers(heads.read(held, "mentions")) == [walk.no]
    [note] = heads.read(held, f"cases/{walk.no}/notes").json()["items"]
    assert (note["text"], note["calls_me"], note["mine"]) == ("请看面积。", True, False)
    assert heads.act(held, walk.no, "notes/read").status_code == 200
    [mention] = heads.read(held, "mentions").json()["items"]
    assert mention["read"]
    assert queries.unread_mentions(cast.head) == 0
    problem(system.act(post, walk.no, "notes", {"text": "", "call": []}, key="empty"), 422, "note_text")


def test_a_draft_is_seen_on_the_desk_and_what_was_written_there_is_not_overwritten(walk, cast):
    system, post = bound(cast.officer)
    address = f"cases/{walk.no}/steps/{STEP}/draft"
    assert system.read(post, address).json()["version"] == 0
    for _twice in range(2):
        saved = system.do(post, address, DRAFT, method="put")
        assert saved.status_code == 200, saved.content
    assert saved.json() == system.read(post, address).json()
    assert {**saved.json(), **DRAFT} == {**saved.json(), "version": 0}
    assert "面积不符。" in desk_visit.visitor_as(cast.officer).get(f"/desk/cases/{walk.no}/").content.decode()
    at_desk = commands.Seen(version=1, tab="desk")
    commands.save_opinion(
        actor=cast.officer, case_no=walk.no, step_key=STEP, content={"opinion": "在工作台写的。"}, seen=at_desk
    )
    problem(system.do(post, address, DRAFT, method="put"), 409, "opinion_changed_elsewhere")
    assert system.read(post, address).json()["opinion"] == "在工作台写的。"
    assert system.do(post, address, DRAFT | {"version": 2}, method="put").json()["version"] == 3
    heads, held = bound(cast.head, Role.SECTION_HEAD)
    assert heads.read(held, address).json()["version"] == 0
    problem(system.read(post, f"cases/{walk.no}/steps/none/draft"), 404, "step_not_found")


def test_a_file_is_added_to_an_opinion_once_and_taken_back_by_who_added_it(walk, cast):
    (system, post), (heads, held) = bound(cast.officer), bound(cast.head, Role.SECTION_HEAD)
    address = f"cases/{walk.no}/steps/{STEP}/files"
    for _twice in range(2):
        answer = sent_file(system, post, walk.no)
        assert answer.status_code == 200, answer.content
    [file] = heads.read(held, address).json()["items"]
    assert (file["name"], file["round"], file["added_by"]) == ("现场记录.pdf", 1, cast.officer.name)
    gone = f"steps/{STEP}/files/{file['file_id']}/remove"
    assert heads.act(held, walk.no, gone).status_code in {403, 404}
    assert StepFile.objects.count() == 1
    assert system.act(post, walk.no, gone).status_code == 200
    assert system.read(post, address).json() == {"items": []}
    assert acts_of(system) == ["attach_to_step", "detach_from_step"]
    sent_file(system, post, walk.no, key="again")
    [file] = system.read(post, address).json()["items"]
    walk.complete(walk.open_steps()[0])
    problem(system.act(post, walk.no, f"steps/{STEP}/files/{file['file_id']}/remove"), 409, "step_not_open")
    assert StepFile.objects.count() == 1


def test_phrases_are_ones_own_and_the_units_by_its_head(cast):
    (system, post), (heads, held) = bound(cast.officer), bound(cast.head, Role.SECTION_HEAD)
    unit = heads.read(held, "team").json()["units"][0]["organisation_id"]
    own = system.do(post, "phrases", {"text": "符合条件。"}).json()
    problem(system.do(post, "phrases", {"text": "全科用。", "organisation_id": unit}, key="unit"), 404, "not_found")
    units = heads.do(held, "phrases", {"text": "全科用。", "organisation_id": unit}).json()
    assert [one["id"] for one in system.read(post, "phrases").json()["items"]] == [own["id"], units["id"]]
    assert system.do(post, f"phrases/{own['id']}", {"text": "不符合条件。"}).json()["text"] == "不符合条件。"
    for absent in (units["id"], 10**12):
        problem(system.do(post, f"phrases/{absent}/remove"), 404, "phrase_not_found")
    left = system.do(post, f"phrases/{own['id']}/remove").json()["items"]
    assert [one["id"] for one in left] == [units["id"]]
    assert Phrase.objects.count() == 1


def test_the_system_of_another_body_finds_nothing_of_a_case(walk, cast):
    system, post = bound(cast.officer)
    stranger, theirs = bound(cast.other_officer)
    sent_file(system, post, walk.no)
    file = StepFile.objects.get().file.public_id
    before = story.world()
    for what in ("notes", f"steps/{STEP}/draft", f"steps/{STEP}/files"):
        hidden, absent = (stranger.read(theirs, f"cases/{one}/{what}") for one in (walk.no, "1" * 40))
        problem(hidden, 404, "case_not_found")
        assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}
    for what, sent in (("notes", {"text": "看。"}), ("notes/read", {}), (f"steps/{STEP}/files/{file}/remove", {})):
        problem(stranger.act(theirs, walk.no, what, sent), 404, "case_not_found")
    problem(stranger.do(theirs, f"cases/{walk.no}/steps/{STEP}/draft", DRAFT, method="put"), 404, "case_not_found")
    problem(sent_file(stranger, theirs, walk.no), 404, "case_not_found")
    assert story.world() == before
    assert not OpinionDraft.objects.exists()
