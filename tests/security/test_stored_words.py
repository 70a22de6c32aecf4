"""Hostile words in every field that a person can type: shown as they are, everywhere, and never run."""

import io
import re
from typing import Any

import pytest

from tongban.cases import commands, queries
from tongban.cases.models import Draft
from tongban.cases.tests import story
from tongban.catalogue.queries import definition_of
from tongban.config.rehearsal.samples import sample_pdf
from tongban.documents.models import Document
from tongban.documents.queries import pdf
from tongban.files import commands as files
from tongban.notices.models import Message

pytestmark = pytest.mark.usefixtures("city")

WORDS = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'{{7*7}}{% load %}#panic("x")$*_`\\'
#: What would have to appear for it to run.
ALIVE = re.compile(r"<script>alert|<img src=x|<svg/onload")


def hostile_draft(actor: Any) -> Draft:
    """A complete draft whose free texts, address and file name are hostile."""
    ready = story.draft(actor)
    schema = definition_of(ready.item_version).form["properties"]
    free = {
        key: WORDS[: int(field.get("maxLength", 100))]
        for key, field in schema.items()
        if field.get("type") == "string" and not {"enum", "format", "pattern", "oneOf", "const", "x-prefill"} & set(field)
        and "widget" not in str(field.get("x-widget", "")) and field.get("x-widget") in {None, "text", "textarea"}
    }  # fmt: skip
    assert free
    commands.save_form(actor=actor, draft_id=ready.public_id, data=free)
    one = ready.materials.all()[0]
    renamed = files.store(
        actor=actor, stream=io.BytesIO(sample_pdf("布局图", "示例")), filename=WORDS + ".pdf", owner_kind=commands.UPLOAD,
        owner_ref=actor.ref,
    )  # fmt: skip
    commands.attach(actor=actor, draft_id=ready.public_id, material_key=one.key, file=renamed)
    commands.save_service(
        actor=actor, draft_id=ready.public_id,
        service=commands.Service(address=WORDS, recipient=WORDS[:50], electronic_consent=True, phone="19900000001"),
    )  # fmt: skip
    return queries.access_draft(actor, ready.public_id)


def test_typed_words_are_shown_and_never_run(cast, browser):
    ready = hostile_draft(cast.citizen)
    citizen, officer = browser("citizen"), browser("officer")
    for page in ("situation", "form", "materials", "service", "confirm"):
        answer = citizen.get(f"/apply/drafts/{ready.public_id}/{page}/")
        assert answer.status_code == 200, page
        assert not ALIVE.search(answer.content.decode()), page
    case = commands.submit(actor=cast.citizen, draft_id=ready.public_id, proof=story.proof(ready)).case
    walk = story.Walk(case).receive()
    key = next(one.key for one in definition_of(case.item_version).materials if not one.generated_from_form)
    defects = [commands.Defect(kind="material", key=key, what=WORDS)]
    commands.request_correction(actor=walk.receptionist(), case_no=walk.no, defects=defects)
    addresses = [
        (citizen, one) for one in ("/my/", f"/my/cases/{walk.no}/", f"/my/cases/{walk.no}/correction/", "/messages/")
    ]
    addresses += [(officer, "/desk/cases/"), (officer, f"/desk/cases/{walk.no}/")]
    for client, address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        said = answer.content.decode()
        assert not ALIVE.search(said), address
        assert ">49<" not in said
    assert "&lt;script&gt;alert" in officer.get(f"/desk/cases/{walk.no}/").content.decode()
    for message in Message.objects.filter(subject_ref__contains=walk.no):
        assert "\n" not in message.title
    posted = officer.post(
        f"/desk/cases/{walk.no}/refuse_acceptance/", {"reason": WORDS, "basis": WORDS, "right_body": WORDS}
    )
    assert not ALIVE.search(posted.content.decode())


def test_typed_words_are_text_in_a_document_too(cast):
    from pypdf import PdfReader

    walk = story.walk().receive()
    walk.case = commands.refuse_acceptance(
        actor=walk.receptionist(), case_no=walk.no, reason="理由：" + WORDS, basis="《行政许可法》第三十二条", right_body=""
    )  # fmt: skip
    paper = Document.objects.get(subject=walk.case.subject, kind="acceptance_refusal")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(paper))).pages)
    flat = re.sub(r"\s", "", text).replace("“", '"').replace("”", '"')
    assert "<script>alert(1)</script>" in flat
    assert "#panic(" in flat
    assert "{{7*7}}" in flat
