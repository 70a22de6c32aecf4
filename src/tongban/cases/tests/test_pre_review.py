"""Sent back before receipt: the list is the one notice, and the five working days neither stop nor begin anew."""

from datetime import UTC, date, datetime

import pytest

from tongban.base import chain, moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, commands, queries
from tongban.cases.models import Case, Correction, InboxEntry, Signature
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.documents.queries import latest
from tongban.files.models import StoredFile
from tongban.kernel.problems import Invalid, Refusal
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday 09:00 in Zhuzhou
LAST = date(2026, 12, 1)  # the fifth working day
SIXTH = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def walk(freeze):
    with freeze(AT):
        return story.walk()


def key_of(case: Case) -> str:
    return next(one.key for one in case.materials.filter(source="file"))


def send_back(walk: story.Walk, *, field: str = "") -> str:
    key = key_of(walk.case)
    walk.notify(key, field=field, in_pre_review=True)
    return key


def amend(walk: story.Walk, applicant, key: str, file: StoredFile | None = None) -> None:
    walk.answer(applicant, {key: [file or story.upload(applicant)]}, {})


def refused(attempt) -> Refusal:
    before = story.world()
    with pytest.raises(Refusal) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def entries(walk: story.Walk) -> list[InboxEntry]:
    return list(InboxEntry.objects.filter(case=walk.case, closed_at__isnull=True))


def test_the_list_is_the_one_notice_and_the_limit_stays_where_it_was(walk, freeze):
    before = entries(walk)
    with freeze(AT):
        send_back(walk, field="area")
    notice = Correction.objects.get(case=walk.case)
    assert (walk.case.state, walk.case.due_acceptance_on) == ("pre_review_returned", LAST)
    assert (len(notice.defects), notice.in_pre_review, notice.answered_at) == (2, True, None)
    paper = latest(walk.case.subject, "correction")
    assert paper is not None
    assert paper.envelope["content"]["acceptance_due_on"] == LAST.isoformat()
    assert Message.objects.get(subject_ref=walk.case.subject, kind="case.pre_review_returned").title
    # No hidden queue: it stays in the same inboxes, due on the same day.
    after = entries(walk)
    assert [one.pk for one in after] == [one.pk for one in before]
    assert {(one.state, one.due_on) for one in after} == {("pre_review_returned", LAST)}


def test_the_applicant_completes_it_under_the_same_number_which_is_no_fresh_receipt(walk, cast, freeze):
    with freeze(AT):
        key = send_back(walk)
    with freeze(datetime(2026, 11, 27, 1, 0, tzinfo=UTC)):
        assert [(one.kind, one.case) for one in queries.my_todo(cast.citizen)] == [("correct", walk.case)]
        assert "补齐材料" in queries.headline(walk.case)
        amend(walk, cast.citizen, key)
        assert (walk.case.state, walk.case.due_acceptance_on) == ("submitted", LAST)
        assert story.kinds(walk.case) == ["CaseSubmitted", "PreReviewReturned", "ApplicationAmended"]
        assert Signature.objects.filter(case=walk.case, purpose="correction").count() == 1
        assert walk.case.materials.filter(key=key, current=True).count() == 1
        assert walk.case.materials.filter(key=key, current=False).exists()
        walk.receive()
        assert (walk.case.received_at, walk.case.due_acceptance_on) == (walk.case.submitted_at, LAST)
        assert list(commands.rebuild_clocks()) == []


def test_a_second_notice_is_impossible_both_ways(walk, cast, freeze):
    with freeze(AT):
        key = send_back(walk)
        amend(walk, cast.citizen, key)
        assert refused(lambda: send_back(walk)).code == "correction_once"
        offered = {one.act for one in queries.possible_acts(walk.receptionist(), walk.case)}
        assert not offered & {queries.Act.RETURN_IN_PRE_REVIEW, queries.Act.REQUEST_CORRECTION}
        walk.receive()
        assert refused(lambda: walk.notify(key)).code == "correction_once"


