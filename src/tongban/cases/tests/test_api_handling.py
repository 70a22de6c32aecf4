"""A body's own system does its officials' acts: in the name of a bound post, by the same rules, kept in two chains."""

from datetime import date
from typing import Any

import pytest

from tongban.base import chain, moment
from tongban.cases.models import Case
from tongban.cases.tests import story
from tongban.cases.tests.test_api import Caller, body, caller, problem
from tongban.catalogue.queries import definition_of
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.models import ApiClient, Appointment
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import NotFound

__all__ = ["body", "caller"]

pytestmark = pytest.mark.usefixtures("city")


class BodysSystem(Caller):
    """The system of one body, with the posts that City IT bound to it."""

    def __init__(self, organisation_id: int) -> None:
        super().__init__("cases:handle", name="部门业务系统")
        ApiClient.objects.filter(pk=self.row.pk).update(organisation=Organisation.objects.get(pk=organisation_id))

    def act(self, post: int | None, number: str, what: str, sent: Any = None, *, key: str = "") -> Any:
        return self.do(post, f"cases/{number}/{what}", sent, key=key)

    def do(self, post: int | None, what: str, sent: Any = None, *, key: str = "", method: str = "post") -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or f"{what}{post}"[-120:]}
        return getattr(self.client, method)(
            f"/api/v1/handling/{what}",
            data=sent or {},
            content_type="application/json",
            headers=headers | ({"Tongban-Post": str(post)} if post else {}),
        )

    def read(self, post: int, what: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Tongban-Post": str(post)}
        return self.client.get(f"/api/v1/handling/{what}", headers=headers)


def post_of(actor: Actor, role: str = "") -> Any:
    return next(one for one in actor.appointments if one.delegated_from is None and role in {"", one.role})


@pytest.fixture
def walk(caller, body):
    number = caller.post("/cases", body).json()["case_no"]
    return story.Walk(Case.objects.get(case_no=number))


def bound(actor: Actor, role: str = "") -> tuple[BodysSystem, int]:
    post = post_of(actor, role)
    system = BodysSystem(post.organisation_id)
    identity.bind_client_post(SYSTEM, client_id=system.row.pk, appointment_id=post.id)
    return system, post.id


def test_a_case_goes_from_receipt_to_result_by_the_systems_of_its_bodies(walk):
    clerk, post = bound(walk.receptionist())
    for what, state in (("receive", "received"), ("accept", "handling")):
        answer = clerk.act(post, walk.no, what)
        assert answer.status_code == 200, answer.content
        assert answer.json()["state"] == state
        assert clerk.act(post, walk.no, what).json() == answer.json()
    while steps := [one for one in walk.open_steps() if one.kind != "approval"]:
        system, held = bound(walk.who(steps[0].role, steps[0].organisation_id))
        points = next(one for one in definition_of(walk.case.item_version).steps if one.key == steps[0].key).checklist
        assert system.act(held, walk.no, f"steps/{steps[0].key}/claim").status_code == 200
        sent = {"agree": True, "opinion": "经审查，符合条件。", "checklist": list(points)}
        answer = system.act(held, walk.no, f"steps/{steps[0].key}/complete", sent)
        assert answer.status_code == 200, answer.content
    if approval := walk.open_steps():
        system, held = bound(walk.who(approval[0].role, approval[0].organisation_id))
        answer = system.act(held, walk.no, "decide", {"granted": True})
        assert answer.json()["state"] == "decided_granted", answer.content
    answer = clerk.act(post, walk.no, "issue")
    assert answer.json()["state"] == "completed", answer.content
    kept = {one.kind: one.actor_ref for one in chain.events(f"case:{walk.no}")}
    assert kept["CaseAccepted"].startswith("staff:")
    acted = [one.payload["act"] for one in chain.events(f"client:{clerk.row.pk}") if one.kind == "ApiClientActed"]
    assert acted == ["receive", "accept", "issue_result"]


def test_without_a_bound_living_post_nothing_is_done(walk, caller):
    holder = walk.receptionist()
    system, post = bound(holder)
    other = next(one for one in Appointment.objects.exclude(pk=post) if one.ended_at is None)
    before = story.world()
    problem(system.act(other.pk, walk.no, "receive"), 404, "post_not_bound")
    assert system.act(None, walk.no, "receive").status_code == 422
    problem(caller.post(f"/handling/cases/{walk.no}/receive", {}), 403, "scope_missing")
    assert story.world() == before
    identity.revoke_client_post(SYSTEM, client_id=system.row.pk, appointment_id=post)
    problem(system.act(post, walk.no, "receive"), 404, "post_not_bound")
    identity.bind_client_post(SYSTEM, client_id=system.row.pk, appointment_id=post)
    Appointment.objects.filter(pk=post).update(valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 2))
    problem(system.act(post, walk.no, "receive"), 404, "post_not_bound")
    walk.case.refresh_from_db()
    assert walk.case.state == "submitted"


