"""The applicant chooses how the result comes and sees where it is; everybody reads public notices."""

from uuid import uuid4

import pytest

from tongban.base import moment
from tongban.cases import commands as cases
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.portal.tests.conftest import Browser

WANTED = {"delivery": "mail", "address": "株洲市天元区神农大道866号", "recipient": "陈桂兰", "phone": "19900000001"}


@pytest.fixture
def walk(citizen: Browser) -> story.Walk:
    return story.Walk(citizen.submitted()).receive().accept().to_decision().decide().issue()


def text(browser: Browser, name: str, case_no: str) -> str:
    found: str = browser.page(name, case_no).content.decode()
    return found


def send(walk: story.Walk) -> None:
    posting = cases.Posting(carrier="ems", tracking_no="1012345678901")
    cases.send_parcel(actor=walk.receptionist(), case_no=walk.no, posting=posting)


def test_mail_is_asked_for_and_followed_on_the_cases_page(citizen: Browser, walk: story.Walk) -> None:
    assert "更改领取方式或地址" in text(citizen, "case", walk.no)
    assert citizen.page("delivery", walk.no).status_code == 200
    assert citizen.send("delivery", walk.no, **WANTED).status_code == 302
    assert Case.objects.get(pk=walk.case.pk).service["delivery"] == "mail"
    send(walk)
    shown = text(citizen, "case", walk.no)
    for words in ("1012345678901", "邮政特快专递", "已收寄", "结果已寄出", "正在邮寄，请留意签收"):
        assert words in shown
    assert "神农大道866号" not in shown
    # What is in the post waits for nobody's hand.
    assert citizen.page("my").context["todo"] == []
    assert "更改领取方式或地址" not in shown
    assert "等您领取结果" not in shown
    assert citizen.page("delivery", walk.no).status_code == 302
    late = citizen.send("delivery", walk.no, **WANTED)
    assert late.status_code == 409
    assert "正在邮寄途中" in late.content.decode()


def test_a_parcel_that_came_back_is_told_with_what_to_do(citizen: Browser, walk: story.Walk) -> None:
    send(walk)
    end = cases.ParcelEnd(outcome="returned", at=moment.now())
    cases.end_parcel(actor=walk.receptionist(), case_no=walk.no, end=end)
    shown = text(citizen, "case", walk.no)
    for words in ("结果没有送到", "邮件退回", "已退回", "领取结果"):
        assert words in shown


def test_where_nothing_comes_any_more_nothing_is_offered(citizen: Browser) -> None:
    no = citizen.submitted().case_no
    assert "怎么领" in text(citizen, "case", no)
    citizen.send("withdraw", no, reason="暂时不开了")
    shown = text(citizen, "case", no)
    assert "已撤回" in shown
    assert "怎么领" not in shown
    assert citizen.page("delivery", no).status_code == 302
    assert citizen.send("delivery", no, **WANTED).status_code == 409


def test_a_refusal_waits_to_be_collected_until_it_is(citizen: Browser) -> None:
    walk = story.Walk(citizen.submitted()).receive().accept().to_decision().decide(granted=False)
    assert "等您领取决定书" in text(citizen, "case", walk.no)
    citizen.send("take_result", walk.no)
    assert "等您领取决定书" not in text(citizen, "case", walk.no)


def test_what_is_missing_is_said_beside_the_field(citizen: Browser, walk: story.Walk) -> None:
    answer = citizen.send("delivery", walk.no, **{**WANTED, "address": ""})
    assert answer.status_code == 422
    assert "请填写送达地址" in answer.content.decode()


def test_somebody_elses_delivery_is_absent(walk: story.Walk, other: Browser) -> None:
    assert other.page("delivery", walk.no).status_code == 404
    assert other.send("delivery", walk.no, **WANTED).status_code == 404


def test_everybody_reads_a_notice_while_its_term_runs(citizen: Browser, walk: story.Walk, client) -> None:
    assert "现在没有送达公告" in client.get("/public-notices/").content.decode()
    account = "电话停机，社区称已搬走，去向不明。"
    notice = cases.publish_notice(actor=walk.receptionist(), case_no=walk.no, reason="unknown", account=account)
    listed = client.get("/public-notices/").content.decode()
    assert notice.document.number in listed
    address = f"/public-notices/{notice.public_id}/"
    assert address in listed
    page = client.get(address).content.decode()
    for words in (notice.recipient, "准予行政许可决定书", "第九十五条", "即视为送达"):
        assert words in page
    for hidden in (walk.case.item_name, walk.no, account):
        assert hidden not in page
    assert "公告送达" in text(citizen, "case", walk.no)
    walk.hand_out()
    assert client.get(address).status_code == 404
    assert notice.document.number not in client.get("/public-notices/").content.decode()


def test_a_list_of_notices_goes_on_over_the_page(walk: story.Walk, client) -> None:
    account = "电话停机，社区称已搬走，去向不明。"
    notice = cases.publish_notice(actor=walk.receptionist(), case_no=walk.no, reason="unknown", account=account)
    kept = notice.document.number
    for serial in range(20):
        case = Case.objects.get(pk=walk.case.pk)
        case.pk, case.case_no = None, f"{walk.no[:-4]}{8000 + serial}"
        case._state.adding = True
        case.save()
        notice.pk, notice.public_id, notice.case = None, uuid4(), case
        notice._state.adding = True
        notice.save()
    first = client.get("/public-notices/").context["page"]
    assert len(first.items) == 20
    second = client.get("/public-notices/", {"cursor": first.next}).context["page"]
    assert [one.number for one in second.items] == [kept]
    assert client.get("/public-notices/?cursor=x").status_code == 422
