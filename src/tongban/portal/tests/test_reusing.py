"""The page of materials offers what was handed in before, and takes it with one press."""

import uuid

from tongban.cases.models import DraftMaterial
from tongban.portal.tests.conftest import Browser


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
