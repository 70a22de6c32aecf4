"""Items run in a system of a ministry: handed over once with what is agreed, reports applied once each and in order."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

import httpx
import pytest
from django.test import Client

from tongban.base import chain, moment, outbox
from tongban.base.tests.racing import race
from tongban.cases import commands, queries
from tongban.cases.commands import handing_over
from tongban.cases.models import (
    BeyondGuideReport,
    Case,
    Decision,
    ExchangeFault,
    ExchangeRow,
    ForeignReport,
    HandOver,
    InboxEntry,
)
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import story
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM as SYSTEM_ACTOR
from tongban.kernel.problems import NotFound, Refusal
from tongban.notices.models import Message
from tongban.partners import signing
from tongban.partners.adapters import RunningReport
from tongban.partners.endpoints import endpoint
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError
from tongban.partners.running import read_report
from tongban.partners.tests import simulated

SYSTEM = "national_tourism"


@pytest.fixture
def simulators(settings, tmp_path, monkeypatch):
    """The simulated ministry, over real HTTP; what is slow there is slow for tests' eyes."""
    monkeypatch.setattr("tongban.partners.simulators.app.SLOW_S", 1.0)
    monkeypatch.setattr("tongban.partners.running._CASE_S", 0.4)
    with simulated.running(tmp_path) as address:
        settings.SIMULATORS_URL = address
        yield address


@pytest.fixture
def case(city, cast):
    """A case for the item, filed and ordered to be handed over."""
    filed = story.submitted(cast.other_citizen, story.ELSEWHERE)
    while outbox.relay():
        pass
    return filed


def behave(address, mode):
    assert httpx.post(f"{address}/running/mode", data={"mode": mode}, trust_env=False).status_code == 303


def official(address, case, act, way="lost"):
    answer = httpx.post(f"{address}/running/cases/{case.case_no}", data={"act": act, "way": way}, trust_env=False)
    assert answer.status_code == 303, answer.text


def there(address, case):
    return httpx.get(f"{address}/running/cases/{case.case_no}", trust_env=False).text


def report(case, seq, kind, **more):
    at = case.submitted_at + timedelta(milliseconds=seq)
    return RunningReport(case_no=case.case_no, seq=seq, kind=kind, at=at, unit="株洲市文化旅游广电体育局", **more)


def take(*reports):
    return [commands.take_report(system=SYSTEM, report=one) for one in reports]


def course(case):
    return [
        report(case, 1, "received"),
        report(case, 2, "accepted"),
        report(case, 3, "step", words="审查：信息一致"),
        report(case, 4, "granted"),
        report(case, 5, "result", name="导游证（电子）", number="D-4302-000123", valid_to="2029-11-24"),
        report(case, 6, "delivered"),
    ]


def kinds(case):
    return [one.kind for one in chain.events(case.subject)]


def test_filing_puts_nothing_into_an_inbox_and_orders_the_hand_over_once(case):
    assert not InboxEntry.objects.filter(case=case).exists()
    order = HandOver.objects.get(case=case)
    assert (order.state, order.system) == ("waiting", SYSTEM)
    event = next(one for one in chain.events(case.subject) if one.kind == "CaseSubmitted")
    handing_over.order_hand_over(outbox._as_told(event))
    assert HandOver.objects.get() == order


def test_what_is_handed_over_is_what_the_agreement_names(case, simulators):
    commands.hand_over(case_no=case.case_no)
    page = there(simulators, case)
    assert "王小䶮" in page
    assert "株洲示例国际旅行社有限公司" in page
    assert "王建国" not in page, "the emergency contact is not in the agreement"
    assert "株洲市渌口区津口路128号" not in page, "nor is the address for service"
    assert page.count("字节") == 2
    order = HandOver.objects.get(case=case)
    assert order.state == "taken"
    assert order.foreign_no.startswith("LY")
    assert kinds(case).count("CaseHandedOver") == 1


