"""The page of materials offers what was handed in before, and takes it with one press."""

import uuid
from typing import Any

from tongban.cases.models import CaseMaterial, DraftMaterial
from tongban.cases.tests import story
from tongban.files.models import StoredFile
from tongban.portal.models import CorrectionFile
from tongban.portal.tests.conftest import PASSWORD, Browser


def test_what_was_handed_in_before_is_offered_and_used(citizen: Browser) -> None:
    citizen.submitted()
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    shown = citizen.page("materials", draft.public_id)
    row = next(one for one in shown.context["rows"] if one["earlier"])
    key, offer = row["material"].key, row["earlier"][0]
    assert "没有核对过原件" in shown.content.decode()
    answer = citizen.send("material_reuse", draft.public_id, key=key, file=str(offer.file.public_id))
    assert answer["Location"].endswith(f"#m-{key}")
    assert DraftMaterial.objects.get(draft=draft).file.copied_from_id == offer.file.pk
    assert "取自您以前交过的材料" in citizen.page("materials", draft.public_id).content.decode()


def test_what_is_not_offered_is_told_beside_its_material(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    rows = citizen.page("materials", draft.public_id).context["rows"]
    key = next(one["material"].key for one in rows if one["state"].how == "missing")
    for file in ("no number", str(uuid.UUID(int=7))):
        answer = citizen.send("material_reuse", draft.public_id, key=key, file=file)
        assert answer.status_code == 422
        assert "重新上传" in answer.content.decode()
    assert not DraftMaterial.objects.filter(draft=draft).exists()


def better_layout(citizen: Browser, cast: Any) -> StoredFile:
    """Handed in with an earlier case, in answer to a notice."""
    earlier = story.Walk(citizen.submitted()).receive().correct(cast.citizen, "layout")
    file = earlier.case.materials.select_related("file").get(key="layout", current=True).file
    assert file is not None
    return file


def test_a_notice_is_answered_with_what_was_handed_in_before(citizen: Browser, cast: Any) -> None:
    earlier = better_layout(citizen, cast)
    walk = story.Walk(citizen.submitted()).receive().notify("layout")
    shown = citizen.page("correction", walk.no)
    (offer,) = shown.context["materials"][0][3]
    assert offer.file.pk == earlier.pk
    assert "用以前交过的（1 份）" in shown.content.decode()
    for _ in range(2):
        answer = citizen.send("correction_reuse", walk.no, key="layout", file=str(offer.file.public_id))
        assert answer["Location"].endswith("#m-layout")
    assert CorrectionFile.objects.get(draft__case=walk.case).file.copied_from_id == earlier.pk
    shown = citizen.page("correction", walk.no)
    assert shown.context["materials"][0][3] == []
    assert "取自您以前交过的材料" in shown.content.decode()
    assert citizen.send("correction", walk.no).status_code == 302
    digest = citizen.page("correction_sign", walk.no).context["answer"].sha256
    assert (
        citizen.send("correction_sign", walk.no, secret=PASSWORD, method="password", sha256=digest).status_code == 302
    )
    given = CaseMaterial.objects.select_related("file").get(case=walk.case, key="layout", current=True)
    assert given.file is not None
    assert given.file.copied_from_id == earlier.pk


def test_what_is_not_offered_for_a_correction_is_told_beside_its_material(citizen: Browser, other: Browser) -> None:
    walk = story.Walk(citizen.submitted()).receive().notify("layout")
    for file in ("no number", str(uuid.UUID(int=7))):
        answer = citizen.send("correction_reuse", walk.no, key="layout", file=file)
        assert answer.status_code == 422
        assert "重新上传" in answer.content.decode()
        assert other.send("correction_reuse", walk.no, key="layout", file=file).status_code == 404
    assert not CorrectionFile.objects.exists()


def test_what_was_taken_for_a_correction_can_be_taken_out_and_used_again(citizen: Browser, cast: Any) -> None:
    earlier = better_layout(citizen, cast)
    walk = story.Walk(citizen.submitted()).receive().notify("layout")
    for _ in range(2):
        citizen.send("correction_reuse", walk.no, key="layout", file=str(earlier.public_id))
        taken = CorrectionFile.objects.select_related("file").get(draft__case=walk.case)
        citizen.send("correction_remove", walk.no, file=str(taken.file.public_id))
        assert not CorrectionFile.objects.exists()
    assert earlier.pk in {one.file.pk for one in citizen.page("correction", walk.no).context["materials"][0][3]}
