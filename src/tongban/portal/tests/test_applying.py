"""Applying on the web, page by page, without JavaScript."""

import hashlib
import io
import re
from typing import Any

import pytest
from PIL import Image

from tongban.cases.models import Case, Draft, DraftMaterial
from tongban.cases.tests import story
from tongban.config.rehearsal.samples import implementation_for, sample_pdf
from tongban.files.models import StoredFile
from tongban.identity.registries import CodeSender, code_senders
from tongban.portal.tests.conftest import SERVICE, Browser, flat


def test_a_whole_application_goes_from_guide_to_number(citizen: Browser) -> None:
    code = implementation_for(story.sample()).task_code
    assert f"/apply/{code}/" in citizen.page("guide", code).content.decode()
    case = citizen.submitted()
    shown = citizen.page("done", case.case_no).content.decode()
    assert case.query_password in shown
    assert "渌口区市场监督管理局" in shown
    assert "<svg" in shown


def test_every_item_that_takes_online_applications_can_be_applied_for(enter: Any) -> None:
    for slug in ("resident-pension-enrolment", "hr-service-licence"):
        name = {"19900000001": "citizen", "19900000002": "other_citizen", "19900000003": "operator"}
        browser = enter(name[story.sample(slug).phone])
        assert browser.submitted(slug).item_name


