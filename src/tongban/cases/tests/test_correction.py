"""One notice of everything that is missing, and an answer to exactly that (行政许可法 art. 32 item 4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.base import chain
from tongban.cases import commands, queries, signing
from tongban.cases.models import Case, CaseMaterial, Correction, InboxEntry, Signature
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.catalogue.queries import definition_of, materials_for
from tongban.documents.queries import latest
from tongban.kernel.problems import Invalid, NotFound, Refusal
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday 09:00 in Zhuzhou


@pytest.fixture
def walk():
    return story.walk().receive()


def files_of(case: Case) -> list[str]:
    return sorted(set(case.materials.filter(source="file", current=True).values_list("key", flat=True)))


def refused(kind: type[Refusal], attempt) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def test_the_notice_names_everything_and_stops_the_clock(walk, freeze):
    first, second = files_of(walk.case)[:2]
    with freeze(AT):
        walk.notify(first, second, field="area")
    walk.case.refresh_from_db()
    correction = Correction.objects.get(case=walk.case)
    assert walk.case.state == "correction_pending"
    assert walk.case.due_acceptance_on is None
    assert [one["key"] for one in correction.defects] == [first, second, "area"]
    assert all(one["name"] != one["key"] for one in correction.defects)
    assert correction.due_on == date(2026, 12, 15)  # 15 working days after 24 November
    assert not InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True).exists()
    paper = latest(walk.case.subject, "correction")
    assert paper is not None
    for one in correction.defects:
        assert one["what"] in str(paper.envelope)
    assert Message.objects.filter(subject_ref=walk.case.subject, kind="case.correction").count() == 1


def test_what_is_made_of_the_form_is_mended_in_the_form_and_one_thing_is_named_once(walk, cast):
    definition = definition_of(walk.case.item_version)
    made = next(one.key for one in definition.materials if one.generated_from_form)
    found = refused(Invalid, lambda: walk.notify(made))
    assert set(found.fields) == {f"material.{made}"}
    key = files_of(walk.case)[0]
    assert set(refused(Invalid, lambda: walk.notify(key, key)).fields) == {f"material.{key}"}
    assert set(refused(Invalid, lambda: commands.mark_defect(
        actor=cast.clerk, case_no=walk.no, kind="material", key=made, what="没有盖章。"
    )).code.split()) == {"mark_not_asked"}  # fmt: skip


def test_whatever_is_written_reaches_the_applicant_only_under_something_that_the_guide_lists(walk, cast):
    definition = definition_of(walk.case.item_version)
    listed = {("material", one.key): one.name for one in materials_for(definition, walk.case.answers, walk.case.form)}
    listed |= {("field", key): str(one["title"]) for key, one in definition.form["properties"].items()}
    names = st.sampled_from(sorted({key for _kind, key in listed})) | st.text(max_size=20)
    written = st.builds(
        commands.Defect, kind=st.sampled_from(["material", "field", "message"]), key=names, what=st.text(max_size=40)
    )

    @settings(max_examples=60, deadline=None)
    @given(st.lists(written, max_size=5))
    def tried(defects):
        before = story.world()
        with story.undone():
            try:
                commands.request_correction(actor=cast.clerk, case_no=walk.no, defects=defects)
            except Invalid:
                assert story.world() == before
                return
            told = Correction.objects.get(case=walk.case).defects
            paper = latest(walk.case.subject, "correction")
            assert len(told) == len(defects)
            for one in told:
                assert listed[one["kind"], one["key"]] == one["name"]
            shown = [(one["subject"], one["what"]) for one in paper.envelope["content"]["defects"]]
            assert shown == [(one["name"], one["what"]) for one in told]

    tried()


def test_a_second_first_notice_is_impossible(walk, cast):
    key = files_of(walk.case)[0]
    walk.correct(cast.citizen, key)
    found = refused(CaseRefusal, lambda: walk.notify(key))
    assert found.code == "correction_once"
    assert "第三十二条" in found.message
    shown = queries.case_page(cast.officer, walk.no)
    assert "request_correction" not in {str(one.act) for one in shown.acts}
    assert shown.closed


@pytest.mark.parametrize(
    ("defects", "code"),
    [
        ([], "defects_missing"),
        ([("material", "no_such_material", "请补交材料。")], "defects_invalid"),
        ([("field", "no_such_field", "请补填写。")], "defects_invalid"),
        ([("material", "", "请补交材料。")], "defects_invalid"),
        ([("field", "area", "补")], "defects_invalid"),
        ([("field", "area", "补" * 1001)], "defects_invalid"),
        ([("field", "area", "请重新填写。")] * 101, "defects_missing"),
    ],
)
def test_only_what_the_guide_asks_can_be_demanded_and_in_words(walk, defects, code):
    named = [commands.Defect(kind=kind, key=key, what=what) for kind, key, what in defects]
    found = refused(
        Invalid, lambda: commands.request_correction(actor=walk.receptionist(), case_no=walk.no, defects=named)
    )
    assert found.code == code


def test_a_material_that_this_situation_does_not_need_cannot_be_demanded(walk):
    definition = story.definition_of(walk.case.item_version)
    wanted = {one.material.key for one in commands.look_over(walk.case.draft).states}
    unneeded = next(one.key for one in definition.materials if one.key not in wanted)
    found = refused(Invalid, lambda: walk.notify(unneeded))
    assert found.fields == {f"material.{unneeded}": "办事指南没有要求这一项，不能要求申请人补正。"}


def test_complete_materials_are_a_fresh_receipt_and_nothing_old_is_thrown_away(walk, cast, freeze):
    key = files_of(walk.case)[0]
    old = CaseMaterial.objects.get(case=walk.case, key=key, source="file")
    with freeze(AT):
        walk.notify(key, field="area")
    later = AT + timedelta(days=6)
    with freeze(later):
        file = story.upload(cast.citizen, "新布局图")
        walk.answer(cast.citizen, {key: [file]}, {"area": 99.5})
    case = Case.objects.get(pk=walk.case.pk)
    assert case.state == "received"
    assert case.received_at == later
    assert case.due_acceptance_on == date(2026, 12, 7)  # five working days after Monday 30 November
    assert case.form["area"] == 99.5
    old.refresh_from_db()
    assert not old.current
    assert CaseMaterial.objects.get(case=case, key=key, current=True).file == file
    file.refresh_from_db()
    assert (file.owner_kind, file.owner_ref) == ("case", case.case_no)
    signature = Signature.objects.get(case=case, purpose="correction")
    assert signing.sha256(signature.content) == signature.sha256
    (event,) = [one for one in chain.events(case.subject) if one.kind == "CorrectionSubmitted"]
    assert event.payload["signed_sha256"] == signature.sha256
    assert Correction.objects.get(case=case).answered_at == later
    assert InboxEntry.objects.filter(case=case, kind="reception", closed_at__isnull=True).exists()


def test_an_answer_without_everything_that_was_named_is_told_what_is_missing(walk, cast):
    first, second = files_of(walk.case)[:2]
    walk.notify(first, second)
    file = story.upload(cast.citizen)
    found = refused(Invalid, lambda: walk.answer(cast.citizen, {first: [file]}, {}))
    assert found.code == "correction_incomplete"
    assert set(found.fields) == {second}


def test_nothing_beyond_the_notice_can_be_changed(walk, cast):
    first, second = files_of(walk.case)[:2]
    file = story.upload(cast.citizen)
    walk.notify(first)
    for materials, form in (({first: [file], second: [file]}, {}), ({first: [file]}, {"company_name": "别家面馆"})):
        found = refused(Invalid, lambda given=materials, told=form: walk.answer(cast.citizen, given, told))
        assert found.code == "correction_beyond_notice"


def test_a_field_that_is_still_wrong_is_named(walk, cast):
    walk.notify(field="area")
    found = refused(Invalid, lambda: walk.answer(cast.citizen, {}, {"area": -1}))
    assert found.code == "correction_incomplete"
    assert "area" in found.fields


def test_what_was_not_shown_is_not_signed(walk, cast):
    walk.notify(field="area")
    case = queries.access_case(cast.citizen, walk.no)
    shown = signing.sha256(commands.correction_content(case, {"area": 50}, {}))
    found = refused(CaseRefusal, lambda: walk.answer(cast.citizen, {}, {"area": 60}, sha256=shown))
    assert found.code == "content_changed"


def test_somebody_elses_file_does_not_complete_a_case(walk, cast):
    key = files_of(walk.case)[0]
    walk.notify(key)
    foreign = story.upload(cast.other_citizen)
    found = refused(NotFound, lambda: walk.answer(cast.citizen, {key: [foreign]}, {}))
    assert found.code == "file_not_found"


def test_the_applicant_sees_what_to_do_and_until_when(walk, cast, freeze):
    with freeze(AT):
        walk.notify(files_of(walk.case)[0])
        told = queries.progress(queries.access_case(cast.citizen, walk.no))
        assert "12月15日" in told.headline
        assert [(one.kind, one.case.case_no) for one in queries.my_todo(cast.citizen)] == [("correct", walk.no)]
        assert [one.phase for one in told.entries][-1] == "wait"