def test_after_a_notice_upon_receipt_nothing_is_sent_back_in_pre_review(walk, freeze):
    with freeze(AT):
        walk.receive()
        assert refused(lambda: send_back(walk)).code == "case_state"


def test_the_five_days_run_while_it_lies_with_the_applicant(walk, freeze):
    with freeze(AT):
        send_back(walk)
    with freeze(SIXTH):
        read = clock.acceptance_clock(
            chain.events(walk.case.subject), work_calendar(walk.case.division_id), moment.now()
        )
        assert (read.due, read.stopped) == (LAST, False)
        assert list(commands.rebuild_clocks()) == []


def test_on_the_sixth_day_the_body_still_has_it_late_and_takes_it_as_it_is(walk, cast, freeze):
    with freeze(AT):
        key = send_back(walk)
    with freeze(SIXTH):
        (row,) = queries.inbox(cast.officer).items
        assert (row.case_no, row.due_on) == (walk.no, LAST)
        walk.receive()
        assert walk.case.received_at == walk.case.submitted_at
        # What was to be completed is the body's decision now.
        file = story.upload(cast.citizen)
        assert refused(lambda: amend(walk, cast.citizen, key, file)).code == "case_state"
        walk.accept()
        assert walk.case.state == "handling"


def test_completed_after_the_five_days_it_is_late_at_once(walk, cast, freeze):
    with freeze(AT):
        key = send_back(walk)
    with freeze(SIXTH):
        amend(walk, cast.citizen, key)
        assert {one.due_on for one in entries(walk)} == {LAST}
        assert walk.case.due_acceptance_on == LAST


def test_what_a_window_took_is_not_sent_back_in_pre_review(walk, freeze):
    Case.objects.filter(pk=walk.case.pk).update(channel="window")
    with freeze(AT):
        assert refused(lambda: send_back(walk)).code == "pre_review_online_only"
        walk.case.refresh_from_db()
        acts = {one.act for one in queries.possible_acts(walk.receptionist(), walk.case)}
        assert queries.Act.RETURN_IN_PRE_REVIEW not in acts


def test_nothing_is_named_that_the_guide_does_not_ask(walk):
    defect = commands.Defect(kind="material", key="bank_statement", what="请补银行流水。")
    before = story.world()
    with pytest.raises(Invalid):
        commands.return_in_pre_review(actor=walk.receptionist(), case_no=walk.no, defects=[defect])
    assert story.world() == before


def test_it_is_completed_at_a_window_too(walk, freeze):
    with freeze(AT):
        key = send_back(walk)
        case = commands.correct_at_window(
            actor=walk.receptionist(), case_no=walk.no, form={}, materials={}, paper=[key],
            evidence={"paper_kept": True},
        )  # fmt: skip
        assert (case.state, case.due_acceptance_on) == ("submitted", LAST)


def test_marks_of_the_clerk_begin_the_list_before_receipt_as_after(walk):
    key = key_of(walk.case)
    taker = walk.receptionist()
    commands.mark_defect(actor=taker, case_no=walk.no, kind="material", key=key, what="右下角没有盖章。")
    send_back(walk)
    assert [one.told_at is not None for one in walk.case.marks.all()] == [True]
    with pytest.raises(CaseRefusal):
        commands.mark_defect(actor=taker, case_no=walk.no, kind="material", key=key, what="又发现一处。")


def test_the_desk_sends_back_and_shows_the_list(walk):
    visitor = desk_visit.visitor_as(walk.receptionist())
    address = f"/desk/cases/{walk.no}/"
    page = visitor.get(address).content.decode()
    assert f"{address}return_in_pre_review/" in page
    assert "不因退回停止" in page
    refusal = visitor.post(f"{address}return_in_pre_review/", {})
    assert refusal.status_code == 422
    sent = {f"what.material.{key_of(walk.case)}": "请补盖公章后重新上传。"}
    assert visitor.post(f"{address}return_in_pre_review/", sent).status_code == 302
    page = visitor.get(address).content.decode()
    for words in ("预审退回，一次性告知", "请补盖公章后重新上传。", f"{address}receive/"):
        assert words in page
