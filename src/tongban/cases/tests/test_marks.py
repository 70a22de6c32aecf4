"""What clerks mark while they look: shared, kept, the beginning of the one notice, and fixed by it."""

import uuid

import pytest

from tongban.base import chain
from tongban.cases import commands, queries
from tongban.cases.models import Case, MaterialMark
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.files.models import StoredFile
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def walk():
    return story.walk().receive()


def handed_in(case: Case) -> tuple[str, StoredFile]:
    row = case.materials.filter(source="file", current=True).order_by("pk")[0]
    return row.key, row.file


def mark(actor, case: Case, what="第二间的门没有画。", **changes) -> MaterialMark:
    key, file = handed_in(case)
    place = commands.Place(file=file.public_id, page=1, box=(0.1, 0.2, 0.3, 0.1))
    given = {"kind": "material", "key": key, "what": what, "place": place} | changes
    return commands.mark_defect(actor=actor, case_no=case.case_no, **given)


def refused(kind: type[Refusal], attempt) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def test_marks_are_kept_and_colleagues_see_them(walk, cast):
    mark(cast.clerk, walk.case)
    page = queries.case_page(cast.officer, walk.no)
    assert [one.what for one in page.marks] == ["第二间的门没有画。"]
    assert page.marks[0].made_by_id == cast.clerk.account_id
    assert page.marks[0].percent == {"x": "10.00%", "y": "20.00%", "width": "30.00%", "height": "10.00%"}


def test_the_same_mark_twice_is_one_mark(walk, cast):
    assert mark(cast.clerk, walk.case).pk == mark(cast.clerk, walk.case).pk
    assert MaterialMark.objects.count() == 1


def test_a_mark_taken_off_is_gone_and_taking_it_off_again_changes_nothing(walk, cast):
    made = mark(cast.clerk, walk.case)
    for _ in range(2):
        commands.remove_mark(actor=cast.officer, case_no=walk.no, mark_id=made.public_id)
    assert queries.open_marks(walk.case) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"what": "门"}, "mark_words"),
        ({"what": "门" * 201}, "mark_words"),
        ({"kind": "field", "key": "no_such_field"}, "mark_not_asked"),
        ({"key": "no_such_material", "place": None}, "mark_not_asked"),
    ],
)
def test_what_the_guide_does_not_ask_and_empty_words_are_refused(walk, cast, changes, code):
    assert refused(Invalid, lambda: mark(cast.clerk, walk.case, **changes)).code == code


@pytest.mark.parametrize(
    ("page", "box"),
    [(99, ()), (0, ()), (None, (0.1, 0.1, 0.2, 0.2)), (1, (0.9, 0.1, 0.2, 0.2)), (1, (0.1, 0.1, 0.001, 0.2)),
     (1, (float("nan"), 0.1, 0.2, 0.2)), (1, (0.1, 0.2, 0.3))],
)  # fmt: skip
def test_a_place_that_is_not_on_the_file_is_refused(walk, cast, page, box):
    place = commands.Place(file=handed_in(walk.case)[1].public_id, page=page, box=box)
    assert refused(Invalid, lambda: mark(cast.clerk, walk.case, place=place)).code == "mark_place"


def test_a_file_of_another_case_is_no_place(walk, cast):
    other = story.walk().receive()
    place = commands.Place(file=handed_in(other.case)[1].public_id, page=1)
    assert refused(Invalid, lambda: mark(cast.clerk, walk.case, place=place)).code == "mark_place"


def test_the_notice_fixes_the_marks_of_what_it_names(walk, cast):
    key, _file = handed_in(walk.case)
    made = mark(cast.clerk, walk.case)
    aside = mark(cast.clerk, walk.case, kind="field", key="area", what="面积与证明不一致。", place=None)
    walk.notify(key)
    made.refresh_from_db()
    aside.refresh_from_db()
    assert made.told_at is not None
    assert aside.told_at is None
    assert [one.pk for one in queries.told_marks(walk.case)] == [made.pk]
    found = refused(Refusal, lambda: commands.remove_mark(actor=cast.clerk, case_no=walk.no, mark_id=made.public_id))
    assert found.code == "case_state"


def test_after_an_answered_notice_nothing_is_marked_any_more(walk, cast):
    walk.correct(cast.citizen, handed_in(walk.case)[0])
    assert refused(CaseRefusal, lambda: mark(cast.clerk, walk.case)).code == "correction_once"


