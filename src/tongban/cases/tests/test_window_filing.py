"""At the window: for people without account, telephone or mainland document, and through agents."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.cases import commands
from tongban.cases.models import Case, CaseMaterial, Draft, Signature
from tongban.cases.tests import desk_visit, story
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import implementation_for, sample_pdf
from tongban.documents.queries import documents_of
from tongban.files.tests.test_files import picture

pytestmark = pytest.mark.usefixtures("city")
PENSION = "resident-pension-enrolment"
STROKES = json.dumps([[[0.1, 0.5], [0.4, 0.2], [0.8, 0.7]]])
NO_PHONE = {
    "kind": "person", "name": "王小䶮", "document_kind": "111", "document_number": "430211199208250019",
    "address": "株洲市渌口区渌口镇津口路128号",
}  # fmt: skip
PASSPORT = {**NO_PHONE, "name": "SMITH JOHN", "document_kind": "414", "document_number": "c01x00t47"}
AGENT = {
    "by_agent": "yes", "agent_name": "周启明", "agent_document_kind": "516", "agent_document_number": "H12345678",
    "agent_authority": "2026年11月20日委托办理申请、领取证照",
}  # fmt: skip


@pytest.fixture
def window() -> Client:
    return desk_visit.officer("lukouzhen.zonghe")


def task_code(slug: str = PENSION) -> str:
    return implementation_for(story.sample(slug)).task_code


def begin(window: Client, applicant: dict[str, str], slug: str = PENSION) -> Draft:
    answer = window.post(f"/window/new/{task_code(slug)}/", applicant)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Draft.objects.get(public_id=answer["Location"].split("/")[3])


def filled(draft: Draft, slug: str = PENSION, **changes: Any) -> dict[str, Any]:
    """What a browser posts when the whole page is filled from the pack's sample."""
    found = story.sample(slug)
    body: dict[str, Any] = {f"q.{key}": value for key, value in found.answers.items()}
    for key, value in (found.form | draft.form).items():
        if isinstance(value, dict):
            body |= {f"{key}.{part}": text for part, text in value.items()}
        elif isinstance(value, bool):
            body[key] = "yes" if value else "no"
        elif key.endswith("_fen"):
            body[key] = f"{value / 100:.2f}"
        else:
            body[key] = value
    definition = definition_of(draft.item_version)
    body |= {"delivery": "window", "service_address": NO_PHONE["address"], "go": "sign"}
    body["paper"] = [one.key for one in definition.materials]
    return body | changes


def sign(window: Client, draft: Draft, **body: Any) -> Any:
    address = f"/window/drafts/{draft.public_id}/submit/"
    page = window.get(address)
    assert page.status_code == 200
    return window.post(address, {"sha256": page.context["sha256"], **body})


def file(window: Client, applicant: dict[str, str], **changes: Any) -> Case:
    draft = begin(window, applicant)
    answer = window.post(f"/window/drafts/{draft.public_id}/", filled(draft, **changes))
    assert answer.status_code == 302, answer.context["errors"]
    assert answer["Location"].endswith("/submit/")
    done = sign(window, draft, strokes=STROKES)
    assert done.status_code == 302, done.content.decode()[:3000]
    return filed(draft)


def filed(draft: Draft) -> Case:
    draft.refresh_from_db()
    assert draft.case is not None
    return draft.case


def test_the_window_offers_its_own_items_and_those_it_is_authorised_for(window):
    page = window.get("/window/").content.decode()
    assert task_code() in page
    assert task_code("road-excavation") not in page
    assert "没有找到" in window.get("/window/", {"q": "没有这种事"}).content.decode()
    assert task_code() in window.get("/window/", {"q": "养老"}).content.decode()


def test_somebody_without_a_window_post_has_no_window():
    client = desk_visit.officer("lukou.shenpi")
    assert client.get("/window/").status_code == 404
    assert client.get(f"/window/new/{task_code()}/").status_code == 404


def test_an_item_of_another_window_is_not_there(window):
    assert window.get(f"/window/new/{task_code('road-excavation')}/").status_code == 404


def test_a_person_without_a_telephone_leaves_with_receipt_number_and_password(window):
    case = file(window, NO_PHONE, phone="")
    assert case.state == "received"
    assert case.channel == "window"
    assert case.applicant["phone"] == ""
    page = window.get(f"/window/done/{case.case_no}/").content.decode()
    receipt = next(one for one in documents_of(case.subject) if one.kind == "receipt")
    assert case.query_password in page
    assert f"/documents/{receipt.public_id}.pdf" in page
    assert Signature.objects.get(case=case).method == "handwritten"


