"""Service at the desk: every form does its act or says beside the field what is missing; addresses are masked."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.models import Delivery, Parcel, PublicNotice
from tongban.cases.tests import desk_visit, story
from tongban.config.rehearsal.samples import sample_pdf

pytestmark = pytest.mark.usefixtures("city")
NUMBER = "1012345678901"


@pytest.fixture
def ready() -> story.Walk:
    return story.walk().receive().accept().to_decision().decide().issue()


def visit(walk: story.Walk) -> Any:
    return desk_visit.visitor_as(walk.receptionist())


def page(walk: story.Walk) -> str:
    return visit(walk).get(f"/desk/cases/{walk.no}/").content.decode()


def do(walk: story.Walk, act: str, **body: Any) -> Any:
    return visit(walk).post(f"/desk/cases/{walk.no}/{act}/", body)


def now() -> str:
    return f"{moment.now().astimezone(moment.SHANGHAI):%Y-%m-%dT%H:%M}"


def offered(walk: story.Walk) -> set[str]:
    return set(re.findall(rf'action="/desk/cases/{walk.no}/(\w+)/"', page(walk))) - {"unmask", "note"}


def test_what_is_to_be_delivered_offers_every_way(ready):
    assert offered(ready) == {"deliver", "send_parcel", "note_failed_service", "leave_documents", "publish_notice"}


def test_a_parcel_is_sent_shown_masked_and_ended(ready):
    assert do(ready, "send_parcel", carrier="ems", tracking_no=NUMBER).status_code == 302
    shown = page(ready)
    assert NUMBER in shown
    assert "株洲市渌口区津口路128号" not in shown
    assert "19900000001" not in shown
    assert offered(ready) == {"ask_carrier", "end_parcel"}
    slip = SimpleUploadedFile("回执.pdf", sample_pdf("回执", "示例"), "application/pdf")
    answer = do(ready, "end_parcel", outcome="signed", at=moment.today().isoformat(), signed_by="family", slip=slip)
    assert answer.status_code == 302
    assert Delivery.objects.get().signature_file is not None
    assert offered(ready) == set()


def test_the_addressee_is_shown_for_a_reason_and_that_is_logged(ready):
    do(ready, "send_parcel", carrier="ems", tracking_no=NUMBER)
    client = visit(ready)
    for field in ("parcel", "service_address"):
        answer = client.post(f"/desk/cases/{ready.no}/unmask/", {"field": field, "purpose": "填写邮件面单"})
        assert "株洲市渌口区津口路128号" in answer.content.decode()
    assert client.post(f"/desk/cases/{ready.no}/unmask/", {"field": "parcel", "purpose": ""}).status_code == 422


@pytest.mark.parametrize(
    ("act", "body", "words"),
    [
        ("send_parcel", {"carrier": "ems", "tracking_no": "12"}, "不是邮政特快专递（EMS）的邮件号"),
        ("note_failed_service", {"way": "visit", "outcome": "absent", "at": "gestern"}, "请填写日期和时间"),
        ("note_failed_service", {"way": "visit", "at": "2020-01-01T10:00"}, "请选择未送达的情形"),
        ("leave_documents", {"at": "2020-01-01T10:00"}, "请写两名见证人"),
        ("publish_notice", {"account": "找不到"}, "请选择公告送达的原因"),
    ],
)
def test_what_is_missing_is_said_and_nothing_happens(ready, act, body, words):
    before = story.world()
    answer = do(ready, act, **body)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert story.world() == before


def test_an_end_without_a_day_is_refused(ready):
    do(ready, "send_parcel", carrier="ems", tracking_no=NUMBER)
    answer = do(ready, "end_parcel", outcome="lost", at="")
    assert answer.status_code == 422
    assert "请填写日期" in answer.content.decode()


def test_attempts_leaving_and_notice_go_through_their_forms(ready):
    attempt = {"way": "visit", "outcome": "absent", "at": now(), "place": "津口路", "note": "敲门无人应答。"}
    assert do(ready, "note_failed_service", **attempt).status_code == 302
    assert "敲门无人应答" in page(ready)
    account = "上门无人，电话停机，社区称已搬走，去向不明。"
    assert do(ready, "publish_notice", reason="failed", account=account).status_code == 302
    assert "publish_notice" not in offered(ready)
    assert PublicNotice.objects.get().document.number in page(ready)
    body = {
        "at": now(), "place": "津口路", "reason": "拒绝签收。", "witness1": "张三", "witness1_unit": "社区居委会",
        "witness2": "李四", "witness2_unit": "派出所",
    }  # fmt: skip
    assert do(ready, "leave_documents", **body).status_code == 302
    assert "已结束" in page(ready)
    assert [one.method for one in Delivery.objects.all()] == ["visit", "left"]


def test_who_chose_the_post_is_offered_it_first(ready, cast):
    service = commands.Service(address="株洲市天元区神农大道399号", delivery="mail")
    commands.choose_delivery(actor=cast.citizen, case_no=ready.no, service=service)
    assert 'aria-labelledby="act-send_parcel"' in page(ready)


def test_a_post_office_that_is_silent_is_told(ready, settings):
    do(ready, "send_parcel", carrier="ems", tracking_no=NUMBER)
    settings.SIMULATORS_URL = "http://127.0.0.1:9"
    assert do(ready, "ask_carrier").status_code == 503
    assert Parcel.objects.get().ended_at is None