def test_a_case_is_taken_once_however_often_it_is_sent(case, simulators, monkeypatch):
    """The answer was lost, or a worker was killed before it noted it: the other side knows the request."""
    with monkeypatch.context() as patched:
        patched.setattr(handing_over, "_settle", lambda *_a, **_k: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(ConnectionError):
            commands.hand_over(case_no=case.case_no)
    first = commands.hand_over(case_no=case.case_no)
    again = commands.hand_over(case_no=case.case_no)
    assert first.foreign_no == again.foreign_no
    assert "移交 2 次" in there(simulators, case)
    assert there(simulators, case).count("字节") == 2
    assert kinds(case).count("CaseHandedOver") == 1


@pytest.mark.parametrize("mode", ["down", "slow"])
def test_a_system_that_is_down_or_slow_is_tried_again(case, simulators, mode):
    behave(simulators, mode)
    with pytest.raises(PartnerUnreachableError):
        commands.hand_over(case_no=case.case_no)
    assert HandOver.objects.get().state == "waiting"
    assert "CaseHandedOver" not in kinds(case)
    behave(simulators, "ok")
    simulated.transport._breakers.clear()
    assert commands.hand_over(case_no=case.case_no).state == "taken"


def test_what_waits_too_long_is_queued_again(case, freeze):
    assert commands.follow_hand_overs() == 0
    with freeze(moment.now() + timedelta(hours=3)):
        assert commands.follow_hand_overs() == 1
        assert commands.follow_hand_overs() == 0


def test_a_refusal_is_shown_and_handed_over_again_by_whoever_receives_for_the_body(case, simulators, cast):
    behave(simulators, "refusing")
    assert commands.hand_over(case_no=case.case_no).state == "refused"
    assert "HandOverRefused" in kinds(case)
    with pytest.raises(Refusal):
        commands.hand_over_again(actor=cast.other_citizen, case_no=case.case_no)
    with pytest.raises(NotFound):
        commands.hand_over_again(actor=cast.officer, case_no=case.case_no)
    desk = log_in(Client(), cast.account("other_clerk"))
    page = desk.get(f"/desk/cases/{case.case_no}/").content.decode()
    assert "对方没有接收" in page
    assert "本系统不受理该申请人的申请" in page
    behave(simulators, "ok")
    assert desk.post(f"/desk/cases/{case.case_no}/hand-over/").status_code == 302
    assert commands.hand_over(case_no=case.case_no).state == "taken"
    with pytest.raises(CaseRefusal) as refused:
        commands.hand_over_again(actor=cast.other_clerk, case_no=case.case_no)
    assert refused.value.code == "hand_over_not_refused"


def test_the_case_follows_to_the_licence(case, cast):
    assert take(*course(case)) == [1] * 6
    case.refresh_from_db()
    assert (case.state, case.result_code) == ("completed", "0")
    assert case.accepted_at == report(case, 2, "accepted").at
    assert case.promised_due_on is not None
    assert case.delivered_at == report(case, 6, "delivered").at
    assert Decision.objects.get(case=case).kind == "granted"
    found = queries.elsewhere(case)
    assert found.result.number == "D-4302-000123"
    assert str(found.result.valid_to) == "2029-11-24"
    happened = kinds(case)
    for kind in ("CaseReceived", "CaseAccepted", "ForeignStepReported", "CaseDecided", "ResultIssued"):
        assert happened.count(kind) == 1
    assert list(commands.rebuild_clocks()) == []
    told = [one.title for one in Message.objects.filter(subject_ref=case.subject).order_by("pk")]
    assert told[1:] == ["材料已收", "申请已受理", "办理有进展", "准予决定", "结果已制发", "结果已送达"]


def test_the_reported_licence_completes_the_case_and_goes_to_the_exchange(case):
    take(*course(case))
    case.refresh_from_db()
    (issued,) = queries.completion_of(case).certificates
    assert (issued.number, str(issued.valid_to)) == ("D-4302-000123", "2029-11-24")
    while outbox.relay():
        pass
    batch = commands.order_batch(actor=SYSTEM_ACTOR, reach="430200000000", now=True)
    batch = commands.make_batch(number=batch.number)
    assert (batch.cases, batch.held) == (1, 0), list(ExchangeFault.objects.values_list("table", "column", "reason"))
    assert ExchangeRow.objects.filter(batch=batch, table="ea_jc_step_done").count() == 1


def test_reports_that_come_twice_change_nothing(case):
    take(*course(case)[:4])
    before = (kinds(case), Message.objects.count())
    assert take(*course(case)[:4]) == [0] * 4
    assert (kinds(case), Message.objects.count()) == before
    assert Decision.objects.filter(case=case).count() == 1


def test_reports_out_of_order_wait_for_those_before_them(case):
    received, accepted, step, granted, *_ = course(case)
    assert take(granted, accepted) == [0, 0]
    case.refresh_from_db()
    assert case.state == "submitted"
    assert [one.waits for one in queries.elsewhere(case).reports] == [True, True]
    assert take(received) == [2]
    assert take(step) == [2]
    case.refresh_from_db()
    assert case.state == "decided_granted"


def test_another_report_under_the_same_number_is_refused(case):
    take(report(case, 1, "received"))
    with pytest.raises(CaseRefusal) as refused:
        take(report(case, 1, "not_accepted", reason="不符合"))
    assert refused.value.code == "report_conflict"
    case.refresh_from_db()
    assert case.state == "received"


def test_a_report_that_does_not_follow_is_written_down_and_moves_nothing(case):
    take(*course(case)[:4], report(case, 5, "accepted"), report(case, 6, "withdrawn"))
    case.refresh_from_db()
    assert case.state == "decided_granted"
    assert kinds(case).count("ForeignStepReported") == 3


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(days=2)])
def test_a_moment_before_the_application_or_in_the_future_is_refused(case, off):
    with pytest.raises(Refusal) as refused:
        take(replace(report(case, 1, "received"), at=case.submitted_at + off))
    assert refused.value.code == "report_moment"
    assert not ForeignReport.objects.exists()


