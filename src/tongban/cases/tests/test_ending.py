"""A case that those who lead the body end without a decision: void, or passed on."""

import pytest

from tongban.base import chain, moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, commands, queries
from tongban.cases.models import Case, Decision, InboxEntry
from tongban.cases.tests import desk_visit, story
from tongban.catalogue.queries import definition_of
from tongban.documents.queries import documents_of
from tongban.kernel.problems import Invalid
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")
UPPER = "株洲市市场监督管理局"


@pytest.fixture
def walk() -> story.Walk:
    return story.walk().receive().accept()


def titles(case: Case) -> set[str]:
    return set(Message.objects.filter(subject_ref=case.subject).values_list("title", flat=True))


def stopped(case: Case) -> bool:
    definition = definition_of(case.item_version)
    return clock.decision_clock(
        chain.events(case.subject), definition, work_calendar(case.division_id), moment.now()
    ).stopped


def test_a_void_case_has_code_two_a_written_reason_and_nothing_left_to_do(walk):
    case = commands.void(actor=walk.leading(), case_no=walk.no, reason="申请人重复立件")
    assert (case.state, case.result_code) == ("voided", "2")
    assert Decision.objects.get(case=case).reason == "申请人重复立件"
    paper = next(one for one in documents_of(case.subject) if one.kind == "termination")
    assert paper.envelope["content"]["reason"] == "本件因故作废：申请人重复立件。"
    assert not InboxEntry.objects.filter(case=case, closed_at__isnull=True).exists()
    assert [one.state for one in case.steps.all()] == ["stopped", "waiting", "waiting"]
    assert "办件已作废" in titles(case)


def test_a_case_passed_on_has_code_four_and_the_applicant_is_told_where(walk):
    case = commands.transfer(actor=walk.leading(), case_no=walk.no, to_body=UPPER, reason="依法由上级机关办理")
    assert (case.state, case.result_code) == ("transferred", "4")
    assert chain.events(case.subject)[-1].payload["to_body"] == UPPER
    seen = queries.progress(case)
    assert UPPER in seen.headline
    assert seen.entries[-1].title == "转报其他机关办理"
    assert seen.entries[-1].document is not None
    assert any(UPPER in one for one in Message.objects.filter(subject_ref=case.subject).values_list("body", flat=True))


@pytest.mark.parametrize("end", ["void", "transfer"])
def test_both_clocks_end_with_the_case(walk, end):
    assert not stopped(walk.case)
    extra = {"to_body": UPPER} if end == "transfer" else {}
    case = getattr(commands, end)(actor=walk.leading(), case_no=walk.no, reason="依法终止办理。", **extra)
    assert stopped(case)


@pytest.mark.parametrize("reason", ["", "  无  ", "长" * 501])
def test_no_end_without_a_reason(walk, reason):
    before = story.world()
    with pytest.raises(Invalid):
        commands.void(actor=walk.leading(), case_no=walk.no, reason=reason)
    with pytest.raises(Invalid):
        commands.transfer(actor=walk.leading(), case_no=walk.no, to_body=UPPER, reason=reason)
    assert story.world() == before


def test_a_case_is_passed_to_a_named_body(walk):
    before = story.world()
    with pytest.raises(Invalid) as caught:
        commands.transfer(actor=walk.leading(), case_no=walk.no, to_body=" ", reason="由上级机关办理。")
    assert set(caught.value.fields) == {"to_body"}
    assert story.world() == before


def test_the_desk_offers_both_ends_to_who_leads_the_body_only(walk):
    address = f"/desk/cases/{walk.no}/"
    led = desk_visit.visitor_as(walk.leading()).get(address).content.decode()
    assert f"{address}void/" in led
    assert f"{address}transfer/" in led
    taken = desk_visit.visitor_as(story.receptionist_for(walk.case.item_version)).get(address).content.decode()
    assert f"{address}void/" not in taken


def test_the_desk_passes_a_case_on_and_shows_where(walk):
    visitor = desk_visit.visitor_as(walk.leading())
    address = f"/desk/cases/{walk.no}/"
    refused = visitor.post(f"{address}transfer/", {"to_body": UPPER, "reason": ""})
    assert refused.status_code == 422
    assert UPPER in refused.content.decode()
    assert visitor.post(f"{address}transfer/", {"to_body": UPPER, "reason": "由上级机关办理。"}).status_code == 302
    page = visitor.get(address).content.decode()
    assert "已转报此机关：" in page
    assert UPPER in page
