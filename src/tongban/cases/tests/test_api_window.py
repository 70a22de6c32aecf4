"""A window's own system takes money, hands results out, takes down what is signed by hand: as the window does."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.cases.models import Signature
from tongban.cases.tests import story
from tongban.cases.tests.test_api import problem
from tongban.cases.tests.test_api_desk import acts_of
from tongban.cases.tests.test_api_handling import BodysSystem, bound
from tongban.config.rehearsal.samples import sample_pdf

pytestmark = pytest.mark.usefixtures("city")
STROKES = [[[0.1, 0.5], [0.4, 0.2], [0.8, 0.7]]]
COLLECTOR = {"name": "陈桂兰", "document_number": "430212197803120021", "strokes": STROKES}


def uploaded(system: BodysSystem, post: int) -> Any:
    answer = system.client.post(
        "/api/v1/handling/files",
        data={"file": SimpleUploadedFile("补正.pdf", sample_pdf("补正", "示例"), "application/pdf")},
        headers={"Authorization": f"Bearer {system.token}", "Tongban-Post": str(post), "Idempotency-Key": "file"},
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def refused_alike(system: BodysSystem, post: int, number: str, what: str, sent: Any) -> None:
    """Another body's case is as absent as one that there is not, and nothing is done to it."""
    before = story.world()
    hidden, absent = (system.act(post, one, what, sent) for one in (number, "1" * 40))
    problem(hidden, 404, "case_not_found")
    assert story.world() == before
    assert {**hidden.json(), "instance": ""} == {**absent.json(), "instance": ""}


def test_a_result_is_handed_out_once_against_a_signature(cast):
    walk = story.walk("road-excavation").receive().accept().to_decision().decide().issue()
    system, post = bound(walk.receptionist())
    stranger, theirs = bound(cast.other_leader)
    before = story.world()
    refused_alike(stranger, theirs, walk.no, "deliver", COLLECTOR)
    problem(system.act(post, walk.no, "deliver", COLLECTOR | {"strokes": []}, key="none"), 422, "collector_invalid")
    problem(
        system.act(post, walk.no, "deliver", COLLECTOR | {"strokes": [[[0.1, 0.2]]]}, key="dot"),
        422,
        "signature_broken",
    )
    assert story.world() == before
    problem(system.act(post, walk.no, "deliver", COLLECTOR, key="unpaid"), 409, "fee_unpaid")
    [bill] = system.read(post, f"cases/{walk.no}/bills").json()["items"]
    paid = {"method": "cash", "received_fen": bill["amount_fen"]}
    address = f"bills/{bill['bill_no']}/pay"
    assert system.act(post, walk.no, address, paid | {"received_fen": 1}, key="less").status_code == 422
    problem(system.act(post, walk.no, "bills/none/pay", paid), 404, "bill_not_found")
    refused_alike(stranger, theirs, walk.no, address, paid)
    assert story.world() == before
    for _twice in range(2):
        assert system.act(post, walk.no, address, paid).status_code == 200
    [settled] = system.read(post, f"cases/{walk.no}/bills").json()["items"]
    assert settled["state"] == "paid"
    for _twice in range(2):
        answer = system.act(post, walk.no, "deliver", COLLECTOR)
        assert answer.status_code == 200, answer.content
    walk.case.refresh_from_db()
    assert walk.case.delivered_at is not None
    assert acts_of(system) == ["take_payment", "deliver"]


def test_a_correction_is_taken_down_with_a_signed_sheet(cast):
    walk = story.walk().receive()
    system, post = bound(walk.receptionist())
    problem(system.act(post, walk.no, "correct", {"paper_kept": True}, key="early"), 404, "correction_not_found")
    walk.notify("layout")
    stranger, theirs = bound(cast.other_officer)
    sent = {"materials": {"layout": [uploaded(system, post)]}, "paper_kept": True}
    foreign = {"materials": {"layout": [uploaded(stranger, theirs)]}, "paper_kept": True}
    refused_alike(stranger, theirs, walk.no, "correct", foreign)
    before = story.world()
    problem(system.act(post, walk.no, "correct", foreign, key="foreign"), 404, "file_not_found")
    problem(system.act(post, walk.no, "correct", sent | {"paper_kept": False}, key="bare"), 422, "signature_missing")
    assert story.world() == before
    for _twice in range(2):
        answer = system.act(post, walk.no, "correct", sent)
        assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "received"
    assert acts_of(system) == ["correct_at_window"]


def test_a_withdrawal_is_taken_down_with_strokes(cast):
    walk = story.walk().receive()
    system, post = bound(walk.receptionist())
    stranger, theirs = bound(cast.other_officer)
    sent = {"reason": "不再经营。", "strokes": STROKES}
    refused_alike(stranger, theirs, walk.no, "withdraw", sent)
    for _twice in range(2):
        answer = system.act(post, walk.no, "withdraw", sent)
        assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "withdrawn"
    assert Signature.objects.filter(case=walk.case, purpose="withdrawal").count() == 1