def test_known_values_are_shown_with_their_source_and_cannot_be_changed(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    shown = citizen.page("form", draft.public_id).content.decode()
    assert "取自法人库" in shown
    citizen.fill(draft, company_name="别家公司")
    draft.refresh_from_db()
    assert draft.form["company_name"] == "渌口区陈记面馆"


def test_a_stop_is_told_kindly_and_leads_no_further(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.send("situation", draft.public_id, question="goods", answer="farm_produce")
    shown = citizen.page("situation", draft.public_id)
    assert "不需要取得食品经营许可" in shown.content.decode()
    assert citizen.page("form", draft.public_id).status_code == 302


def test_an_answer_that_the_guide_does_not_offer_is_refused(citizen: Browser) -> None:
    draft = citizen.begin()
    answer = citizen.send("situation", draft.public_id, question="goods", answer="'; drop table --")
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.answers == {}


def test_all_errors_of_the_form_come_at_once_and_what_was_typed_stays(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    answer = citizen.send("form", draft.public_id, act="next", area="86", principal_id_number="430212197803120022")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'href="#id_principal_id_number"' in text
    assert 'value="86"' in text
    draft.refresh_from_db()
    assert draft.form["area"] == 86


def test_autosave_keeps_what_is_unfinished_and_another_device_goes_on(enter: Any) -> None:
    desk, phone = enter("citizen"), enter("citizen")
    draft = desk.begin()
    desk.answer_all(draft)
    answer = desk.send("form", draft.public_id, autosave="1", area="55")
    assert answer.status_code == 204
    assert str(draft.public_id) in phone.page("my").content.decode()
    assert phone.page("draft", draft.public_id).url.endswith("/form/")
    assert 'value="55"' in phone.page("form", draft.public_id).content.decode()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "'; DROP TABLE cases_case; --", "王小䶮"]
)
def test_hostile_and_rare_text_is_shown_as_text(citizen: Browser, text: str) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.send("form", draft.public_id, act="save", warehouse=text)
    shown = citizen.page("form", draft.public_id).content.decode()
    assert "<script>alert" not in shown
    draft.refresh_from_db()
    assert draft.form["warehouse"] == text


def test_a_broken_file_is_refused_beside_its_material_and_nothing_is_kept(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    before = StoredFile.objects.count()
    answer = citizen.upload(draft, "layout", "布局图2.pdf", b"%PDF-1.7 broken")
    assert answer.status_code == 422
    assert "布局图2.pdf" in answer.content.decode()
    assert StoredFile.objects.count() == before


def test_twenty_files_fit_one_material_and_the_next_is_refused(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    for number in range(20):
        assert citizen.upload(draft, "layout", f"图{number}.pdf").status_code == 302
    before = StoredFile.objects.count()
    assert citizen.upload(draft, "layout", "多余.pdf").status_code == 422
    assert DraftMaterial.objects.filter(draft=draft).count() == 20
    assert StoredFile.objects.count() == before


def _photographs(count: int) -> list[io.BytesIO]:
    made = []
    for number in range(count):
        one = io.BytesIO()
        Image.new("L", (60, 80), 40 * number).save(one, "JPEG")
        one.name = f"IMG_{number}.jpg"
        one.seek(0)
        made.append(one)
    return made


def test_photographs_sent_with_the_plain_form_become_one_pdf(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    fields = {"key": "layout", "together": "1", "together_name": "布局图", "turns": "90,0"}
    answer = citizen.send("material_add", draft.public_id, file=_photographs(2), **fields)
    assert answer.status_code == 302
    file = DraftMaterial.objects.get(draft=draft).file
    assert (file.name, file.media_type, file.pages) == ("布局图.pdf", "application/pdf", 2)


def test_a_document_among_photographs_is_told_and_nothing_is_kept(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    document = io.BytesIO(sample_pdf("布局图", "示例"))
    document.name = "布局图.pdf"
    files = [*_photographs(1), document]
    answer = citizen.send("material_add", draft.public_id, key="layout", together="1", file=files)
    assert answer.status_code == 422
    assert "第 2 个不是 JPG 或 PNG 图片" in answer.content.decode()
    assert not DraftMaterial.objects.filter(draft=draft).exists()
    nothing = citizen.send("material_add", draft.public_id, key="layout", together="1")
    assert "请先选择文件" in nothing.content.decode()


def test_a_file_taken_back_is_gone(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    citizen.fill(draft)
    citizen.upload(draft, "layout")
    file = DraftMaterial.objects.get(draft=draft).file
    citizen.send("material_remove", draft.public_id, key="layout", file=str(file.public_id))
    assert not DraftMaterial.objects.filter(draft=draft).exists()
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_a_material_that_the_guide_does_not_ask_for_is_refused(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    assert citizen.upload(draft, "power_of_attorney").status_code == 422
    assert not DraftMaterial.objects.filter(draft=draft).exists()


def test_without_consent_an_address_is_needed(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    answer = citizen.send("service", draft.public_id, delivery="window", address="")
    assert answer.status_code == 422
    assert 'href="#id_address"' in answer.content.decode()


def test_county_postal_code_and_investment_project_are_stated_signed_and_kept(citizen: Browser) -> None:
    draft = citizen.complete()
    stated = {"zip_code": "412100", "division": "430212", "investment_project_code": "2026-430212-47-03-012345"}
    assert citizen.send("service", draft.public_id, **(SERVICE | stated)).status_code == 302
    letter = citizen.page("confirm", draft.public_id).content.decode()
    for words in ("412100", "渌口区", "2026-430212-47-03-012345"):
        assert words in letter
    assert citizen.sign(draft).status_code in {200, 302}
    case = Case.objects.get()
    assert {name: case.service[name] for name in stated} == stated


@pytest.mark.parametrize(
    ("name", "value"), [("zip_code", "41210"), ("division", "990000"), ("investment_project_code", "2026-1")]
)
def test_what_cannot_be_right_is_told_beside_its_field(citizen: Browser, name: str, value: str) -> None:
    draft = citizen.complete()
    before = Draft.objects.get(pk=draft.pk).service
    answer = citizen.send("service", draft.public_id, **(SERVICE | {name: value}))
    assert answer.status_code == 422
    assert f'href="#id_{name}"' in answer.content.decode()
    assert Draft.objects.get(pk=draft.pk).service == before


def test_only_a_company_is_asked_for_an_investment_project(citizen: Browser) -> None:
    for slug, asked in ((story.FOOD, True), ("resident-pension-enrolment", False)):
        draft = citizen.begin(slug)
        citizen.answer_all(draft, slug)
        assert ("投资项目编号" in citizen.page("service", draft.public_id).content.decode()) is asked


def test_what_is_signed_can_be_downloaded_and_has_the_digest_shown(citizen: Browser) -> None:
    draft = citizen.complete()
    shown = citizen.page("confirm", draft.public_id)
    content = citizen.page("content", draft.public_id).content
    digest = hashlib.sha256(content).hexdigest()
    assert digest == shown.context["application"].sha256
    assert digest in shown.content.decode()


def test_a_wrong_password_signs_nothing(citizen: Browser) -> None:
    draft = citizen.complete()
    answer = citizen.sign(draft, secret="not-the-password")
    assert answer.status_code == 422
    assert "密码不对" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_change_in_another_tab_must_be_looked_at_before_signing(citizen: Browser) -> None:
    draft = citizen.complete()
    seen = citizen.page("confirm", draft.public_id).context["application"].sha256
    citizen.send("service", draft.public_id, **{**SERVICE, "phone": "19900000009"})
    answer = citizen.sign(draft, sha256=seen)
    assert answer.status_code == 409
    assert not Case.objects.exists()


def test_a_doubled_submission_ends_on_the_same_page(citizen: Browser) -> None:
    draft = citizen.complete()
    first = citizen.sign(draft)
    again = citizen.send("confirm", draft.public_id, method="password", secret="zhuzhou-demo-2026", sha256="x")
    assert first.url == again.url
    assert Case.objects.count() == 1


def test_an_incomplete_application_says_what_is_missing_and_where(citizen: Browser) -> None:
    draft = citizen.begin()
    citizen.answer_all(draft)
    text = citizen.page("confirm", draft.public_id).content.decode()
    assert f"/apply/drafts/{draft.public_id}/form/" in text
    assert f"/apply/drafts/{draft.public_id}/materials/" in text
    assert citizen.sign(draft).status_code == 422
    assert not Case.objects.exists()


PAGES = ["draft", "situation", "form", "materials", "service", "confirm", "content"]


@pytest.mark.parametrize("name", PAGES)
def test_somebody_elses_draft_is_absent(citizen: Browser, other: Browser, name: str) -> None:
    draft = citizen.begin()
    assert other.page(name, draft.public_id).status_code == 404


@pytest.mark.parametrize(
    "name", ["situation", "form", "material_add", "material_remove", "service", "confirm", "discard"]
)
def test_nobody_writes_in_somebody_elses_draft(citizen: Browser, other: Browser, name: str) -> None:
    draft = citizen.begin()
    before = Draft.objects.get(pk=draft.pk)
    assert other.send(name, draft.public_id, question="goods", answer="food").status_code == 404
    after = Draft.objects.get(pk=draft.pk)
    assert (after.answers, after.form, after.updated_at) == (before.answers, before.form, before.updated_at)


def test_a_visitor_logs_in_first_and_comes_back(client: Any, city: None) -> None:
    code = implementation_for(story.sample()).task_code
    answer = client.get(f"/apply/{code}/")
    assert answer.status_code == 302
    assert f"next=/apply/{code}/" in answer.url


def test_flat_writes_what_a_page_posts() -> None:
    assert flat({"a": {"b": 1}, "c": [{"d": "x"}], "e": True, "f": ["p", "q"]}) == {
        "a.b": 1,
        "c.0.d": "x",
        "e": "yes",
        "f": ["p", "q"],
    }


class Pocket(CodeSender):
    """The citizen's phone."""

    name = "pocket"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, *, phone: str, text: str, request_id: str) -> None:
        del phone, request_id
        self.texts.append(text)


def test_a_code_sent_to_the_phone_signs_once(citizen: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pocket = Pocket()
    monkeypatch.setitem(code_senders._things, "pocket", pocket)
    settings.CODE_SENDER = "pocket"
    draft = citizen.complete()
    answer = citizen.send("sign_code", draft.public_id)
    assert answer.url.endswith("?method=phone_code#sign")
    code = re.search(r"\d{6}", pocket.texts[-1])
    assert code
    assert "签名" in pocket.texts[-1]
    digest = citizen.page("confirm", draft.public_id, method="phone_code").context["application"].sha256
    signed = {"method": "phone_code", "sha256": digest}
    wrong = citizen.send(
        "confirm", draft.public_id, secret="000000" if code.group() != "000000" else "111111", **signed
    )
    assert wrong.status_code in {409, 422}
    assert not Case.objects.exists()
    assert citizen.send("confirm", draft.public_id, secret=code.group(), **signed).status_code == 302
    assert Case.objects.get().signatures.get().method == "phone_code"
