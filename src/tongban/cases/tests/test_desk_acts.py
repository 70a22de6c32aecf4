"""Every act of the desk by its form: done, or refused with what was typed and the reason beside the field."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.cases.models import Case, CaseStep
from tongban.cases.tests import desk_visit, story
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import sample_pdf
from tongban.documents.queries import documents_of
from tongban.payments.queries import bills_of

pytestmark = pytest.mark.usefixtures("city")
ROAD = "road-excavation"
STROKES = json.dumps([[[0.1, 0.5], [0.4, 0.2], [0.8, 0.7]]])


def do(actor: Any, case: Case, act: str, **body: Any) -> Any:
    return desk_visit.visitor_as(actor).post(f"/desk/cases/{case.case_no}/{act}/", body)


def done(answer: Any, case: Case, state: str) -> None:
    assert answer.status_code == 302, answer.content.decode()[:2000]
    case.refresh_from_db()
    assert case.state == state


def refused(answer: Any, status: int, *words: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == status
    for one in words:
        assert one in page


@pytest.fixture
def walk() -> story.Walk:
    return story.walk()


def test_a_case_is_received_and_accepted_with_a_click_each(walk):
    done(do(walk.receptionist(), walk.case, "receive"), walk.case, "received")
    done(do(walk.receptionist(), walk.case, "accept"), walk.case, "handling")
    assert {one.kind for one in documents_of(walk.case.subject)} >= {"receipt", "acceptance"}


def test_a_second_click_is_told_that_it_was_done(walk):
    do(walk.receptionist(), walk.case, "receive")
    before = story.world()
    refused(do(walk.receptionist(), walk.case, "receive"), 409, "本件现在是", "不能收件")
    assert story.world() == before


def test_a_correction_names_what_is_missing_once(walk):
    walk.receive()
    key = walk.case.materials.filter(source="file")[0].key
    answer = do(
        walk.receptionist(), walk.case, "request_correction", **{f"what.material.{key}": "请补盖公章后重新提交。"}
    )
    done(answer, walk.case, "correction_pending")
    assert walk.case.correction.defects[0]["key"] == key


def test_a_correction_without_words_says_what_is_wanted_and_keeps_what_was_typed(walk):
    walk.receive()
    keys = [one.key for one in walk.case.materials.filter(source="file").order_by("pk")[:2]]
    before = story.world()
    body = {f"what.material.{keys[0]}": "补", "what.field.company_name": "请按营业执照上的名称填写。"}
    refused(
        do(walk.receptionist(), walk.case, "request_correction", **body),
        422, "请写清楚怎么补", "请按营业执照上的名称填写。", f'href="#id_what.material.{keys[0]}"',
    )  # fmt: skip
    refused(do(walk.receptionist(), walk.case, "request_correction"), 422, "请至少指出一处")
    assert story.world() == before


def test_a_correction_of_what_the_guide_does_not_ask_is_refused(walk):
    walk.receive()
    before = story.world()
    refused(
        do(walk.receptionist(), walk.case, "request_correction", **{"what.material.invented": "请再交一份证明。"}), 422
    )
    assert story.world() == before


@pytest.mark.parametrize(
    ("act", "state"), [("refuse_acceptance", "not_accepted"), ("tell_no_permit_needed", "no_permit_needed")]
)
def test_acceptance_is_refused_with_reason_and_basis(walk, act, state):
    before = story.world()
    refused(
        do(walk.receptionist(), walk.case, act, reason="不属于本机关职权范围。", basis=""),
        422, "请写明法律依据", "不属于本机关职权范围。", f'href="#id_{act}_basis"',
    )  # fmt: skip
    assert story.world() == before
    answer = do(
        walk.receptionist(), walk.case, act,
        reason="不属于本机关职权范围。", basis="《行政许可法》第三十二条", right_body="株洲市市场监督管理局",
    )  # fmt: skip
    done(answer, walk.case, state)


def test_a_step_is_taken_on_and_completed_with_every_point_of_the_list(walk):
    walk.receive().accept()
    step = walk.open_steps()[0]
    officer = walk.who(step.role, step.organisation_id)
    assert do(officer, walk.case, "claim_step", step=step.key).status_code == 302
    body = {"step": step.key, "agree": "yes", "opinion": "经审查，材料齐全。"}
    before = story.world()
    refused(
        do(officer, walk.case, "complete_step", **body),
        422, "逐项核对审查要点", "经审查，材料齐全。", f'href="#id_complete_step-{step.key}_checklist"',
    )  # fmt: skip
    refused(do(officer, walk.case, "complete_step", step=step.key, opinion="同意"), 422, "请选择同意或者不同意")
    assert story.world() == before
    points = next(one.checklist for one in definition_of(walk.case.item_version).steps if one.key == step.key)
    assert do(officer, walk.case, "complete_step", **body, checklist=list(points)).status_code == 302
    assert CaseStep.objects.get(pk=step.pk).state == "done"


def test_a_step_of_another_role_is_refused_in_words(walk):
    walk.receive().accept()
    step = walk.open_steps()[0]
    before = story.world()
    refused(
        do(desk_visit.actor("lukou.shenpi"), walk.case, "complete_step", step=step.key, agree="yes", opinion="同意"),
        403,
    )
    assert story.world() == before


def test_a_leader_grants(walk):
    walk.receive().accept().to_decision()
    done(do(walk.decider(), walk.case, "decide", granted="yes"), walk.case, "decided_granted")
    assert "approval_form" in {one.kind for one in documents_of(walk.case.subject)}


def test_a_refusal_without_reason_is_refused_beside_both_fields(walk):
    walk.receive().accept().to_decision()
    before = story.world()
    refused(
        do(walk.decider(), walk.case, "decide", granted="no"), 422, "必须说明理由", "请写明不予许可所依据的法律条款"
    )
    refused(do(walk.decider(), walk.case, "decide"), 422, "请选择准予或者不予")
    assert story.world() == before
    answer = do(
        walk.decider(), walk.case, "decide", granted="no", reason="场所不符合条件。", basis="《行政许可法》第三十八条"
    )
    done(answer, walk.case, "decided_refused")


def test_the_result_is_issued_and_handed_out_against_a_signature(walk):
    walk.receive().accept().to_decision().decide()
    done(do(walk.receptionist(), walk.case, "issue_result"), walk.case, "completed")
    body = {"name": "陈桂兰", "document_kind": "111", "document_number": "430212197803120021", "relation": "applicant"}
    before = story.world()
    refused(do(walk.receptionist(), walk.case, "deliver", **body), 422, "请领取人在签名板上签名", "陈桂兰")
    wrong = {**body, "document_number": "430212197803120022"}
    refused(do(walk.receptionist(), walk.case, "deliver", **wrong, strokes=STROKES), 422, "校验码")
    for broken in ("[[[2,0],[0,0]]]", "nonsense", '{"a":1}', "[[[null,1],[1,1]]]", "[" * 5000):
        refused(do(walk.receptionist(), walk.case, "deliver", **body, strokes=broken), 422, "签名没有传完整")
    assert story.world() == before
    assert do(walk.receptionist(), walk.case, "deliver", **body, strokes=STROKES).status_code == 302
    walk.case.refresh_from_db()
    assert walk.case.delivered_at is not None


def test_a_signed_paper_counts_where_there_is_no_pad(walk):
    walk.receive().accept().to_decision().decide().issue()
    body = {"name": "周启明", "document_kind": "414", "document_number": "E12345678", "relation": "agent"}
    paper = SimpleUploadedFile("回证.pdf", sample_pdf("送达回证", "示例"), content_type="application/pdf")
    assert do(walk.receptionist(), walk.case, "deliver", **body, paper=paper).status_code == 302
    assert walk.case.deliveries.get().signature_file is not None


def test_money_is_taken_at_the_window_exactly():
    walk = story.walk(ROAD).receive().accept()
    bills = bills_of(walk.case.subject)
    if not bills:
        walk.to_decision().decide()
        bills = bills_of(walk.case.subject)
    bill = bills[0]
    clerk = walk.receptionist()
    page = desk_visit.visitor_as(clerk).get(f"/desk/cases/{walk.no}/").content.decode()
    assert "窗口收费" in page
    before = story.world()
    refused(do(clerk, walk.case, "pay", bill_no=bill.bill_no, method="cash", received="1"), 422, "应收")
    refused(do(clerk, walk.case, "pay", bill_no=bill.bill_no, method="cash", received="十元"), 422, "请填写收到的金额")
    refused(do(clerk, walk.case, "pay", bill_no=bill.bill_no, method="gold", received="1"), 422, "请选择现金")
    assert do(clerk, walk.case, "pay", bill_no="000", method="cash", received="1").status_code == 404
    assert story.world() == before
    exact = f"{bill.amount_fen // 100}.{bill.amount_fen % 100:02d}"
    assert do(clerk, walk.case, "pay", bill_no=bill.bill_no, method="code", received=exact).status_code == 302
    bill.refresh_from_db()
    assert bill.state == "paid"


def test_acts_that_do_not_exist_or_are_not_posted_lead_nowhere(walk):
    assert do(walk.receptionist(), walk.case, "delete").status_code == 404
    client = desk_visit.visitor_as(walk.receptionist())
    assert client.get(f"/desk/cases/{walk.no}/receive/").status_code == 405
