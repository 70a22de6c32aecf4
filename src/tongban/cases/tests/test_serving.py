"""Service where nobody takes the documents: noted attempts, leaving them, public notice."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.commands import Attempt, Leaving, Witness
from tongban.cases.commands.serving import last_day_of_notice
from tongban.cases.models import Case, Delivery, InboxEntry, PublicNotice
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.documents.queries import documents_of, latest
from tongban.kernel.problems import Invalid, Refusal
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")

WITNESSES = (Witness(name="张三", unit="津口路社区居委会"), Witness(name="李四", unit="津口路派出所"))
ACCOUNT = "两次上门均无人，电话停机，社区称已搬走，去向不明。"


def refused(kind: type[Refusal], act) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        act()
    assert story.world() == before
    return caught.value


def ready() -> story.Walk:
    return story.walk().receive().accept().to_decision().decide().issue()


def tried(walk: story.Walk, **changes) -> Case:
    given: dict[str, Any] = {
        "way": "visit",
        "outcome": "absent",
        "at": moment.now(),
        "place": "津口路128号",
        "note": "敲门无人应答。",
    }
    attempt = Attempt(**(given | changes))
    return commands.note_failed_service(actor=walk.receptionist(), case_no=walk.no, attempt=attempt)


def left(walk: story.Walk, **changes) -> Case:
    given: dict[str, Any] = {
        "at": moment.now(),
        "place": "津口路128号",
        "reason": "认为结果不公。",
        "witnesses": WITNESSES,
    }
    leaving = Leaving(**(given | changes))
    return commands.leave_documents(actor=walk.receptionist(), case_no=walk.no, leaving=leaving)


def noticed(walk: story.Walk, reason="unknown", account=ACCOUNT) -> PublicNotice:
    return commands.publish_notice(actor=walk.receptionist(), case_no=walk.no, reason=reason, account=account)


def waiting(walk: story.Walk) -> int:
    return InboxEntry.objects.filter(case=walk.case, kind="delivery", closed_at__isnull=True).count()


def receipt_of(walk: story.Walk) -> str:
    found = latest(walk.case.subject, "delivery_receipt")
    assert found is not None
    return str(found.envelope)


# Attempts.


def test_every_attempt_is_a_row_that_nobody_can_change():
    walk = ready()
    tried(walk)
    tried(walk, outcome="moved", note="邻居称已搬走。")
    rows = list(Delivery.objects.filter(case=walk.case))
    assert [(one.method, one.outcome) for one in rows] == [("visit", "absent"), ("visit", "moved")]
    assert rows[1].facts == {"place": "津口路128号", "note": "邻居称已搬走。"}
    assert story.kinds(walk.case)[-2:] == ["ServiceFailed", "ServiceFailed"]
    assert waiting(walk) > 0
    for change in (lambda: Delivery.objects.update(outcome="served"), lambda: Delivery.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_after_failed_attempts_the_result_is_still_handed_out():
    walk = ready()
    tried(walk)
    walk.hand_out(place="津口路128号")
    assert [(one.method, one.outcome) for one in Delivery.objects.filter(case=walk.case)] == [
        ("visit", "absent"), ("visit", "served"),
    ]  # fmt: skip
    assert "直接送达（上门）" in receipt_of(walk)


def test_the_applicant_is_told_that_it_did_not_arrive():
    walk = ready()
    tried(walk, outcome="refused")
    assert "拒绝签收" in Message.objects.filter(kind="case.service_failed").latest("pk").body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"way": "mail"}, "way"),
        ({"outcome": "lost"}, "outcome"),
        ({"place": " "}, "place"),
        ({"note": "无"}, "note"),
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "at"),
        ({"at": datetime(2099, 1, 1, tzinfo=UTC)}, "at"),
    ],
)
def test_an_attempt_says_when_where_and_what(changes, field):
    walk = ready()
    assert set(refused(Invalid, lambda: tried(walk, **changes)).fields) == {field}


# Leaving.


def test_documents_left_before_two_witnesses_are_served():
    walk = ready()
    case = left(walk)
    assert case.delivered_at is not None
    text = receipt_of(walk)
    for words in ("留置送达", "张三（津口路社区居委会）", "李四", "认为结果不公", "第八十九条"):
        assert words in text
    assert waiting(walk) == 0
    assert Delivery.objects.get(case=walk.case).facts["witnesses"][0] == {"name": "张三", "unit": "津口路社区居委会"}


def test_a_photograph_or_a_named_recording_serves_instead_of_witnesses():
    for given in ({"recording": "执法记录仪 3 号，2026-11-24"}, {"photo": True}):
        walk = ready()
        changes = {"photo": story.upload(walk.receptionist(), "留置照片")} if "photo" in given else given
        assert left(walk, witnesses=(), **changes).delivered_at is not None
    assert "照片存入本件" in receipt_of(walk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"witnesses": ()}, "witnesses"),
        ({"witnesses": WITNESSES[:1]}, "witnesses"),
        ({"witnesses": (*WITNESSES, Witness(name="王五", unit=""))}, "witnesses"),
        ({"reason": "无"}, "reason"),
        ({"place": ""}, "place"),
        ({"at": datetime(2099, 1, 1, tzinfo=UTC)}, "at"),
        ({"recording": "长" * 501}, "recording"),
    ],
)
def test_leaving_without_proof_is_refused(changes, field):
    walk = ready()
    assert set(refused(Invalid, lambda: left(walk, **changes)).fields) == {field}


# Public notice.


def test_a_notice_serves_when_its_term_has_passed_and_not_a_day_before():
    with moment.freeze(datetime(2026, 11, 24, 15, 30, tzinfo=UTC)):  # 23:30 in Shanghai
        walk = ready()
        notice = noticed(walk)
    assert notice.ends_on == date(2026, 12, 24)
    assert waiting(walk) == 0
    with moment.freeze(datetime(2026, 12, 24, 15, 59, tzinfo=UTC)):
        assert commands.end_notices() == 0
    with moment.freeze(datetime(2026, 12, 24, 16, 15, tzinfo=UTC)):
        assert commands.end_notices() == 1
        assert commands.end_notices() == 0
    walk.case.refresh_from_db()
    assert moment.local_date(walk.case.delivered_at) == date(2026, 12, 24)
    text = receipt_of(walk)
    for words in ("公告送达", notice.document.number, "下落不明", "电话停机", "第九十五条"):
        assert words in text
    notice.refresh_from_db()
    assert notice.ended_at is not None
    assert Delivery.objects.get(case=walk.case).notice == notice


def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day():
    # 13 November + 30 days is Sunday, 13 December 2026.
    assert last_day_of_notice(date(2026, 11, 13), "430212000000") == date(2026, 12, 14)


def test_what_the_public_reads_masks_a_persons_name_and_does_not_say_what_was_applied_for():
    walk = story.walk("resident-pension-enrolment").receive().accept().to_decision().decide().issue()
    notice = noticed(walk)
    name = walk.case.applicant["name"]
    text = str(notice.document.envelope["content"])
    assert notice.recipient == walk.case.applicant_name_masked != name
    for hidden in (name, walk.case.item_name, walk.case.case_no, "电话停机"):
        assert hidden not in text
    assert [one["title"] for one in notice.papers] == ["准予办理决定书"]


def test_a_notice_needs_that_other_ways_were_tried_or_that_nobody_knows_where():
    walk = ready()
    assert refused(CaseRefusal, lambda: noticed(walk, reason="failed")).code == "nothing_tried"
    assert set(refused(Invalid, lambda: noticed(walk, reason="lazy")).fields) == {"reason"}
    assert set(refused(Invalid, lambda: noticed(walk, account="找不到")).fields) == {"account"}
    tried(walk)
    noticed(walk, reason="failed")
    assert refused(CaseRefusal, lambda: noticed(walk)).code == "notice_running"


def test_whoever_collects_during_the_notice_is_served_then_and_only_once():
    with moment.freeze(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)):
        walk = ready()
        notice = noticed(walk)
    with moment.freeze(datetime(2026, 12, 1, 1, 0, tzinfo=UTC)):
        walk.hand_out()
    with moment.freeze(datetime(2026, 12, 30, 1, 0, tzinfo=UTC)):
        assert commands.end_notices() == 0
    notice.refresh_from_db()
    assert notice.ended_at is not None
    assert [one.method for one in Delivery.objects.filter(case=walk.case)] == ["window"]
    assert [one.kind for one in documents_of(walk.case.subject)].count("delivery_receipt") == 1


def test_a_refusal_of_the_application_is_served_by_notice_too():
    walk = story.walk().receive().accept().to_decision().decide(granted=False)
    notice = noticed(walk)
    assert [one["title"] for one in notice.papers] == ["不予行政许可决定书"]