def test_policy_and_states_hold_as_at_the_desk(walk, cast):
    system, post = bound(walk.receptionist())
    stranger, theirs = bound(cast.other_officer)
    before = story.world()
    problem(system.act(post, walk.no, "accept"), 409, "case_state")
    problem(system.act(post, "1" * 40, "receive"), 404, "case_not_found")
    problem(stranger.act(theirs, walk.no, "receive"), 404, "case_not_found")
    assert story.world() == before


def test_a_post_of_another_body_is_bound_by_nobody_and_none_by_who_does_not_manage_posts(walk, cast):
    system, post = bound(walk.receptionist())
    foreign = post_of(cast.other_officer)
    with pytest.raises(NotFound):
        identity.bind_client_post(SYSTEM, client_id=system.row.pk, appointment_id=foreign.id)
    for nobody in (cast.officer, cast.citizen):
        with pytest.raises(NotFound):
            identity.bind_client_post(nobody, client_id=system.row.pk, appointment_id=post)
        with pytest.raises(NotFound):
            identity.revoke_client_post(nobody, client_id=system.row.pk, appointment_id=post)


def test_a_system_marks_what_is_wrong_and_notes_an_original():
    walk = story.walk().receive()
    system, post = bound(walk.receptionist())
    headers = {"Authorization": f"Bearer {system.token}", "Tongban-Post": str(post)}

    def shown() -> Any:
        return system.client.get(f"/api/v1/handling/cases/{walk.no}/materials", headers=headers).json()

    given = next(one for one in shown()["items"] if one["source"] == "file")
    assert given["trust_level"] == "C"
    sent = {
        "kind": "material", "key": given["key"], "what": "右下角没有盖章。",
        "file_id": given["file_id"], "page": 1, "box": [0.1, 0.2, 0.3, 0.1],
    }  # fmt: skip
    assert system.act(post, walk.no, "marks", sent).status_code == 200
    (mark,) = shown()["marks"]
    assert {key: mark[key] for key in sent} == sent
    problem(system.act(post, walk.no, "marks", sent | {"page": 299}, key="elsewhere"), 422, "mark_place")
    assert system.act(post, walk.no, f"materials/{given['file_id']}/check-original").status_code == 200
    assert next(one for one in shown()["items"] if one["file_id"] == given["file_id"])["trust_level"] == "B"
    assert system.act(post, walk.no, f"marks/{mark['id']}/remove").status_code == 200
    assert shown()["marks"] == []


@pytest.mark.parametrize(
    ("what", "sent", "state"),
    [
        ("void", {"reason": "申请人重复立件。"}, "voided"),
        ("transfer", {"reason": "依法由上级机关办理。", "to_body": "株洲市市场监督管理局"}, "transferred"),
    ],
)
def test_a_case_is_ended_by_the_system_of_who_leads_the_body_only(walk, what, sent, state):
    taker, taken = bound(walk.receptionist())
    taker.act(taken, walk.no, "receive")
    problem(taker.act(taken, walk.no, what, sent), 403, "case_not_permitted")
    led, post = bound(walk.leading())
    problem(led.act(post, walk.no, what, {**sent, "reason": " "}, key="blank"), 422, "reason_missing")
    answer = led.act(post, walk.no, what, sent)
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == state


