"""Every sample of the pack goes from a draft to delivery, with the file complete and the chain whole."""

from datetime import UTC, datetime

import pytest

from tongban.base import chain
from tongban.cases import commands, events, queries
from tongban.cases.event_words import EVENT_LABELS
from tongban.cases.models import CaseStep, Draft, InboxEntry
from tongban.cases.tests import story
from tongban.catalogue.queries import definition_of, fees_for
from tongban.config.rehearsal.samples import samples_of
from tongban.documents.events import DocumentIssued, DocumentOpened, DocumentSealed, DocumentSuperseded, DocumentVoided
from tongban.documents.models import Document
from tongban.documents.queries import by_verify_code
from tongban.licences.queries import of_case
from tongban.notices.models import Message

#: What is run in a system of others has its own tests.
SLUGS = [one.slug for one in samples_of(story.ZHUZHOU) if one.slug != story.ELSEWHERE]
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_sample_runs_from_draft_to_delivery(slug, freeze):
    with freeze(AT):
        applicant = story.applicant_of(slug)
        case = story.walk(slug).to_the_end(applicant).case
    case.refresh_from_db()
    definition = definition_of(case.item_version)
    assert case.state == "completed"
    assert case.delivered_at is not None
    assert case.result_code == "0"
    assert not InboxEntry.objects.filter(case=case, closed_at__isnull=True).exists()
    assert set(CaseStep.objects.filter(case=case).values_list("state", flat=True)) == {"done"}
    assert Draft.objects.get(case=case).case_id == case.pk
    assert chain.verify() == []
    happened = story.kinds(case)
    assert happened[0] == "CaseSubmitted"
    assert happened[-2:] == ["ResultIssued", "ResultDelivered"]
    assert happened.count("StepOpened") == len(definition.steps)
    assert [one.type_id for one in of_case(case.case_no)] == (
        [definition.result.licence_type] if definition.result.kind == "licence" else []
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_every_paper_of_a_whole_case_verifies_and_everything_was_told(slug, freeze):
    with freeze(AT):
        case = story.walk(slug).to_the_end(story.applicant_of(slug)).case
    definition = definition_of(case.item_version)
    papers = {one.kind: one for one in Document.objects.filter(subject=case.subject)}
    wanted = {"application", "receipt", "acceptance", "approval_form", "granted", "delivery_receipt"}
    wanted |= {"licence"} if definition.result.kind == "licence" else set()
    wanted |= {"fee_notice"} if sum(one.amount_fen for one in fees_for(definition, case.answers, case.form)) else set()
    assert set(papers) == wanted
    for one in papers.values():
        public = one.kind != "approval_form"
        assert (by_verify_code(one.verify_code) is not None) == public, one.kind
    told = [one.kind for one in Message.objects.filter(subject_ref=case.subject).order_by("pk")]
    assert [one for one in told if one.startswith("case.")] == [
        f"case.{one}" for one in ("submitted", "received", "accepted", "granted", "completed", "delivered")
    ]


def test_a_window_case_of_somebody_without_account_or_phone_runs_to_delivery():
    version = story.implementation_for(story.sample("resident-pension-enrolment")).current
    clerk = story.receptionist_for(version)
    applicant = commands.Applicant(
        kind="person", name="阿依古丽·买买提", document_kind="414",
        document_number="E12345678", address="株洲市渌口区津口路128号",
    )  # fmt: skip
    ready = story.window_draft(clerk, "resident-pension-enrolment", applicant)
    proof = commands.SignatureProof(
        method="handwritten", sha256=commands.look_over(ready).sha256, evidence={"strokes": [[[0.1, 0.2], [0.3, 0.4]]]}
    )
    done = commands.file_at_window(actor=clerk, draft_id=ready.public_id, proof=proof)
    walk = story.Walk(done.case)
    assert done.case.state == "received"
    assert done.case.channel == "window"
    walk.accept().to_decision().pay().decide().issue().pay()
    walk.case = commands.deliver_at_window(
        actor=walk.receptionist(), case_no=walk.no, collector=story.collector(name="阿依古丽·买买提")
    )
    assert walk.case.delivered_at is not None
    assert queries.track(walk.no, done.query_password, address="203.0.113.9") == walk.case
    assert not Message.objects.filter(subject_ref=walk.case.subject, account__isnull=False).exists()


def test_the_words_for_every_state_act_and_event_are_there():
    assert set(queries.LABELS) == set(queries.State) == set(queries.TONES)
    papers = {one.kind for one in (DocumentIssued, DocumentOpened, DocumentSealed, DocumentSuperseded, DocumentVoided)}
    assert set(EVENT_LABELS) == set(events.KINDS) | papers
