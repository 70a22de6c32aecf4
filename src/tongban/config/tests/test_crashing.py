"""The proof by force can fail: it finds what is lost, doubled or half done."""

import pytest

from tongban.base import outbox
from tongban.cases import commands
from tongban.cases.models import Case
from tongban.cases.models.feed import FeedEntry
from tongban.cases.tests import story
from tongban.config.rehearsal.crashing import Done, _faults
from tongban.documents import queries as documents


@pytest.fixture
def filed(city, cast):
    """A filed case with its file made and its events in the line."""
    del city
    case = story.submitted(cast.citizen)
    for one in documents.documents_of(case.subject):
        documents.pdf(one)
    return case


@pytest.fixture
def told(filed):
    outbox.relay()
    assert FeedEntry.objects.filter(case=filed).exists()
    return filed


def test_whole_acts_are_without_fault(told):
    assert _faults(Done(filed=[told.case_no]), Case.objects.count() - 1) == []


def test_a_lost_act_is_found(told):
    del told
    before = Case.objects.count()
    assert any("不存在" in one for one in _faults(Done(filed=["4302"]), before))


def test_a_case_that_nobody_was_told_of_is_found(told):
    assert any("多出 2 件" in one for one in _faults(Done(filed=[told.case_no]), Case.objects.count() - 2))


def test_a_withdrawal_that_was_acknowledged_and_is_not_there_is_found(told):
    found = _faults(Done(filed=[told.case_no], withdrawn=[told.case_no]), Case.objects.count() - 1)
    assert any("状态" in one for one in found)


def test_events_without_a_place_and_documents_without_a_file_are_found(told, cast):
    commands.withdraw(actor=cast.citizen, case_no=told.case_no, reason="不再需要")
    found = _faults(Done(filed=[told.case_no], withdrawn=[told.case_no]), Case.objects.count() - 1)
    assert any("个位置" in one for one in found)
    assert any("制成文件" in one for one in found)
