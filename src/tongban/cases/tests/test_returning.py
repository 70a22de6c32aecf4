"""A case sent back to an earlier step: done again in a new round, with the clock running and nothing lost."""

import pytest

from tongban.base import chain
from tongban.cases import commands, queries, rounds
from tongban.cases.models import CaseStep, InboxEntry
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.catalogue.models import Definition
from tongban.catalogue.queries import definition_of, definitions
from tongban.documents.queries import latest
from tongban.kernel.problems import Invalid, Refusal

pytestmark = pytest.mark.usefixtures("city")
REASON = "现场核查记录缺少后厨照片，请补拍后重新提交。"
ROAD = "road-excavation"


@pytest.fixture
def walk() -> story.Walk:
    """Examined, and before the reviewer."""
    made = story.walk().receive().accept()
    made.complete(made.open_steps()[0])
    return made


def send_back(walk: story.Walk, *, to: str = "examine", reason: str = REASON) -> CaseStep:
    step = walk.open_steps()[0]
    who = walk.who(step.role, step.organisation_id)
    return commands.return_step(actor=who, case_no=walk.no, step_key=step.key, to=to, reason=reason)


def rows(walk: story.Walk) -> list[tuple[str, int, str]]:
    return [(one.key, one.round, one.state) for one in walk.case.steps.all()]


def parallel(monkeypatch: pytest.MonkeyPatch, walk: story.Walk) -> None:
    """Let the road's traffic police and its reviewer both look over what the technical step did."""
    version = walk.case.item_version
    before = definition_of(version)
    after = {"traffic": ("technical",), "review": ("technical",), "decide": ("traffic", "review")}
    steps = tuple(
        one.model_copy(update={"after": after.get(one.key, ()), "kind": "review" if one.key == "traffic" else one.kind})
        for one in before.steps
    )
    changed: Definition = before.model_copy(update={"steps": steps})
    monkeypatch.setitem(definitions._parsed, (version.pk, version.digest), changed)


def test_the_earlier_step_opens_again_and_both_rounds_stay_in_the_file(walk):
    examined = walk.case.steps.get(key="examine")
    again = send_back(walk)
    assert (again.key, again.round, again.state) == ("examine", 2, "open")
    assert rows(walk) == [
        ("examine", 1, "done"),
        ("review", 1, "returned"),
        ("examine", 2, "open"),
        ("review", 2, "waiting"),
        ("decide", 1, "waiting"),
    ]
    returned = walk.case.steps.get(key="review", round=1)
    assert (returned.opinion, returned.agree) == (REASON, None)
    assert returned.done_by_title
    kept = walk.case.steps.get(key="examine", round=1)
    assert (kept.opinion, kept.done_at) == (examined.opinion, examined.done_at)
    walk.case.refresh_from_db()
    assert walk.case.state == "handling"


def test_the_clock_of_the_decision_runs_on(walk):
    before = (walk.case.promised_due_on, walk.case.statutory_due_on)
    send_back(walk)
    walk.case.refresh_from_db()
    assert (walk.case.promised_due_on, walk.case.statutory_due_on) == before
    assert list(commands.rebuild_clocks()) == []


def test_it_waits_in_the_inbox_of_whoever_did_it_and_no_more_in_the_reviewers(walk, cast):
    done_by = walk.case.steps.get(key="examine").done_by
    again = send_back(walk)
    assert again.claimed_by == done_by
    (entry,) = InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True)
    assert (entry.step, entry.claimed_by, entry.state) == (again, done_by, "handling")
    assert entry.step_name.endswith("（第 2 次）")
    assert not queries.inbox(cast.leader).items


def test_it_goes_to_the_post_when_whoever_did_it_no_longer_holds_it(walk, cast):
    walk.case.steps.filter(key="examine").update(done_by=cast.account("other_officer"))
    assert send_back(walk).claimed_by is None


def test_after_the_second_round_the_case_is_decided_and_the_form_tells_both(walk):
    send_back(walk)
    walk.to_decision().decide()
    assert walk.case.state == "decided_granted"
    form = latest(walk.case.subject, "approval_form")
    assert form is not None
    told = [(one["name"], one["result"]) for one in form.envelope["content"]["opinions"]]
    assert [result for _name, result in told] == ["同意", "退回", "同意", "同意", "同意"]
    seen = [one for one in queries.progress(walk.case).entries if one.note == "退回后重新办理"]
    assert [one.phase for one in seen] == ["done"]