@pytest.mark.parametrize(
    ("reports", "state", "code"),
    [
        (["not_accepted"], "not_accepted", "6"),
        (["received", "correction", "accepted", "refused"], "decided_refused", "1"),
        (["received", "withdrawn"], "withdrawn", "5"),
    ],
)
def test_every_other_end_comes_back_too(case, reports, state, code):
    for seq, kind in enumerate(reports, start=1):
        more = {"reason": "不符合条件。", "basis": "第五条"} if kind in {"not_accepted", "refused"} else {}
        take(report(case, seq, kind, **more))
    case.refresh_from_db()
    assert (case.state, case.result_code) == (state, code)
    assert queries.completion_of(case).reason == ("申请人撤回申请。" if code == "5" else "不符合条件。")
    assert Decision.objects.get(case=case).kind == {"decided_refused": "refused"}.get(state, state)


@pytest.mark.parametrize("kind", ["not_accepted", "refused", "result"])
def test_an_end_without_what_its_code_needs_is_refused_and_may_come_again_whole(case, kind):
    before = [] if kind == "not_accepted" else course(case)[: 4 if kind == "result" else 2]
    take(*before)
    case.refresh_from_db()
    stood, seq = case.state, len(before) + 1
    with pytest.raises(Refusal) as refused:
        take(report(case, seq, kind, reason=" ", number=" "))
    assert refused.value.code == "report_incomplete"
    case.refresh_from_db()
    assert (case.state, ForeignReport.objects.count()) == (stood, len(before))
    assert take(report(case, seq, kind, reason="不符合条件。", number="D-1")) == [1]


def test_lost_reports_are_asked_for(case, simulators, freeze):
    commands.hand_over(case_no=case.case_no)
    for act in ("received", "accepted", "step", "granted", "result", "delivered"):
        official(simulators, case, act)
    assert commands.to_be_asked(10) == []
    with freeze(moment.now() + timedelta(minutes=11)):
        assert commands.to_be_asked(10) == [case.case_no]
        assert commands.ask_for_reports(case_no=case.case_no) == 6
        assert commands.to_be_asked(0) == []
    case.refresh_from_db()
    assert case.delivered_at is not None
    assert commands.ask_for_reports(case_no=case.case_no) == 0


def test_only_the_system_itself_reports_and_only_of_its_own_cases(case, cast):
    other = story.submitted(cast.citizen)
    with pytest.raises(NotFound):
        take(report(other, 1, "received"))
    with pytest.raises(NotFound):
        commands.take_report(system="another", report=report(case, 1, "received"))
    assert not ForeignReport.objects.exists()


def posted(client, body, *, secret=None, nonce_of=None):
    path = f"/partners/running/{SYSTEM}/reports/"
    content = json.dumps(body).encode()
    headers = nonce_of or signing.signed_headers(
        secret or endpoint(SYSTEM).secret, client_id=SYSTEM, method="POST", path=path, body=content, now_s=time.time()
    )
    return client.post(path, content, content_type="application/json", headers=headers), headers


def body_of(found):
    return {
        "case_no": found.case_no,
        "seq": found.seq,
        "kind": found.kind,
        "at": found.at.isoformat(),
        "unit": found.unit,
    }


def test_reports_over_http_are_signed_fresh_and_whole(case):
    client = Client()
    body = body_of(report(case, 1, "received"))
    answer, headers = posted(client, body)
    assert (answer.status_code, answer.json()) == (200, {"applied": 1})
    assert posted(client, body, nonce_of=headers)[0].status_code == 401, "a replay"
    assert posted(client, body)[0].json() == {"applied": 0}
    assert posted(client, body, secret=b"guessed")[0].status_code == 401
    assert posted(client, body | {"kind": "accepted"})[0].status_code == 409
    assert posted(client, body | {"case_no": "1" * 31, "seq": 2})[0].status_code == 404
    assert posted(client, {"seq": 2})[0].status_code == 400
    assert (
        client.post(f"/partners/running/{SYSTEM}/reports/", b"x" * 70_000, content_type="text/plain").status_code == 413
    )


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0}, {"seq": True}, {"seq": "1"}, {"kind": "void"}, {"at": "2026-11-25T10:00:00"}, {"at": None}, {"unit": ""},
        {"words": "x" * 1001}, {"words": 5}, {"valid_to": "2029"}, {"case_no": ""}, {"words": "\x00"},
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_refused(change):
    whole = {"case_no": "1", "seq": 1, "kind": "step", "at": "2026-11-25T10:00:00+08:00", "unit": "x"}
    assert read_report(whole).seq == 1
    with pytest.raises(PartnerRefusedError):
        read_report(whole | change)