def test_a_reviewers_system_sends_a_case_back():
    walk = story.walk().receive().accept()
    walk.complete(walk.open_steps()[0])
    review = walk.open_steps()[0]
    system, post = bound(walk.who(review.role, review.organisation_id), review.role)
    sent = {"to": "examine", "reason": "现场核查记录缺少照片，请补充后重新提交。"}
    problem(
        system.act(post, walk.no, "steps/review/return", sent | {"to": "decide"}, key="wrong"), 422, "return_invalid"
    )
    answer = system.act(post, walk.no, "steps/review/return", sent)
    assert answer.status_code == 200, answer.content
    steps = [(one["key"], one["round"], one["state"]) for one in answer.json()["steps"]]
    assert ("review", 1, "returned") in steps
    assert ("examine", 2, "open") in steps


def test_a_system_sends_back_in_pre_review_and_the_filing_system_completes_it(walk, caller):
    system, post = bound(walk.receptionist())
    sent = {"defects": [{"kind": "field", "key": "name", "what": "请按身份证填写。"}]}
    answer = system.act(post, walk.no, "return-in-pre-review", sent)
    assert (answer.status_code, answer.json()["state"]) == (200, "pre_review_returned"), answer.content
    problem(system.act(post, walk.no, "return-in-pre-review", sent, key="again"), 409, "case_state")
    name = walk.case.form["name"]
    signature = {"method": "人脸识别", "serial": "A-1024"}
    amended = caller.post(f"/cases/{walk.no}/correction", {"form": {"name": name}, "signature": signature})
    assert (amended.status_code, amended.json()["state"]) == (200, "submitted"), amended.content


def test_a_system_serves_by_mail_and_the_applicants_system_follows_it(walk, caller):
    walk.receive().accept().to_decision().decide(granted=False)
    clerk, post = bound(walk.receptionist())
    assert caller.get(f"/cases/{walk.no}/delivery").json()["parcel"] is None
    service = {"address": "株洲市天元区神农大道399号", "delivery": "mail", "recipient": "陈桂兰"}
    chosen = caller.client.put(
        f"/api/v1/cases/{walk.no}/service", data=service, content_type="application/json",
        headers={"Authorization": f"Bearer {caller.token}"},
    )  # fmt: skip
    assert chosen.status_code == 200, chosen.content
    problem(clerk.act(post, walk.no, "parcel", {"carrier": "ems", "tracking_no": "1"}), 422, "parcel_invalid")
    parcel = {"carrier": "ems", "tracking_no": "1012345678901"}
    assert clerk.act(post, walk.no, "parcel", parcel, key="parcel").status_code == 200
    shown = caller.get(f"/cases/{walk.no}/delivery").json()
    assert (shown["parcel"]["tracking_no"], shown["parcel"]["state"]) == ("1012345678901", "accepted")
    end = {"outcome": "returned", "at": moment.now().isoformat(), "note": "已搬走。"}
    assert clerk.act(post, walk.no, "parcel/end", end).status_code == 200
    failed = {
        "way": "visit", "outcome": "absent", "at": moment.now().isoformat(), "place": "津口路", "note": "无人应答。",
    }  # fmt: skip
    assert clerk.act(post, walk.no, "failed-service", failed).status_code == 200
    notice = {"reason": "failed", "account": "邮件退回，上门无人，电话停机，去向不明。"}
    assert clerk.act(post, walk.no, "public-notice", notice).status_code == 200
    everybodys = caller.client.get("/api/v1/public-notices").json()["items"]
    shown = caller.get(f"/cases/{walk.no}/delivery").json()
    assert [one["id"] for one in everybodys] == [shown["notice"]["id"]]
    leaving = {
        "at": moment.now().isoformat(),
        "place": "津口路",
        "reason": "拒绝签收。",
        "recording": "执法记录仪 3 号",
    }
    assert clerk.act(post, walk.no, "leave", leaving).status_code == 200
    shown = caller.get(f"/cases/{walk.no}/delivery").json()
    assert [one["served"] for one in shown["attempts"]] == [False, False, True]
    assert shown["delivered_at"] is not None
    problem(clerk.act(post, walk.no, "parcel/ask"), 409, "already_delivered")
