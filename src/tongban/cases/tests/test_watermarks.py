"""Copies with a watermark: who took them, for what, and that nothing leaves unlogged."""

import io
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from tongban.base import chain
from tongban.cases import commands
from tongban.cases.models import Case, MaterialCopy
from tongban.cases.refusals import CaseRefusal
from tongban.cases.tests import desk_visit, story
from tongban.cases.tests.test_api import problem
from tongban.cases.tests.test_api_handling import bound
from tongban.documents.queries import documents_of
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.queries import watermarked
from tongban.kernel.problems import Invalid, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("city")

PURPOSE = "行政复议答复"


@pytest.fixture
def walk():
    return story.walk().receive()


@pytest.fixture
def drawn(monkeypatch) -> list[list[str]]:
    """The lines of each watermark that is drawn."""
    found: list[list[str]] = []

    def draw(data: bytes, media_type: str, lines: list[str]) -> bytes:
        found.append(lines)
        return watermarked(data, media_type, lines)

    monkeypatch.setattr("tongban.cases.commands.watermarking.watermarked", draw)
    return found


def file_of(case: Case) -> StoredFile:
    found = case.materials.filter(source="file").order_by("pk")[0].file
    assert found is not None
    return found


def refused(kind: type[Refusal], attempt: Any) -> Refusal:
    before = story.world()
    with pytest.raises(kind) as caught:
        attempt()
    assert story.world() == before
    return caught.value


def test_a_copy_says_on_every_page_who_took_it_for_what_and_is_logged(walk, cast, drawn):
    file = file_of(walk.case)
    taken = commands.take_copy(actor=cast.officer, case_no=walk.no, purpose=f"  {PURPOSE} ", file_id=file.public_id)
    row = MaterialCopy.objects.get()
    assert (row.copy_no, row.purpose, row.taken_by_id) == (taken.row.copy_no, PURPOSE, cast.officer.account_id)
    words = "\n".join(drawn[0])
    for said in (PURPOSE, "未核对原件", row.unit, cast.officer.name, walk.no, row.copy_no):
        assert said in words
    assert PdfReader(io.BytesIO(taken.pdf)).pages[0].extract_text() == ""
    (event,) = [one for one in chain.events(walk.case.subject) if one.kind == "CopyTaken"]
    assert event.actor_ref == cast.officer.ref
    assert event.payload["copy"] == row.copy_no
    assert PURPOSE not in str(event.payload)


def test_the_trust_of_a_compared_file_is_drawn_too(walk, cast, drawn):
    file = file_of(walk.case)
    commands.check_original(actor=cast.clerk, case_no=walk.no, file_id=file.public_id)
    commands.take_copy(actor=cast.clerk, case_no=walk.no, purpose=PURPOSE, file_id=file.public_id)
    assert "已核对原件" in drawn[0][0]


def test_a_document_of_the_case_is_copied_and_its_reading_noted(walk, cast):
    paper = documents_of(walk.case.subject)[0]
    taken = commands.take_copy(actor=cast.officer, case_no=walk.no, purpose=PURPOSE, document_id=paper.public_id)
    assert taken.pdf.startswith(b"%PDF-")
    assert taken.row.document_id == paper.public_id
    assert paper.title in taken.filename


@pytest.mark.parametrize("purpose", ["", "核 查", "用" * 31])
def test_without_a_purpose_nothing_is_copied(walk, cast, purpose):
    file = file_of(walk.case)
    found = refused(Invalid, lambda: commands.take_copy(
        actor=cast.clerk, case_no=walk.no, purpose=purpose, file_id=file.public_id
    ))  # fmt: skip
    assert found.code == "copy_purpose"


def test_what_is_of_another_case_or_nothing_is_not_copied(walk, cast):
    other = story.walk().receive()
    paper = documents_of(other.case.subject)[0].public_id
    for of in ({"file_id": file_of(other.case).public_id}, {"document_id": paper}, {"file_id": uuid.UUID(int=7)}, {}):
        refused(NotFound, lambda of=of: commands.take_copy(actor=cast.clerk, case_no=walk.no, purpose=PURPOSE, **of))


def test_the_applicant_has_the_file_itself_and_takes_no_copy(walk, cast):
    file = file_of(walk.case)
    found = refused(CaseRefusal, lambda: commands.take_copy(
        actor=cast.citizen, case_no=walk.no, purpose=PURPOSE, file_id=file.public_id
    ))  # fmt: skip
    assert found.code == "copy_staff_only"


def test_what_cannot_be_drawn_is_not_logged_as_taken(walk, cast):
    file = file_of(walk.case)
    StoredFile.objects.filter(pk=file.pk).update(media_type="application/ofd")
    with pytest.raises(FileRefusal):
        commands.take_copy(actor=cast.clerk, case_no=walk.no, purpose=PURPOSE, file_id=file.public_id)
    assert not MaterialCopy.objects.exists()
    assert "CopyTaken" not in [one.kind for one in chain.events(walk.case.subject)]


def test_what_was_taken_stays_written(walk, cast):
    commands.take_copy(actor=cast.clerk, case_no=walk.no, purpose=PURPOSE, file_id=file_of(walk.case).public_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialCopy.objects.update(unit="别的单位")
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialCopy.objects.all().delete()


def test_the_desk_hands_out_the_copy_and_the_history_tells_of_it(walk):
    client = desk_visit.officer("lukou.zonghe")
    page = f"/desk/cases/{walk.no}/"
    row = walk.case.materials.filter(source="file").order_by("pk")[0]
    body = {"file": str(row.file.public_id), "purpose": PURPOSE}
    wrong = client.post(f"{page}copy/?show={row.key}", body | {"purpose": "看"})
    assert wrong.status_code == 422
    assert 'id="copy_purpose"' in wrong.content.decode()
    answer = client.post(f"{page}copy/", body)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    shown = client.get(page).content.decode()
    number = MaterialCopy.objects.get().copy_no
    assert f"用于{PURPOSE}，编号 {number}" in shown


def test_a_bodys_system_takes_copies_in_the_name_of_a_post(walk):
    system, post = bound(walk.receptionist())
    headers = {"Authorization": f"Bearer {system.token}", "Tongban-Post": str(post)}
    root = f"/api/v1/handling/cases/{walk.no}"

    def ask(what: str, purpose: str) -> Any:
        return system.client.get(f"{root}/{what}/copy", {"purpose": purpose}, headers=headers)

    file, paper = file_of(walk.case).public_id, documents_of(walk.case.subject)[0].public_id
    for what in (f"materials/{file}", f"documents/{paper}"):
        assert ask(what, PURPOSE).content.startswith(b"%PDF-")
    problem(ask(f"materials/{file}", "看"), 422, "copy_purpose")
    problem(ask(f"materials/{uuid.UUID(int=7)}", PURPOSE), 404, "material_not_found")
    assert MaterialCopy.objects.count() == 2