def test_nothing_is_done_here_by_anybody(case, cast):
    take(*course(case)[:2])
    attempts = {
        "accept": lambda actor: commands.accept(actor=actor, case_no=case.case_no),
        "void": lambda actor: commands.void(actor=actor, case_no=case.case_no, reason="测试作废。"),
        "decide": lambda actor: commands.decide(actor=actor, case_no=case.case_no, granted=True),
        "withdraw": lambda actor: commands.withdraw(actor=actor, case_no=case.case_no),
        "withdraw_at_window": lambda actor: commands.withdraw_at_window(
            actor=actor, case_no=case.case_no, evidence={"paper_kept": True}
        ),
    }
    before = kinds(case)
    for attempt in attempts.values():
        for actor in (cast.other_clerk, cast.other_citizen):
            with pytest.raises(CaseRefusal) as refused:
                attempt(actor)
            assert refused.value.code == "case_run_elsewhere"
            assert "全国旅游监管服务平台" in refused.value.message
    take(*course(case)[2:5])
    with pytest.raises(CaseRefusal) as refused:
        commands.deliver_by_download(actor=cast.other_citizen, case_no=case.case_no)
    assert refused.value.code == "case_run_elsewhere"
    assert kinds(case)[: len(before)] == before
    assert queries.possible_acts(cast.other_clerk, Case.objects.get(pk=case.pk)) == ()


def test_desk_and_applicant_see_where_it_is_run_and_what_happened_there(case, cast):
    take(*course(case)[:5])
    desk = log_in(Client(), cast.account("other_clerk")).get(f"/desk/cases/{case.case_no}/").content.decode()
    assert "在部委系统办理" in desk
    assert "审查：信息一致" in desk
    assert "D-4302-000123" in desk
    owner = log_in(Client(), cast.account("other_citizen"))
    mine = owner.get(f"/my/cases/{case.case_no}/").content.decode()
    assert "不用再填一遍" in mine
    assert "D-4302-000123" in mine
    assert "撤回申请" not in mine
    assert queries.my_todo(cast.other_citizen) == []
    tracked = queries.progress(Case.objects.get(pk=case.pk))
    assert [one.title for one in tracked.entries if one.phase == "now"] == ["在全国旅游监管服务平台办理"]
    assert all("信息一致" not in one.note for one in tracked.entries), "whoever has the password only sees the stages"


def test_many_reports_at_once_are_applied_once_each(live_city, cast):
    case = story.submitted(cast.other_citizen, story.ELSEWHERE)
    while outbox.relay():
        pass
    line = course(case)[:4]
    race([partial(take, one) for one in line * 3])
    case.refresh_from_db()
    assert case.state == "decided_granted"
    assert HandOver.objects.get(case=case).applied == 4
    assert kinds(case).count("CaseDecided") == 1


def test_a_report_keeps_its_words_encrypted(case):
    from django.db import connection

    take(replace(report(case, 1, "step"), words="联系王小䶮"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM cases_foreignreport")
        assert "王小䶮".encode() not in bytes(cursor.fetchone()[0])
    assert "王小䶮" not in json.dumps([one.payload for one in chain.events(case.subject)], ensure_ascii=False)


def test_what_the_system_asks_beside_the_guide_is_noted_once_for_supervision(case):
    order = HandOver.objects.get(case=case)
    listed = case.item_version.parsed.materials[1].name
    more = report(case, 1, "correction", words="请补交材料", materials=(listed, "居住证明", "居住证明"))
    take(more, more)
    order.refresh_from_db()
    assert order.applied == 1
    assert [(one.source, one.asked) for one in BeyondGuideReport.objects.all()] == [("system", "居住证明")]
    assert kinds(case).count("BeyondGuideReported") == 1


@pytest.mark.parametrize("materials", ["居住证明", [1], [""], ["x" * 201], ["a"] * 61])
def test_a_report_whose_materials_are_no_short_list_of_names_is_refused(materials):
    body = {"case_no": "1", "seq": 1, "kind": "correction", "at": "2026-01-01T00:00:00+08:00", "unit": "局"}
    assert read_report({**body, "materials": ["居住证明"]}).materials == ("居住证明",)
    with pytest.raises(PartnerRefusedError):
        read_report({**body, "materials": materials})
