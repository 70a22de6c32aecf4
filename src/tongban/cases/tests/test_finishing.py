"""Decision, result, delivery, withdrawal: once each, in writing, paid for where the guide says so."""

from datetime import UTC, date, datetime

import pytest

from tongban.base import chain
from tongban.cases import commands, queries
from tongban.cases.models import Case, Decision, Delivery
from tongban.cases.refusals import CaseRefusal
from tongban.cases.results import validity_end
from tongban.cases.tests import story
from tongban.documents.queries import by_verify_code, documents_of, latest
from tongban.kernel.problems import Invalid, NotFound, Refusal
from tongban.licences.models import Licence
from tongban.licences.queries import of_case
from tongban.payments.models import Bill

pytestmark = pytest.mark.usefixtures("city")

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ROAD = "road-excavation"


def refused(kind: type[Refusal], attempt) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def granted(slug: str = story.FOOD) -> story.Walk:
    return story.walk(slug).receive().accept().to_decision().decide()


# The decision.


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        ({}, {"reason", "basis"}),
        ({"reason": "不行", "basis": "第三十八条"}, {"reason"}),
        ({"reason": "场所不符合条件。"}, {"basis"}),
        ({"reason": "长" * 2001, "basis": "第三十八条"}, {"reason"}),
    ],
)
def test_a_refusal_needs_reason_and_basis(cast, words, fields):
    walk = story.walk().receive().accept().to_decision()
    found = refused(Invalid, lambda: commands.decide(actor=cast.leader, case_no=walk.no, granted=False, **words))
    assert set(found.fields) == fields


def test_a_refusal_tells_reason_basis_and_remedies_and_ends_the_case(cast):
    walk = story.walk().receive().accept().to_decision().decide(granted=False)
    assert (walk.case.state, walk.case.result_code) == ("decided_refused", "1")
    assert Decision.objects.get(case=walk.case).kind == "refused"
    paper = latest(walk.case.subject, "refused")
    assert paper is not None
    text = str(paper.envelope)
    definition = story.definition_of(walk.case.item_version)
    for words in ("场所不符合条件", "第三十八条", definition.remedies.review_body, definition.remedies.court):
        assert words in text
    assert refused(CaseRefusal, walk.issue).code == "case_state"
    assert not Licence.objects.filter(case_no=walk.no).exists()
    walk.download(cast.citizen)
    assert walk.case.delivered_at is not None
    assert walk.case.state == "decided_refused"


@pytest.mark.parametrize("act", ["refuse_acceptance", "tell_no_permit_needed"])
def test_refusing_acceptance_needs_words_of_the_law_and_ends_the_case(cast, act):
    walk = story.walk().receive()
    command = getattr(commands, act)
    found = refused(Invalid, lambda: command(actor=cast.officer, case_no=walk.no, reason=" ", basis=""))
    assert set(found.fields) == {"reason", "basis"}
    case = command(
        actor=cast.officer, case_no=walk.no, reason="不属于本机关职权范围。", basis="《行政许可法》第三十二条"
    )
    assert case.result_code == "6"
    assert case.completed_at is not None
    assert not case.inbox_entries.filter(closed_at__isnull=True).exists()
    assert latest(case.subject, {"refuse_acceptance": "acceptance_refusal"}.get(act, "no_permit_needed")) is not None


# The result.


def test_the_licence_says_what_was_applied_for_and_how_long_it_holds(freeze):
    with freeze(AT):
        walk = granted().issue()
    (licence,) = of_case(walk.no)
    assert licence.valid_from == date(2026, 11, 24)
    assert licence.valid_to == date(2031, 11, 23)  # sixty months, the last day included
    assert licence.issuer_id == walk.case.organisation_id
    text = str(licence.fields)
    assert "渌口区陈记面馆" in licence.holder_name
    assert "86.5" in text or "津口路" in text
    assert (walk.case.state, walk.case.result_code) == ("completed", "0")
    (event,) = [one for one in chain.events(walk.case.subject) if one.kind == "ResultIssued"]
    assert event.payload["licence"] == licence.licence_id
    assert event.payload["on_time"] is True


def test_a_licence_that_ends_on_a_day_of_the_form_does(freeze):
    with freeze(AT):
        walk = granted(ROAD).issue()
    (licence,) = of_case(walk.no)
    assert licence.valid_to == date(2026, 12, 16)
    assert licence.number.startswith("株挖许字〔2026〕第")


def test_a_second_issue_is_impossible():
    walk = granted().issue()
    found = refused(CaseRefusal, walk.issue)
    assert found.code == "case_state"
    assert Licence.objects.filter(case_no=walk.no).count() == 1


def test_numbers_of_licences_run_on():
    numbers = [of_case(granted(ROAD).issue().no)[0].number for _ in range(2)]
    assert len(set(numbers)) == 2


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 24), 60, date(2031, 11, 23)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 1, 1), None, None),
    ],
)
def test_a_validity_of_months_ends_the_day_before(start, months, end):
    assert validity_end(start, months) == end


# Fees.


def test_an_open_fee_blocks_the_download_and_the_window_until_it_is_paid(cast):
    walk = granted(ROAD).issue()
    (bill,) = Bill.objects.filter(subject=walk.case.subject)
    assert bill.state == "open"
    assert bill.amount_fen == 28000 * 125 // 10 + 15000 * 30
    for attempt in (lambda: walk.download(cast.operator), walk.hand_out):
        assert refused(CaseRefusal, attempt).code == "fee_unpaid"
    walk.pay()
    assert walk.download(cast.operator).case.delivered_at is not None


