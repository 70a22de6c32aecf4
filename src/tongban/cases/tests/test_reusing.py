"""What was handed in before is used again: by the same applicant only, without the original while that counts."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tongban.base import moment
from tongban.cases import commands, queries
from tongban.cases.models import Case, CaseMaterial, Draft, DraftMaterial
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_api import Caller, body, caller, problem
from tongban.files.models import StoredFile
from tongban.files.queries import content, open_file
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound, Refusal

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")


def first(case: Case) -> CaseMaterial:
    found = case.materials.filter(source="file", current=True).select_related("file").order_by("pk").first()
    assert found is not None
    return found


def file_of(row: CaseMaterial) -> StoredFile:
    assert row.file is not None
    return row.file


def check(walk: story.Walk, clerk: Actor, **more: Any) -> None:
    commands.check_original(actor=clerk, case_no=walk.no, file_id=file_of(first(walk.case)).public_id, **more)


def offered(actor: Actor, draft: Draft, key: str) -> list[queries.Reusable]:
    return queries.reusable(actor, draft).get(key, [])


def use(actor: Actor, draft: Draft, row: CaseMaterial) -> Draft:
    return commands.reuse(actor=actor, draft_id=draft.public_id, material_key=row.key, file_id=file_of(row).public_id)


def refused(kind: type[Refusal], attempt: Any) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def test_a_compared_file_is_used_again_without_its_original_and_without_a_copy_of_its_bytes(cast):
    walk = story.walk().receive()
    check(walk, cast.clerk)
    draft, row = story.empty_draft(cast.citizen), first(walk.case)
    (offer,) = [one for one in offered(cast.citizen, draft, row.key) if one.file.pk == row.file_id]
    assert offer.checked_at is not None
    for _ in range(2):
        use(cast.citizen, draft, row)
    given = DraftMaterial.objects.select_related("file").get(draft=draft).file
    earlier = file_of(row)
    assert given.pk != earlier.pk
    assert given.storage_key == earlier.storage_key
    assert content(given) == content(earlier)
    state = next(one for one in commands.look_over(draft).states if one.material.key == row.key)
    assert (state.how, state.trust_level) == ("files", "B")
    assert offered(cast.citizen, draft, row.key) == []


def test_what_was_used_again_is_b_in_the_new_case_and_can_be_used_once_more(cast):
    walk = story.walk().receive()
    check(walk, cast.clerk)
    row = first(walk.case)
    ready = story.draft(cast.citizen)
    old = ready.materials.select_related("file").get(key=row.key).file
    commands.detach(actor=cast.citizen, draft_id=ready.public_id, file_id=old.public_id)
    use(cast.citizen, ready, row)
    ready = queries.access_draft(cast.citizen, ready.public_id)
    case = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=story.proof(ready)).case
    levels = dict(case.materials.filter(source="file").values_list("key", "trust_level"))
    assert levels.pop(row.key) == "B"
    assert set(levels.values()) <= {"C"}
    page = desk_visit.officer("lukou.zonghe").get(f"/desk/cases/{case.case_no}/?show={row.key}").content.decode()
    assert "取自申请人以前交过的" in page
    again = offered(cast.citizen, story.empty_draft(cast.citizen), row.key)
    assert [one.file.sha256 for one in again].count(file_of(row).sha256) == 1


def test_of_the_same_bytes_handed_in_twice_the_one_that_was_compared_is_offered(cast):
    walk = story.walk().receive()
    check(walk, cast.clerk)
    row, later = first(walk.case), story.walk().case
    again = later.materials.select_related("file").get(key=row.key, source="file")
    assert file_of(again).sha256 == file_of(row).sha256
    (offer,) = offered(cast.citizen, story.empty_draft(cast.citizen), row.key)
    assert (offer.file.pk, offer.checked_at is None) == (row.file_id, False)


def test_a_file_that_nobody_compared_is_an_upload_like_any_other(cast):
    row = first(story.walk().receive().case)
    draft = story.empty_draft(cast.citizen)
    use(cast.citizen, draft, row)
    assert DraftMaterial.objects.select_related("file").get(draft=draft).file.trust_level == "C"


def test_a_comparison_counts_for_a_year_where_the_original_names_no_day(cast, freeze):
    walk = story.walk().receive()
    check(walk, cast.clerk)
    draft, row = story.empty_draft(cast.citizen), first(walk.case)
    other, then = story.empty_draft(cast.citizen), moment.now()
    with freeze(then + timedelta(days=365)):
        assert offered(cast.citizen, draft, row.key)[0].checked_at is not None
        use(cast.citizen, draft, row)
    with freeze(then + timedelta(days=366)):
        state = next(one for one in commands.look_over(draft).states if one.material.key == row.key)
        assert state.trust_level == "C"
        assert offered(cast.citizen, other, row.key)[0].checked_at is None


def test_after_the_last_day_of_the_original_it_is_not_offered(cast, freeze):
    walk = story.walk().receive()
    last = moment.today() + timedelta(days=20)
    check(walk, cast.clerk, valid_to=last)
    draft, row = story.empty_draft(cast.citizen), first(walk.case)
    with freeze(moment.end_of(last) - timedelta(seconds=1)):
        assert offered(cast.citizen, draft, row.key)[0].valid_to == last
    with freeze(moment.end_of(last)):
        assert offered(cast.citizen, draft, row.key) == []
        assert refused(NotFound, lambda: use(cast.citizen, draft, row)).code == "material_not_reusable"


def test_an_original_that_is_no_longer_valid_is_not_compared(cast):
    walk = story.walk().receive()
    yesterday = moment.today() - timedelta(days=1)
    assert refused(Invalid, lambda: check(walk, cast.clerk, valid_to=yesterday)).code == "original_expired"


def test_nobody_elses_file_is_offered_or_used(cast):
    row = first(story.walk().receive().case)
    draft = story.empty_draft(cast.citizen)
    changed = {**draft.applicant, "document_number": "91430212MA4L000010"}
    Draft.objects.filter(pk=draft.pk).update(applicant=changed)
    draft = queries.access_draft(cast.citizen, draft.public_id)
    assert queries.reusable(cast.citizen, draft) == {}
    refused(NotFound, lambda: use(cast.citizen, draft, row))


def test_a_file_fills_only_a_material_of_its_own_name(cast):
    walk = story.walk().receive()
    row = first(walk.case)
    draft = story.empty_draft(cast.citizen)
    wrong = next(
        one.material.key
        for one in commands.look_over(draft).states
        if one.how == "missing" and one.material.key != row.key
    )
    refused(NotFound, lambda: commands.reuse(
        actor=cast.citizen, draft_id=draft.public_id, material_key=wrong, file_id=file_of(row).public_id
    ))  # fmt: skip
    refused(NotFound, lambda: commands.reuse(
        actor=cast.citizen, draft_id=draft.public_id, material_key=row.key, file_id=uuid.UUID(int=9)
    ))  # fmt: skip


def test_taking_a_reused_file_out_leaves_the_earlier_case_whole(cast, django_capture_on_commit_callbacks):
    row = first(story.walk().receive().case)
    draft = story.empty_draft(cast.citizen)
    use(cast.citizen, draft, row)
    given = DraftMaterial.objects.select_related("file").get(draft=draft).file
    with django_capture_on_commit_callbacks(execute=True):
        commands.detach(actor=cast.citizen, draft_id=draft.public_id, file_id=given.public_id)
    assert content(file_of(row)).startswith(b"%PDF-")


def test_at_the_window_only_cases_that_the_clerk_may_see_are_offered(cast):
    walk = story.walk().receive()
    row = first(walk.case)
    applicant = commands.Applicant.from_json({**walk.case.applicant, "phone": ""})
    draft = story.window_draft(cast.clerk, story.FOOD, applicant)
    assert row.file_id in [one.file.pk for one in offered(cast.clerk, draft, row.key)]
    assert queries.reusable(cast.other_clerk, draft) == {}
    client = desk_visit.visitor_as(cast.clerk)
    shown = client.get(f"/window/drafts/{draft.public_id}/").content.decode()
    assert "经申请人同意，用这份" in shown
    sent = {"material": row.key, "reuse": str(file_of(row).public_id)}
    assert client.post(f"/window/drafts/{draft.public_id}/files/", sent).status_code == 302
    assert DraftMaterial.objects.get(draft=draft).file.copied_from_id == row.file_id


def test_what_a_window_compared_on_paper_counts_as_compared(cast):
    walk = story.walk().receive()
    applicant = commands.Applicant.from_json({**walk.case.applicant, "phone": ""})
    draft = story.window_draft(cast.clerk, story.FOOD, applicant)
    key = first(walk.case).key
    commands.attach(
        actor=cast.clerk, draft_id=draft.public_id, material_key=key, file=story.upload(cast.clerk, "窗口扫描")
    )
    draft = queries.access_draft(cast.clerk, draft.public_id)
    proof = commands.SignatureProof(
        method="handwritten", sha256=commands.look_over(draft).sha256, evidence={"strokes": story.STROKES}
    )
    filed = commands.file_at_window(actor=cast.clerk, draft_id=draft.public_id, proof=proof)
    row = CaseMaterial.objects.select_related("file").get(case=filed.case, key=key, source="file")
    assert (row.trust_level, file_of(row).trust_level) == ("B", "B")
    assert file_of(row).checked_at is not None


def mended(applicant: Actor, others: int = 0) -> tuple[story.Walk, CaseMaterial]:
    """A case whose applicant answered a notice: the material that it has now, unlike what other cases begin with."""
    walk = story.walk().receive()
    keys = list(dict.fromkeys(walk.case.materials.filter(source="file").values_list("key", flat=True)))[: others + 1]
    walk.correct(applicant, *keys)
    return walk, walk.case.materials.select_related("file").get(key=keys[0], current=True)


def asked(key: str) -> story.Walk:
    """A later case of the same applicant, with a notice that names the material."""
    return story.walk().receive().notify(key)


def take(actor: Actor, walk: story.Walk, row: CaseMaterial, key: str = "") -> StoredFile:
    return commands.reuse_in_correction(
        actor=actor, case_no=walk.no, material_key=key or row.key, file_id=file_of(row).public_id
    )


def test_a_notice_is_answered_with_a_file_of_an_earlier_case_that_keeps_its_trust(cast):
    earlier, row = mended(cast.citizen)
    commands.check_original(actor=cast.clerk, case_no=earlier.no, file_id=file_of(row).public_id)
    walk = asked(row.key)
    found = queries.reusable_in_correction(cast.citizen, walk.case)
    assert [(one.file.pk, one.checked_at is not None) for one in found[row.key]] == [(row.file_id, True)]
    taken = take(cast.citizen, walk, row)
    assert take(cast.citizen, walk, row) == taken
    walk.answer(cast.citizen, {row.key: [taken]}, {})
    given = walk.case.materials.get(key=row.key, current=True)
    assert (given.file_id, given.trust_level) == (taken.pk, "B")
    assert content(taken) == content(file_of(row))
    assert file_of(row).owner_ref == earlier.no
    assert queries.reusable_in_correction(cast.citizen, walk.case) == {}
    assert refused(Refusal, lambda: take(cast.citizen, walk, row)).code == "case_state"


def test_in_a_correction_too_an_earlier_file_that_nobody_compared_is_an_upload_like_any_other(cast):
    _earlier, row = mended(cast.citizen)
    walk = asked(row.key)
    walk.answer(cast.citizen, {row.key: [take(cast.citizen, walk, row)]}, {})
    assert walk.case.materials.get(key=row.key, current=True).trust_level == "C"


def test_what_the_notice_found_wanting_is_not_offered_again(cast):
    walk = story.walk().receive()
    row = first(walk.case)
    draft = story.draft(cast.citizen)
    for one in draft.materials.select_related("file").filter(key=row.key):
        commands.detach(actor=cast.citizen, draft_id=draft.public_id, file_id=one.file.public_id)
    use(cast.citizen, draft, row)
    draft = queries.access_draft(cast.citizen, draft.public_id)
    later = story.Walk(commands.submit(actor=cast.citizen, draft_id=draft.public_id, proof=story.proof(draft)).case)
    later.receive().notify(row.key)
    assert file_of(row).sha256 not in {
        one.file.sha256 for one in queries.reusable_in_correction(cast.citizen, later.case).get(row.key, [])
    }
    assert refused(NotFound, lambda: take(cast.citizen, later, row)).code == "material_not_reusable"


def test_a_correction_takes_no_other_applicants_file_and_none_of_another_material(cast):
    _earlier, row = mended(cast.citizen)
    walk = asked(row.key)
    other = walk.case.materials.filter(source="file").exclude(key=row.key).order_by("pk")[0]
    assert refused(NotFound, lambda: take(cast.citizen, walk, row, other.key)).code == "material_not_reusable"
    Case.objects.filter(pk=row.case_id).update(applicant_index=b"somebody else")
    assert queries.reusable_in_correction(cast.citizen, walk.case) == {}
    assert refused(NotFound, lambda: take(cast.citizen, walk, row)).code == "material_not_reusable"
    assert refused(NotFound, lambda: take(cast.other_citizen, walk, row)).code == "case_not_found"


def test_a_file_taken_for_one_material_is_handed_in_for_no_other_and_read_by_nobody_else(cast):
    earlier, one = mended(cast.citizen, others=1)
    other = earlier.case.materials.filter(source="file", current=True).exclude(key=one.key).order_by("-pk")[0]
    walk = story.walk().receive().notify(one.key, other.key)
    taken = take(cast.citizen, walk, one)
    swapped = {one.key: [story.upload(cast.citizen)], other.key: [taken]}
    assert refused(NotFound, lambda: walk.answer(cast.citizen, swapped, {})).code == "file_not_found"
    draft = story.empty_draft(cast.citizen)
    refused(NotFound, lambda: commands.attach(
        actor=cast.citizen, draft_id=draft.public_id, material_key=other.key, file=taken
    ))  # fmt: skip
    assert open_file(cast.citizen, taken.public_id) == taken
    for stranger in (cast.other_citizen, cast.clerk):
        refused(NotFound, lambda who=stranger: open_file(who, taken.public_id))


def test_a_file_taken_for_a_correction_and_not_handed_in_is_forgotten_like_an_upload(cast, freeze):
    _earlier, row = mended(cast.citizen)
    taken = take(cast.citizen, asked(row.key), row)
    with freeze(moment.now() + timedelta(days=8)):
        commands.forget_drafts()
    assert not StoredFile.objects.filter(pk=taken.pk).exists()
    assert content(file_of(row)).startswith(b"%PDF-")


def test_a_system_answers_a_notice_with_what_it_filed_before_for_the_same_person(body):
    one, other = Caller("cases:submit", "cases:track"), Caller("cases:submit", "cases:track", name="别的系统")
    key = _needed(one, body)
    numbers = []
    for title in ("先交的", "后交的"):
        file = one.upload(title).json()["id"]
        numbers.append(one.post("/cases", body | {"materials": {key: [file]}}).json()["case_no"])
    story.Walk(Case.objects.get(case_no=numbers[1])).receive().notify(key)
    path = f"/cases/{numbers[1]}/correction"
    (offer,) = one.get(f"{path}/reusable").json()["items"]
    assert (offer["key"], offer["name"]) == (key, "先交的.pdf")
    sent = {"key": key, "file_id": offer["file_id"]}
    for answer in (other.get(f"{path}/reusable"), other.post(f"{path}/reuse", sent)):
        problem(answer, 404, "case_not_found")
    taken = one.post(f"{path}/reuse", sent, key="take")
    assert taken.status_code == 201, taken.content
    assert one.post(f"{path}/reuse", sent, key="take").json() == taken.json()
    done = one.post(path, {"materials": {key: [taken.json()["id"]]}})
    assert done.status_code == 200, done.content
    assert one.get(f"{path}/reusable").json() == {"items": []}


def test_a_system_uses_again_only_what_it_filed_for_the_same_person(body):
    one, other = Caller("cases:submit", "cases:track"), Caller("cases:submit", "cases:track", name="别的系统")
    key, sent = _needed(one, body), dict(body)
    file = one.upload().json()["id"]
    filed = one.post("/cases", sent | {"materials": {key: [file]}})
    assert filed.status_code == 201, filed.content
    for system, seen in ((one, 1), (other, 0)):
        made = system.post("/drafts", {"task_code": body["task_code"], "applicant": body["applicant"]}).json()["id"]
        system.send("PUT", f"/drafts/{made}/answers", {"answers": body["answers"]})
        found = [row for row in system.get(f"/drafts/{made}/reusable").json()["items"] if row["key"] == key]
        assert len(found) == seen
        asked = system.post(f"/drafts/{made}/reuse", {"key": key, "file_id": file})
        if seen:
            assert [row["key"] for row in asked.json()["files"]] == [key]
        else:
            problem(asked, 404, "material_not_reusable")


def _needed(system: Caller, body: dict[str, Any]) -> str:
    made = system.post("/drafts", {"task_code": body["task_code"], "applicant": body["applicant"]}).json()["id"]
    system.send("PUT", f"/drafts/{made}/answers", {"answers": body["answers"]})
    states = system.get(f"/drafts/{made}/check").json()["materials"]
    return next(str(one["key"]) for one in states if one["how"] != "form")
