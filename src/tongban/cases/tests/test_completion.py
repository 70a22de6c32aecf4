"""Every completion code (办结 result): how a case comes to it, what it needs, and what is kept of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tongban.base import moment
from tongban.cases import commands, ends, queries
from tongban.cases.commands import upkeep
from tongban.cases.models import Case, Correction, InboxEntry
from tongban.cases.queries.search import search_by_item, search_cases
from tongban.cases.states import ENDED, ResultCode, State
from tongban.cases.tests import desk_visit, story
from tongban.documents.queries import documents_of, latest
from tongban.kernel.problems import Invalid, Refusal
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")
REASON = "同一份材料录入了两次。"


def notified(walk: story.Walk | None = None) -> story.Walk:
    """A case whose term to complete has passed."""
    walk = (walk or story.walk()).receive()
    walk.notify(next(one.key for one in walk.case.materials.filter(source="file")))
    Correction.objects.filter(case=walk.case).update(due_on=moment.today() - timedelta(days=1))
    return walk


def returned(cast) -> Case:
    walk = notified()
    return commands.return_unanswered(actor=walk.receptionist(), case_no=walk.no, reason="到期没有补正。")


def entered(cast) -> Case:
    """Taken down at a window for somebody."""
    applicant = commands.Applicant.from_json(story.draft(cast.citizen).applicant)
    return story.filed_at_window(cast.clerk, story.window_draft(cast.clerk, story.FOOD, applicant))


def deleted(cast) -> Case:
    return commands.delete_entry(actor=cast.clerk, case_no=entered(cast).case_no, reason=REASON)


def led(end: str, **more: str) -> Callable[..., Case]:
    def made(cast) -> Case:
        walk = story.walk().receive()
        return getattr(commands, end)(actor=walk.leading(), case_no=walk.no, reason=REASON, **more)

    return made


def refused(end: str) -> Callable[..., Case]:
    def made(cast) -> Case:
        walk = story.walk().receive()
        return getattr(commands, end)(actor=walk.receptionist(), case_no=walk.no, reason=REASON, basis="第三十二条")

    return made


def decided(*, granted: bool) -> Callable[..., Case]:
    def made(cast) -> Case:
        walk = story.walk().receive().accept().to_decision().decide(granted=granted)
        return walk.issue().case if granted else walk.case

    return made


#: Every way to every code.
WAYS: list[tuple[str, State, Callable[..., Case]]] = [
    ("0", State.COMPLETED, decided(granted=True)),
    ("1", State.DECIDED_REFUSED, decided(granted=False)),
    ("2", State.VOIDED, led("void")),
    ("3", State.DELETED, deleted),
    ("4", State.TRANSFERRED, led("transfer", to_body="株洲市市场监督管理局")),
    ("5", State.RETURNED, returned),
    ("5", State.WITHDRAWN, lambda cast: commands.withdraw(actor=cast.citizen, case_no=story.walk().no)),
    ("6", State.NOT_ACCEPTED, refused("refuse_acceptance")),
    ("6", State.NO_PERMIT_NEEDED, refused("tell_no_permit_needed")),
]


@pytest.mark.parametrize(("code", "state", "way"), WAYS, ids=[str(state) for _code, state, _way in WAYS])
def test_a_case_ends_with_its_code_and_what_the_code_needs(cast, code, state, way):
    case = way(cast)
    case.refresh_from_db()
    assert (case.result_code, case.state) == (code, state)
    assert case.completed_at is not None
    found = queries.completion_of(queries.access_case(cast.officer, case.case_no))
    assert found is not None
    assert (found.code, found.name) == (code, ends.ENDS[ResultCode(code)].name)
    if ends.ENDS[ResultCode(code)].needs == "certificate":
        assert found.certificates[0].number
        assert found.certificates[0].valid_from == moment.today()
    else:
        assert found.reason
    if code != "0":
        open_kinds = set(InboxEntry.objects.filter(case=case, closed_at__isnull=True).values_list("kind", flat=True))
        assert open_kinds == ({"delivery"} if code == "1" else set())
    assert list(commands.rebuild_clocks()) == []


def test_every_code_and_every_state_at_an_end_has_a_way():
    assert {code for code, _state, _way in WAYS} == {str(one) for one in ResultCode} == {str(one) for one in ends.ENDS}
    assert {state for _code, state, _way in WAYS} == ENDED - {State.ARCHIVED}
    assert frozenset().union(*(one.states for one in ends.ENDS.values())) == ENDED - {State.ARCHIVED}


@pytest.mark.parametrize("code", list(ResultCode))
def test_no_code_without_what_it_needs(code):
    state = min(ends.ENDS[code].states)
    paper = ends.Certificate(name="许可证", number="JY2430212", valid_from=date(2026, 11, 24))
    wrong = {"reason": REASON} if ends.ENDS[code].needs == "certificate" else {"certificate": paper}
    with pytest.raises(ValueError, match="needs"):
        ends.check(code, state, **wrong)
    with pytest.raises(ValueError, match="does not stand"):
        ends.check(code, State.HANDLING, reason=REASON, certificate=paper)
    ends.check(code, state, reason=REASON, certificate=paper)


def test_an_item_without_a_licence_ends_with_the_number_of_the_decision():
    walk = story.walk("resident-pension-enrolment").receive().accept().to_decision().decide().issue()
    paper = latest(walk.case.subject, "granted")
    found = queries.completion_of(walk.case)
    assert paper is not None
    assert found is not None
    assert [one.number for one in found.certificates] == [paper.number]


def test_what_was_not_completed_in_time_comes_back_into_the_inbox_once_and_is_returned(cast):
    walk = notified()
    assert not queries.inbox(cast.officer).items
    assert (commands.show_unanswered(), commands.show_unanswered()) == (1, 0)
    (row,) = queries.inbox(cast.officer).items
    assert row.case_no == walk.no
    case = commands.return_unanswered(actor=cast.officer, case_no=walk.no, reason="到期没有补正。")
    paper = latest(case.subject, "termination")
    assert paper is not None
    assert paper.envelope["content"]["cause"] == "overdue"
    assert Message.objects.filter(subject_ref=case.subject, kind="case.returned").exists()
    assert not queries.inbox(cast.officer).items
    assert commands.show_unanswered() == 0
    assert "退件" in queries.headline(case)


def test_however_many_are_overdue_all_come_back_in_one_night(monkeypatch):
    numbers = {notified().no for _ in range(3)}
    monkeypatch.setattr(upkeep, "BATCH", 2)
    assert commands.show_unanswered() == 3
    assert set(InboxEntry.objects.filter(closed_at__isnull=True).values_list("case_no", flat=True)) == numbers


def test_completed_after_it_came_back_it_stands_in_the_inbox_once(cast):
    walk = notified()
    commands.show_unanswered()
    key = walk.case.correction.defects[0]["key"]
    walk.answer(cast.citizen, {key: [story.upload(cast.citizen)]}, {})
    assert [one.case_no for one in queries.inbox(cast.officer).items] == [walk.no]


def test_nothing_is_returned_before_the_term_has_passed():
    walk = notified()
    Correction.objects.filter(case=walk.case).update(due_on=moment.today())
    before = story.world()
    with pytest.raises(Refusal) as caught:
        commands.return_unanswered(actor=walk.receptionist(), case_no=walk.no, reason="到期没有补正。")
    assert caught.value.code == "correction_not_overdue"
    assert commands.show_unanswered() == 0
    assert story.world() == before


def test_an_entry_made_in_error_leaves_the_lists_is_kept_and_found_by_its_number(cast):
    case = deleted(cast)
    name = commands.Applicant.from_json(case.applicant).name
    assert [one.kind for one in documents_of(case.subject)].count("termination") == 1
    assert case.materials.exists()
    for words in (name, case.applicant["document_number"]):
        assert not search_cases(cast.clerk, words=words).items
    assert not search_by_item(cast.clerk, words=case.item_name).items
    assert [one.case_no for one in search_cases(cast.clerk, words=case.case_no).items] == [case.case_no]
    assert not queries.my_cases(cast.citizen).items
    by_number = queries.my_cases(cast.citizen, filters=queries.MyFilters(text=case.case_no))
    assert [one.case_no for one in by_number.items] == [case.case_no]
    page = desk_visit.visitor_as(cast.clerk).get(f"/desk/cases/{case.case_no}/").content.decode()
    assert "已删除（录入错误）" in page
    assert REASON in page


def test_whom_an_entry_made_in_error_names_is_told(cast):
    case = deleted(cast)
    assert Message.objects.get(subject_ref=case.subject, kind="case.entry_deleted").title == "一件录入错误的办件已删除"


def test_only_who_entered_it_takes_it_back_and_not_after_acceptance(cast):
    case = entered(cast)
    before = story.world()
    for other in (cast.officer, cast.leader):
        with pytest.raises(Refusal) as caught:
            commands.delete_entry(actor=other, case_no=case.case_no, reason=REASON)
        assert caught.value.code == "case_not_permitted"
    with pytest.raises(Invalid):
        commands.delete_entry(actor=cast.clerk, case_no=case.case_no, reason=" ")
    assert story.world() == before
    commands.accept(actor=cast.clerk, case_no=case.case_no)
    with pytest.raises(Refusal) as caught:
        commands.delete_entry(actor=cast.clerk, case_no=case.case_no, reason=REASON)
    assert caught.value.code == "case_state"


def test_the_desk_offers_both_ends_only_where_they_may_be_done(cast):
    walk = notified()
    address = f"/desk/cases/{walk.no}/"
    visitor = desk_visit.visitor_as(cast.officer)
    page = visitor.get(address).content.decode()
    assert f"{address}return_unanswered/" in page
    assert f"{address}delete_entry/" not in page
    assert visitor.post(f"{address}return_unanswered/", {"reason": ""}).status_code == 422
    assert visitor.post(f"{address}return_unanswered/", {"reason": "到期没有补正。"}).status_code == 302
    assert "办结代码 5" in visitor.get(address).content.decode()
    own = entered(cast)
    mine = f"/desk/cases/{own.case_no}/"
    clerk = desk_visit.visitor_as(cast.clerk)
    assert f"{mine}delete_entry/" in clerk.get(mine).content.decode()
    assert clerk.post(f"{mine}delete_entry/", {"reason": REASON}).status_code == 302