def test_a_passport_holder_is_served_though_the_form_asks_for_a_citizen_number(window):
    case = file(window, PASSPORT, phone="", id_number="C01X00T47")
    assert case.applicant["document_number"] == "C01X00T47"
    assert case.form["id_number"] == "C01X00T47"
    assert case.state == "received"


def test_county_and_postal_code_are_taken_down_and_stand_on_the_case_page(window):
    case = file(window, NO_PHONE, zip_code="412100", division="430211")
    assert (case.service["zip_code"], case.service["division"]) == ("412100", "430211")
    page = window.get(f"/desk/cases/{case.case_no}/").content.decode()
    assert "天元区" in page
    assert "412100" in page


def test_a_postal_code_that_is_none_is_told_beside_its_field(window):
    draft = begin(window, NO_PHONE)
    answer = window.post(f"/window/drafts/{draft.public_id}/", filled(draft, zip_code="4121"))
    assert answer.context["errors"] == {"zip_code": "邮政编码是 6 位数字，例如：412007。"}
    assert not Case.objects.exists()


def test_an_agent_files_with_a_power_of_attorney(window):
    case = file(window, NO_PHONE | AGENT, phone="")
    assert case.agent["name"] == "周启明"
    assert case.agent["document_number"] == "H12345678"


def test_paper_that_the_clerk_saw_counts_as_compared_with_the_original(window):
    case = file(window, NO_PHONE | {"document_number": "430212199001010030", "name": "新来的人"}, phone="",
                id_number="430212199001010030", name="新来的人")  # fmt: skip
    levels = dict(CaseMaterial.objects.filter(case=case).values_list("source", "trust_level"))
    assert levels["paper"] == "B"