def test_several_marks_are_numbered_and_always_fit_into_the_notice(walk, cast):
    key, _file = handed_in(walk.case)
    for number in range(4):
        mark(cast.clerk, walk.case, what=f"{number}" * 200)
    refused(CaseRefusal, lambda: mark(cast.clerk, walk.case, what="5" * 200))
    words = queries.words_of_marks(queries.open_marks(walk.case))["material", key]
    assert words.startswith("（1）第 1 页：0")
    assert "\n（4）第 1 页：3" in words
    defect = commands.Defect(kind="material", key=key, what=words)
    commands.request_correction(actor=cast.clerk, case_no=walk.no, defects=[defect])
    assert len(queries.told_marks(walk.case)) == 4


def test_a_mark_of_another_case_is_not_found(walk, cast):
    made = mark(cast.clerk, story.walk().receive().case)
    for wanted in (made.public_id, uuid.UUID(int=7)):
        refused(NotFound, lambda wanted=wanted: commands.remove_mark(
            actor=cast.clerk, case_no=walk.no, mark_id=wanted
        ))  # fmt: skip


def test_the_desk_marks_and_the_notice_begins_with_the_marks(walk):
    key, file = handed_in(walk.case)
    client = desk_visit.officer("lukou.zonghe")
    page = f"/desk/cases/{walk.no}/"
    body = {
        "place": f"material.{key}", "file": str(file.public_id), "page": "1", "box": "0.1,0.2,0.3,0.1",
        "mark_what": "第二间的门没有画。",
    }  # fmt: skip
    answer = client.post(f"{page}mark_defect/?show={key}", body)
    assert answer["Location"] == f"{page}?show={key}#view"
    shown = client.get(f"{page}?show={key}").content.decode()
    assert shown.count("第二间的门没有画。") == 2  # below the page, and in the notice to come
    assert "第 1 页：第二间的门没有画。" in shown
    assert '<rect x="10.00%"' in shown


@pytest.mark.parametrize("changes", [{"box": "1,2"}, {"box": "a,b,c,d"}, {"page": "x"}, {"mark_what": ""}])
def test_a_broken_mark_is_refused_on_the_page(walk, changes):
    key, file = handed_in(walk.case)
    body = {"place": f"material.{key}", "file": str(file.public_id), "page": "1", "mark_what": "没有盖章。"} | changes
    client = desk_visit.officer("lukou.zonghe")
    assert client.post(f"/desk/cases/{walk.no}/mark_defect/", body).status_code == 422
    assert not MaterialMark.objects.exists()


def test_a_stranger_neither_sees_a_page_nor_marks(walk):
    _key, file = handed_in(walk.case)
    stranger = desk_visit.officer("renshe.chengban")
    assert stranger.get(f"/files/{file.public_id}/pages/1").status_code == 404
    assert stranger.post(f"/desk/cases/{walk.no}/mark_defect/", {"mark_what": "没有盖章。"}).status_code == 404
    mine = desk_visit.officer("lukou.zonghe").get(f"/files/{file.public_id}/pages/1")
    assert mine.status_code == 200
    assert mine["Cache-Control"] == "private, no-cache"
    again = desk_visit.officer("lukou.zonghe").get(
        f"/files/{file.public_id}/pages/1", headers={"If-None-Match": mine["ETag"]}
    )
    assert again.status_code == 304
    assert stranger.get(f"/files/{file.public_id}/pages/1", headers={"If-None-Match": mine["ETag"]}).status_code == 404


def test_an_original_seen_raises_the_file_to_b_once(walk, cast):
    _key, file = handed_in(walk.case)
    for actor in (cast.clerk, cast.officer):
        commands.check_original(actor=actor, case_no=walk.no, file_id=file.public_id)
    file.refresh_from_db()
    assert file.trust_level == "B"
    assert walk.case.materials.get(file=file).trust_level == "B"
    (event,) = [one for one in chain.events(walk.case.subject) if one.kind == "OriginalChecked"]
    assert event.actor_ref == cast.clerk.ref
    assert event.payload["sha256"] == file.sha256
    client = desk_visit.officer("lukou.zonghe")
    assert "已核原件" in client.get(f"/desk/cases/{walk.no}/").content.decode()


def test_a_file_that_is_not_of_the_case_is_not_checked(walk, cast):
    other = handed_in(story.walk().receive().case)[1]
    refused(NotFound, lambda: commands.check_original(actor=cast.clerk, case_no=walk.no, file_id=other.public_id))