def test_a_fee_before_the_decision_blocks_the_grant_but_not_a_refusal():
    walk = story.walk("id-card-replacement").receive().accept().to_decision()
    assert Bill.objects.filter(subject=walk.case.subject, state="open").exists()
    assert refused(CaseRefusal, walk.decide).code == "fee_unpaid"
    with story.undone():
        assert walk.decide(granted=False).case.state == "decided_refused"
    assert walk.pay().decide().case.state == "decided_granted"


def test_nothing_is_owed_for_what_was_withdrawn_and_paid_money_stays_on_the_books():
    walk = story.walk("id-card-replacement").receive().accept()
    applicant = story.applicant_of("id-card-replacement")
    with story.undone():
        commands.withdraw(actor=applicant, case_no=walk.no)
        assert set(Bill.objects.filter(subject=walk.case.subject).values_list("state", flat=True)) == {"void"}
    walk.pay()
    commands.withdraw(actor=applicant, case_no=walk.no)
    assert set(Bill.objects.filter(subject=walk.case.subject).values_list("state", flat=True)) == {"paid"}


# Delivery.


def test_without_consent_nothing_is_served_electronically(cast):
    ready = story.draft(cast.citizen)
    commands.save_service(
        actor=cast.citizen,
        draft_id=ready.public_id,
        service=commands.Service(address="株洲市渌口区津口路128号", delivery="window"),
    )
    ready = queries.access_draft(cast.citizen, ready.public_id)
    case = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=story.proof(ready)).case
    walk = story.Walk(case).receive().accept().to_decision().decide().issue()
    assert refused(CaseRefusal, lambda: walk.download(cast.citizen)).code == "no_electronic_consent"
    assert walk.hand_out().case.delivered_at is not None


def test_a_thing_is_handed_out_and_not_downloaded():
    walk = story.walk("id-card-replacement").receive().accept().to_decision().pay().decide().issue()
    found = refused(CaseRefusal, lambda: walk.download(story.applicant_of("id-card-replacement")))
    assert found.code == "not_electronic"
    walk.hand_out()


def test_a_second_download_changes_nothing(cast):
    walk = granted().issue().download(cast.citizen)
    before = story.world()
    walk.download(cast.citizen)
    assert story.world() == before
    assert refused(CaseRefusal, walk.hand_out).code == "already_delivered"


def test_a_result_collected_at_the_window_is_signed_for(cast):
    walk = granted().issue().hand_out()
    delivery = Delivery.objects.get(case=walk.case)
    assert delivery.method == "window"
    assert delivery.collector["document_number"] == "430212197803120021"
    assert delivery.handed_over_by_id == walk.receptionist().account_id
    paper = latest(walk.case.subject, "delivery_receipt")
    assert paper is not None
    text = str(paper.envelope)
    assert "430212197803120021" not in text
    assert "0.4" in text
    for one in documents_of(walk.case.subject):
        if one.kind in {"granted", "licence"}:
            assert one.title in text


def test_a_result_collected_against_a_scanned_paper_keeps_the_scan(cast):
    walk = granted().issue()
    scan = story.upload(walk.receptionist(), "送达回证")
    walk.hand_out(strokes=(), paper=scan, relation="agent", name="王小䶮")
    scan.refresh_from_db()
    assert (scan.owner_kind, scan.owner_ref) == ("case", walk.no)
    assert Delivery.objects.get(case=walk.case).signature_file == scan


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"document_number": "430212197803120022"}, "document_number"),
        ({"document_kind": "999"}, "document_number"),
        ({"strokes": ()}, "signature"),
    ],
)
def test_a_collector_without_name_document_or_signature_gets_nothing(changes, field):
    walk = granted().issue()
    assert field in refused(Invalid, lambda: walk.hand_out(**changes)).fields


def test_a_scan_of_somebody_else_is_no_signature(cast):
    walk = granted().issue()
    foreign = story.upload(cast.citizen)
    assert refused(NotFound, lambda: walk.hand_out(strokes=(), paper=foreign)).code == "file_not_found"


def test_nothing_is_delivered_before_there_is_something(cast):
    walk = granted()
    assert refused(CaseRefusal, lambda: walk.download(cast.citizen)).code == "case_state"
    assert refused(CaseRefusal, walk.hand_out).code == "case_state"


def test_withdrawing_gives_a_paper_with_the_reason_and_is_not_possible_after_the_decision(cast):
    walk = story.walk().receive()
    with story.undone():
        commands.withdraw(actor=cast.citizen, case_no=walk.no, reason="店面转让，不再开业。")
        case = Case.objects.get(case_no=walk.no)
        assert (case.state, case.result_code) == ("withdrawn", "5")
        paper = latest(case.subject, "termination")
        assert paper is not None
        assert by_verify_code(paper.verify_code) is not None
        assert "店面转让" in str(paper.envelope)
    assert (
        refused(Invalid, lambda: commands.withdraw(actor=cast.citizen, case_no=walk.no, reason="长" * 501)).code
        == "reason_too_long"
    )
    walk.accept().to_decision().decide()
    assert refused(CaseRefusal, lambda: commands.withdraw(actor=cast.citizen, case_no=walk.no)).code == "case_state"
