"""Issuing, voiding, replacing, making the file: numbers, events, exactly one file, who reads."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import (
    IntegrityError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from procrastinate.contrib.django.models import ProcrastinateJob

from tongban.base import chain
from tongban.directory import commands as directory
from tongban.directory.models import OrganisationSuccession
from tongban.documents import commands, queries, registries, settings, verify_code
from tongban.documents.jobs import render_document
from tongban.documents.kinds import KINDS
from tongban.documents.models import AgencyWord, Document, DocumentFile, DocumentReading
from tongban.documents.queries import problems
from tongban.documents.refusals import DocumentRefusal
from tongban.documents.sealing.inspection import inspect
from tongban.documents.sealing.signer import SealingError
from tongban.documents.tests.conftest import AT, make_body
from tongban.documents.tests.samples import CONTENTS
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.problems import NotFound

SUBJECT = "case:11430212MB1F07267M4000131016000202611120068"
CLERK = Actor(kind="staff", account_id=7)
CITIZEN = Actor(kind="citizen", account_id=5)
OTHER = Actor(kind="citizen", account_id=6)


def issue(body, kind="acceptance", at=AT, subject=SUBJECT, **changes):
    return commands.issue(
        actor=CLERK, kind=kind, organisation=body, subject=subject, content=CONTENTS[kind] | changes, at=at
    )


@pytest.fixture
def access(monkeypatch):
    """Access as cases would grant it: citizen 5 is the applicant, staff 7 the body."""

    class Case(registries.DocumentAccess):
        def relations(self, actor, document):  # noqa: ARG002
            return {("citizen", 5): frozenset({"applicant"}), ("staff", 7): frozenset({"body"})}.get(
                (actor.kind, actor.account_id), frozenset()
            )

    monkeypatch.setattr(registries.access, "_things", {"case": Case()})


def test_numbers_run_by_body_kind_and_year(body):
    AgencyWord.objects.create(organisation=body, word="株渌市监")
    numbers = [issue(body).number for _ in range(3)]
    assert numbers == [f"株渌市监许受〔2026〕{n}号" for n in (1, 2, 3)]
    assert issue(body, "receipt").number == "株渌市监许收〔2026〕1号"
    assert issue(body, permit=False).number == "株渌市监受〔2026〕1号"
    # 2027 begins in Shanghai while it is still 2026 in UTC.
    assert issue(body, at=dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC)).number == "株渌市监许受〔2027〕1号"


def test_a_body_without_a_word_uses_its_short_name_and_never_that_of_another(body):
    twin = make_body("11430202MB1A00000A", "430202:scjgj", "另一个局", body.short_name)
    assert issue(body).number.startswith("渌口区市场监管局许受")
    assert issue(twin).number.startswith("另一个局许受")


def test_a_number_rolled_back_is_given_again(body):
    with transaction.atomic():
        assert issue(body).number_serial == 1
        transaction.set_rollback(True)
    assert issue(body).number_serial == 1


def test_void_numbers_stay_in_the_register(body):
    first, second = issue(body), issue(body)
    commands.void(actor=CLERK, document=first, reason="受理日期写错")
    assert issue(body).number_serial == 3
    register = queries.register(second.book, 2026)
    assert [(one.number_serial, one.state) for one in register] == [(1, "void"), (2, "issued"), (3, "issued")]
    assert commands.void(actor=CLERK, document=first, reason="再次").state_reason == "受理日期写错"
    with pytest.raises(DocumentRefusal, match="reason_missing"):
        commands.void(actor=CLERK, document=second, reason="  ")
    assert queries.standing(second, dt.date(2026, 11, 18)).valid


def test_two_documents_cannot_bear_one_number(body):
    one, two = issue(body), issue(body)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=two.pk).update(number_serial=one.number_serial)


def test_issuing_tells_the_chain_without_personal_data(body):
    document = issue(body, "application")
    (event,) = [one for one in chain.events(SUBJECT) if one.kind == "DocumentIssued"]
    assert event.payload["content_sha256"] == document.content_sha256
    assert event.actor_ref == "staff:7"
    assert CONTENTS["application"]["applicant_code"] not in str(event.payload)


def test_words_are_encrypted_at_rest(body):
    document = issue(body)
    commands.render(document.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT envelope, (SELECT pdf FROM documents_documentfile) FROM documents_document")
        envelope, pdf = (bytes(one) for one in cursor.fetchone())
    assert "陈".encode() not in envelope
    assert b"%PDF" not in pdf


def test_content_that_does_not_fit_is_refused_and_nothing_is_left(body):
    with pytest.raises(ValueError, match="accepted_on") as caught:
        issue(body, accepted_on="PERSONAL-INPUT")
    assert "PERSONAL-INPUT" not in str(caught.value)
    with pytest.raises(ValueError, match="unknown kind"):
        commands.issue(actor=CLERK, kind="nothing", organisation=body, subject=SUBJECT, content={}, at=AT)
    with pytest.raises(ValueError, match="surprise"):
        issue(body, surprise="x")
    assert not Document.objects.exists()
    assert chain.events(SUBJECT) == []
    assert issue(body).number_serial == 1


def test_the_file_is_made_once_sealed_and_kept(body, pdfsig):
    document = issue(body)
    first = commands.render(document.pk)
    assert commands.render(document.pk).sha256 == first.sha256
    assert queries.pdf(document) == bytes(first.pdf)
    assert DocumentFile.objects.count() == 1
    assert "Signature is Valid" in pdfsig(queries.pdf(document))
    found = inspect(queries.pdf(document), settings.signer().trusted_roots())
    assert found.valid
    assert found.signed_at == AT
    (event,) = [one for one in chain.events(SUBJECT) if one.kind == "DocumentSealed"]
    assert event.payload["file_sha256"] == first.sha256


def test_the_worker_may_be_slow(body, monkeypatch):
    document = issue(body)
    assert not DocumentFile.objects.exists()
    assert queries.pdf(document).startswith(b"%PDF")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_issued_and_rendered(body, kind):
    document = issue(body, kind)
    made = commands.render(document.pk)
    assert bool(made.signer) == KINDS[kind].sealed
    assert bool(document.number) == bool(KINDS[kind].number_word)


def test_the_database_refuses_to_change_a_file(body):
    document = issue(body)
    commands.render(document.pk)
    with pytest.raises(ProgrammingError), transaction.atomic():
        DocumentFile.objects.filter(document=document).update(sha256="0" * 64)
    with pytest.raises(ProgrammingError), transaction.atomic():
        DocumentFile.objects.all()._raw_delete("default")


def test_many_at_once_leave_one_file(live_database):
    document = issue(make_body())
    barrier, found = threading.Barrier(4), []

    def make():
        barrier.wait()
        found.append(commands.render(document.pk).sha256)
        connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert DocumentFile.objects.count() == 1
    assert [one.kind for one in chain.events(SUBJECT)].count("DocumentSealed") == 1


def test_many_at_once_take_numbers_without_gaps(live_database):
    body = make_body()
    barrier, errors = threading.Barrier(5), []

    def make(number):
        barrier.wait()
        try:
            for turn in range(4):
                with transaction.atomic():
                    issue(body, subject=f"case:{number}")
                    if turn == 1:
                        transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        connections.close_all()

    threads = [threading.Thread(target=make, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    serials = Document.objects.order_by("number_serial").values_list("number_serial", flat=True)
    assert list(serials) == list(range(1, 16))


def test_a_successor_takes_over_name_number_book_and_seal(body):
    new = make_body("11430212MB1A00000A", "430212:xin", "株洲市渌口区综合监管局", "渌口区综合监管局")
    OrganisationSuccession.objects.create(old=body, new=new, on=dt.date(2026, 11, 17), basis="机构改革方案")
    before = issue(body, at=dt.datetime(2026, 11, 16, 2, tzinfo=dt.UTC))
    after = issue(body)
    assert (before.organisation, after.organisation) == (body, new)
    assert after.number == "渌口区综合监管局许受〔2026〕1号"
    assert after.envelope["organisation"] == "株洲市渌口区综合监管局"
    assert "综合监管局" in inspect(queries.pdf(after), settings.signer().trusted_roots()).signer
    assert hasattr(directory, "merge_organisations")


def test_nobody_issues_for_a_body_that_is_gone(body):
    body.valid_to = dt.date(2026, 1, 1)
    body.save()
    with pytest.raises(DocumentRefusal, match="no_acting_body"):
        issue(body)
    assert not Document.objects.exists()


def test_a_replaced_document_leads_to_its_successor(body):
    old, new = issue(body), issue(body)
    commands.supersede(actor=CLERK, document=old, by=new)
    assert commands.supersede(actor=CLERK, document=old, by=new).state == "superseded"
    assert not queries.standing(Document.objects.get(pk=old.pk), dt.date(2026, 11, 18)).valid
    assert queries.latest(SUBJECT, "acceptance") == new
    with pytest.raises(DocumentRefusal, match="not_a_successor"):
        commands.supersede(actor=CLERK, document=new, by=new)
    with pytest.raises(DocumentRefusal, match="document_superseded"):
        commands.void(actor=CLERK, document=old, reason="x")


def test_absent_and_forbidden_look_alike_and_readings_are_noted(body, access):
    document = issue(body)
    for actor in (OTHER, Actor(kind="visitor"), Actor(kind="client", client_id=1)):
        with pytest.raises(NotFound) as forbidden:
            commands.open_copy(actor=actor, public_id=document.public_id)
        with pytest.raises(NotFound) as absent:
            commands.open_copy(actor=actor, public_id=uuid.uuid4())
        assert str(forbidden.value) == str(absent.value)
    assert not DocumentReading.objects.exists()
    copy = commands.open_copy(actor=CITIZEN, public_id=document.public_id)
    assert copy.pdf == queries.pdf(document)
    assert copy.filename.startswith("受理通知书")
    assert [one.actor_ref for one in DocumentReading.objects.all()] == ["citizen:5"]


def test_internal_papers_are_for_the_body_alone(body, access):
    form = issue(body, "approval_form")
    with pytest.raises(NotFound):
        commands.open_copy(actor=CITIZEN, public_id=form.public_id)
    assert commands.open_copy(actor=CLERK, public_id=form.public_id).pdf
    assert queries.documents_readable(CITIZEN, SUBJECT) == []
    assert queries.documents_readable(CLERK, SUBJECT) == [form]
    assert queries.by_verify_code(form.verify_code) is None


def test_without_somebody_who_answers_nobody_reads(body, monkeypatch):
    monkeypatch.setattr(registries.access, "_things", {})
    document = issue(body)
    with pytest.raises(NotFound):
        commands.open_copy(actor=CLERK, public_id=document.public_id)
    assert commands.open_copy(actor=SYSTEM, public_id=document.public_id).pdf


def test_verify_codes_are_random_and_read_with_tolerance():
    codes = {verify_code.make() for _ in range(500)}
    assert len(codes) == 500
    code = codes.pop()
    assert not set("0O1ILU") & set("".join(codes))
    assert verify_code.read(verify_code.grouped(code).lower()) == code
    assert verify_code.read(f" {code[:8]}　{code[8:]} ") == code
    for wrong in ("", code[:-1], code + "2", "0" * 16, "核验码" * 30):
        assert verify_code.read(wrong) is None


def test_the_job_is_queued_with_the_document_and_makes_the_file(body):
    document = issue(body)
    (job,) = ProcrastinateJob.objects.filter(task_name="documents.render")
    assert job.args == {"document_id": document.pk}
    render_document(**job.args)
    assert DocumentFile.objects.filter(document=document).exists()
    with transaction.atomic():
        issue(body)
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.filter(task_name="documents.render").count() == 1


def test_a_seal_that_fails_leaves_nothing_and_may_be_tried_again(body, monkeypatch):
    document = issue(body)

    def broken(*_args, **_keywords):
        raise SealingError("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(settings.signer(), "seal", broken)
        with pytest.raises(SealingError):
            commands.render(document.pk)
    assert not DocumentFile.objects.exists()
    assert commands.render(document.pk).signer == "demonstration"


def test_the_doctor_hears_of_a_signer_that_is_not_there(db, settings):
    assert problems() == []
    settings.DOCUMENT_SIGNER = "licensed-ca"
    assert any("licensed-ca" in finding for finding in problems())


def test_the_addressees_first_reading_is_an_event_and_later_ones_are_not(body, access):
    document = issue(body)
    commands.open_copy(actor=CLERK, public_id=document.public_id)
    assert queries.documents_of(SUBJECT)[0].read_at is None
    assert list(queries.unread()) == []  # 受理通知书 is no paper that waits
    told = issue(body, "termination")
    assert list(queries.unread()) == [told]
    for _ in range(2):
        commands.open_copy(actor=CITIZEN, public_id=told.public_id)
    assert list(queries.unread()) == []
    assert queries.documents_of(SUBJECT)[-1].read_at is not None
    read = [one for one in chain.events(SUBJECT) if one.kind == "DocumentOpened"]
    assert [(one.actor_ref, one.payload["document"]) for one in read] == [("citizen:5", str(told.public_id))]
    assert DocumentReading.objects.filter(document=told).count() == 2