def test_wrong_numbers_are_told_exactly_beside_their_fields(window):
    before = story.world()
    wrong = (
        NO_PHONE | {"document_number": "430211199208250018", "phone": "123"} | AGENT | {"agent_document_number": "X1"}
    )
    answer = window.post(f"/window/new/{task_code()}/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 18 位校验码是 8，应为 9" in page
    for link in ("id_document_number", "id_phone", "id_agent_document_number"):
        assert f'href="#{link}"' in page
    assert "王小䶮" in page
    assert story.world() == before


def test_a_company_is_sent_back_from_an_item_for_persons(window):
    company = {"kind": "company", "name": "渌口区陈记面馆", "document_number": "92430212YL00090174"}
    answer = window.post(f"/window/new/{task_code()}/", company)
    assert answer.status_code == 409
    assert "由个人申请" in answer.content.decode()


def test_an_interrupted_draft_is_kept_and_found_again(window):
    draft = begin(window, NO_PHONE)
    saved = window.post(f"/window/drafts/{draft.public_id}/", filled(draft, bank_name="半", autosave="1"))
    assert saved.status_code == 204
    assert Draft.objects.get(pk=draft.pk).answers == dict(story.sample(PENSION).answers)
    for page in ("/window/", "/window/drafts/"):
        assert str(draft.public_id) in window.get(page).content.decode()
    other = desk_visit.officer("lukou.zonghe")
    assert other.get(f"/window/drafts/{draft.public_id}/").status_code == 404
    assert str(draft.public_id) not in other.get("/window/drafts/").content.decode()


def test_what_is_missing_is_gathered_and_nothing_is_submitted(window):
    draft = begin(window, NO_PHONE)
    before = Case.objects.count()
    answer = window.post(f"/window/drafts/{draft.public_id}/", {"go": "sign", "name": "王小䶮"})
    assert answer.status_code == 422
    assert 'href="#id_q.status"' in answer.content.decode()
    assert window.get(f"/window/drafts/{draft.public_id}/submit/").status_code == 422
    assert Case.objects.count() == before


def test_files_come_from_scanner_or_camera_and_can_be_taken_back(window):
    draft = begin(window, PASSPORT)
    window.post(f"/window/drafts/{draft.public_id}/", filled(draft, go="save", paper=[]))
    key = next(
        one.material.key for one in commands.look_over(Draft.objects.get(pk=draft.pk)).states if one.how != "form"
    )
    address = f"/window/drafts/{draft.public_id}/files/"
    scan = SimpleUploadedFile("证件.pdf", sample_pdf("证件", "示例"), content_type="application/pdf")
    assert window.post(address, {"material": key, "file": scan}).status_code == 302
    handed_in = draft.materials.get()
    assert str(handed_in.file.public_id) in window.get(f"/window/drafts/{draft.public_id}/").content.decode()
    bad = SimpleUploadedFile("病毒.pdf", b"MZ not a pdf", content_type="application/pdf")
    refused = window.post(address, {"material": key, "file": bad})
    assert refused.status_code == 422
    assert "is-error" in refused.content.decode()
    window.post(address, {"remove": str(handed_in.file.public_id)})
    assert not draft.materials.exists()
    assert window.post(address, {"remove": "nothing"}).status_code == 404


def test_scanned_pages_become_one_pdf_of_the_material(window):
    draft = begin(window, PASSPORT)
    window.post(f"/window/drafts/{draft.public_id}/", filled(draft, go="save", paper=[]))
    states = commands.look_over(Draft.objects.get(pk=draft.pk)).states
    key = next(one.material.key for one in states if one.how != "form")
    pages = [SimpleUploadedFile(f"{number}.png", picture("PNG"), content_type="image/png") for number in range(3)]
    sent = {"material": key, "together": "1", "together_name": "证件", "file": pages}
    assert window.post(f"/window/drafts/{draft.public_id}/files/", sent).status_code == 302
    file = draft.materials.get().file
    assert (file.name, file.pages) == ("证件.pdf", 3)


def test_nobody_submits_without_a_signature_or_over_changed_content(window):
    draft = begin(window, NO_PHONE)
    window.post(f"/window/drafts/{draft.public_id}/", filled(draft, phone=""))
    before = Case.objects.count()
    unsigned = sign(window, draft)
    assert unsigned.status_code == 422
    assert "请申请人在签名板上签名" in unsigned.content.decode()
    address = f"/window/drafts/{draft.public_id}/submit/"
    changed = window.post(address, {"sha256": "0" * 64, "strokes": STROKES})
    assert changed.status_code == 409
    assert Case.objects.count() == before


def test_a_sheet_signed_on_paper_is_kept_with_the_case(window):
    draft = begin(window, NO_PHONE)
    window.post(f"/window/drafts/{draft.public_id}/", filled(draft, phone=""))
    scan = SimpleUploadedFile("签名页.pdf", sample_pdf("签名页", "示例"), content_type="application/pdf")
    assert sign(window, draft, paper_kept="yes", paper=scan).status_code == 302
    case = filed(draft)
    evidence = Signature.objects.get(case=case).evidence
    assert evidence["paper_kept"] is True
    page = window.get(f"/desk/cases/{case.case_no}/").content.decode()
    assert f"/files/{evidence['paper']}" in page


def test_sent_twice_there_is_one_case(window):
    draft = begin(window, NO_PHONE)
    window.post(f"/window/drafts/{draft.public_id}/", filled(draft, phone=""))
    address = f"/window/drafts/{draft.public_id}/submit/"
    body = {"sha256": window.get(address).context["sha256"], "strokes": STROKES}
    first, second = window.post(address, body), window.post(address, body)
    assert first["Location"] == second["Location"]
    assert Case.objects.filter(draft=draft).count() == 1
    assert window.get(f"/window/drafts/{draft.public_id}/")["Location"] == first["Location"]


def test_the_slip_with_the_password_is_for_the_clerk_who_filed(window):
    case = file(window, NO_PHONE, phone="")
    assert desk_visit.officer("lukou.zonghe").get(f"/window/done/{case.case_no}/").status_code == 404


def test_a_draft_is_given_up_by_its_clerk(window):
    draft = begin(window, NO_PHONE)
    assert window.post(f"/window/drafts/{draft.public_id}/", {"go": "discard"})["Location"] == "/window/"
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_hostile_names_stay_names(window):
    draft = begin(window, NO_PHONE | {"name": "<b onclick=x>王", "document_number": "430212199001010030"})
    page = window.get(f"/window/drafts/{draft.public_id}/").content.decode()
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;" in page


def test_an_instant_item_is_received_accepted_decided_and_handed_out_in_one_sitting(window):
    slug = "birth-registration"
    draft = begin(window, NO_PHONE, slug)
    answer = window.post(f"/window/drafts/{draft.public_id}/", filled(draft, slug, phone=""))
    assert answer.status_code == 302, answer.context["errors"]
    sign(window, draft, strokes=STROKES)
    case = filed(draft)
    page = window.get(f"/window/done/{case.case_no}/").content.decode()
    assert "当场受理办理" in page
    acts: tuple[tuple[str, dict[str, str]], ...] = (
        ("accept", {}),
        ("decide", {"granted": "yes"}),
        ("issue_result", {}),
        ("deliver", {"name": "王小䶮", "document_kind": "111", "document_number": NO_PHONE["document_number"],
                     "strokes": STROKES}),
    )  # fmt: skip
    for act, body in acts:
        answer = window.post(f"/desk/cases/{case.case_no}/{act}/", body)
        assert answer.status_code == 302, (act, answer.context["refusal"])
    case.refresh_from_db()
    assert case.state == "completed"
    assert case.delivered_at is not None