def test_the_decider_may_send_it_back_to_any_step_before(walk):
    walk.to_decision()
    send_back(walk, to="review")
    assert rows(walk)[-2:] == [("review", 2, "open"), ("decide", 2, "waiting")]
    walk.to_decision()
    send_back(walk)
    assert rows(walk)[-3:] == [("examine", 2, "open"), ("review", 3, "waiting"), ("decide", 3, "waiting")]


def test_a_neighbour_that_was_looking_at_the_same_work_stops(monkeypatch):
    walk = story.walk(ROAD).receive()
    parallel(monkeypatch, walk)
    walk.accept()
    walk.complete(walk.open_steps()[0])
    assert {one.key for one in walk.open_steps()} == {"traffic", "review"}
    send_back(walk, to="technical")
    assert ("review", 1, "stopped") in rows(walk)
    assert [one.key for one in walk.open_steps()] == ["technical"]
    assert InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True).count() == 1
    walk.complete(walk.open_steps()[0])
    assert {(one.key, one.round) for one in walk.open_steps()} == {("traffic", 2), ("review", 2)}


def test_steps_that_did_not_wait_for_it_are_not_done_again():
    walk = story.walk(ROAD).receive().accept()
    for step in walk.open_steps():
        walk.complete(step)
    send_back(walk, to="technical")
    assert {one.key for one in walk.case.steps.filter(round=2)} == {"technical", "review"}
    assert walk.case.steps.get(key="traffic").state == "done"


@pytest.mark.parametrize(
    ("to", "reason", "wrong"),
    [("decide", REASON, "to"), ("review", REASON, "to"), ("", REASON, "to"), ("examine", " 无 ", "reason")],
)
def test_only_to_an_earlier_step_and_not_without_a_reason(walk, to, reason, wrong):
    before = story.world()
    with pytest.raises(Invalid) as caught:
        send_back(walk, to=to, reason=reason)
    assert set(caught.value.fields) == {wrong}
    assert story.world() == before


def test_a_step_that_only_handles_sends_nothing_back():
    walk = story.walk().receive().accept()
    before = story.world()
    with pytest.raises(Invalid):
        send_back(walk)
    assert story.world() == before


def test_a_step_that_a_colleague_took_is_not_sent_back_by_another(walk, cast):
    CaseStep.objects.filter(case=walk.case, key="review").update(claimed_by=cast.account("leader"))
    before = story.world()
    with pytest.raises(CaseRefusal) as caught:
        send_back(walk)
    assert caught.value.code == "step_claimed"
    assert story.world() == before


def test_sent_back_and_completed_from_two_pages_only_the_first_counts(walk):
    step = walk.open_steps()[0]
    walk.complete(step)
    with pytest.raises(Refusal) as caught:
        commands.return_step(
            actor=walk.who(step.role, step.organisation_id),
            case_no=walk.no, step_key=step.key, to="examine", reason=REASON,
        )  # fmt: skip
    assert caught.value.code == "step_not_open"


def test_the_reason_is_tied_to_the_chain_but_not_in_it(walk):
    send_back(walk)
    event = next(one for one in chain.events(walk.case.subject) if one.kind == "StepReturned")
    assert set(event.payload) == {"step", "back_to", "reason_sha256", "delegated"}
    assert REASON not in str(event.payload)


def test_the_page_offers_earlier_steps_the_nearest_first_and_shows_both_rounds(walk):
    address = f"/desk/cases/{walk.no}/"
    visitor = desk_visit.visitor_as(walk.who("section_head", walk.case.organisation_id))
    assert f"{address}return_step/" in visitor.get(address).content.decode()
    refused = visitor.post(f"{address}return_step/", {"step": "review", "to": "examine", "reason": ""})
    assert refused.status_code == 422
    assert "请写明退回的原因" in refused.content.decode()
    sent = {"step": "review", "to": "examine", "reason": REASON}
    assert visitor.post(f"{address}return_step/", sent).status_code == 302
    page = visitor.get(address).content.decode()
    for words in (REASON, "第 2 次", "退回 · 审核 →"):
        assert words in page


def test_what_stands_before_and_behind_a_step_follows_the_guide():
    road = definition_of(story.walk(ROAD).case.item_version)
    assert rounds.before(road, "decide") == ("technical", "traffic", "review")
    assert rounds.behind(road, "traffic") == ("review", "decide")
    assert rounds.targets(road, "technical", "handling") == ()
