"""The public page: what it says, what it keeps to itself, comparison of files, look-ups without end."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongban.documents import commands, queries, registries
from tongban.documents.tests.samples import CONTENTS, PERSONAL_NUMBER
from tongban.documents.tests.test_commands import CLERK, issue


@pytest.fixture(autouse=True)
def own_verifiers(monkeypatch):
    """No upper room speaks here."""
    monkeypatch.setattr(registries.verifiers, "_things", {})


def address(document):
    return reverse("documents:verify", args=[document.verify_code])


def page(client, document, **post):
    answer = client.post(address(document), post) if post else client.get(address(document))
    return answer, answer.content.decode()


def test_the_page_says_what_a_verifier_needs(client, body):
    document = issue(body)
    commands.render(document.pk)
    answer, text = page(client, document)
    assert answer.status_code == 200
    for needed in (
        "受理通知书",
        document.number,
        "核验结果：有效",
        "株洲市渌口区市场监督管理局",
        "示例·无法律效力",
        "签章有效",
        document.file.sha256,
    ):
        assert needed in text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("kind", ["application", "licence"])
def test_the_page_shows_no_personal_number_and_no_full_name(client, body, kind):
    document = issue(body, kind)
    _, text = page(client, document)
    name = CONTENTS[kind].get("holder_name") or CONTENTS[kind]["applicant"]
    assert PERSONAL_NUMBER not in text
    assert PERSONAL_NUMBER[6:14] not in text
    assert name not in text
    assert "陈*" in text or "*" in text


def test_void_and_replaced_documents_say_so(client, body):
    old, new, wrong = issue(body), issue(body), issue(body)
    commands.supersede(actor=CLERK, document=old, by=new)
    commands.void(actor=CLERK, document=wrong, reason="写错")
    assert "核验结果：已被新文书替代" in page(client, old)[1]
    text = page(client, wrong)[1]
    assert "核验结果：已作废" in text
    assert "核验结果：有效" not in text


def test_an_upper_room_may_say_that_a_kind_has_expired(client, body, monkeypatch):
    class Expired(registries.DocumentVerifier):
        def standing(self, document, on):  # noqa: ARG002
            return registries.Standing("expired", "已过有效期", valid=False, facts=(("有效期至", "2020年1月1日"),))

    monkeypatch.setattr(registries.verifiers, "_things", {"licence": Expired()})
    text = page(client, issue(body, "licence"))[1]
    assert "核验结果：已过有效期" in text
    assert "2020年1月1日" in text


def test_an_absent_code_gives_a_clear_page(client, db):
    for code in ("2222-2222-2222-2222", "xx", "核验<script>"):
        answer = client.get(reverse("documents:verify", args=[code]))
        assert answer.status_code == 404
        assert "没有查到这个核验码" in answer.content.decode()
        assert "<script>核" not in answer.content.decode()


def test_the_form_leads_to_the_page_and_says_what_is_wrong(client, body):
    document = issue(body)
    form = reverse("documents:verify_form")
    assert client.get(form).status_code == 200
    answer = client.get(form, {"code": f" {document.verify_code.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, address(document))
    wrong = client.get(form, {"code": "123"})
    assert wrong.status_code == 422
    assert "核验码是 16 位字母和数字" in wrong.content.decode()


def test_a_brought_file_is_told_from_ours(client, body):
    document, other = issue(body), issue(body)
    ours, another = queries.pdf(document), queries.pdf(other)
    changed = bytearray(ours)
    changed[len(ours) // 3] ^= 1
    for brought, expected in (
        (ours, "是同一份文件"),
        (bytes(changed), "文件被改动过"),
        (another, "是另一份文书"),
        (ours + b"\n%more", "文件被改动过"),
        (b"%PDF-1.7 nothing", "没有电子签章"),
    ):
        answer, text = page(client, document, file=SimpleUploadedFile("a.pdf", brought, "application/pdf"))
        assert answer.status_code == 200
        assert expected in text
    answer, text = page(client, document, file=SimpleUploadedFile("a.png", b"\x89PNG", "image/png"))
    assert answer.status_code == 422
    assert "这不是 PDF 文件" in text
    assert page(client, document, other="x")[0].status_code == 422


def test_look_ups_have_a_limit(client, body, freeze):
    document = issue(body)
    with freeze(dt.datetime(2026, 11, 20, 2, 0, 1, tzinfo=dt.UTC)):
        statuses = [client.get(reverse("documents:verify", args=["nothing"])).status_code for _ in range(60)]
        assert set(statuses) == {404}
        assert client.get(address(document)).status_code == 429
    with freeze(dt.datetime(2026, 11, 20, 2, 2, 1, tzinfo=dt.UTC)):
        assert client.get(address(document)).status_code == 200


def test_the_file_of_a_document_is_not_for_visitors(client, body):
    document = issue(body)
    assert client.get(reverse("documents:pdf", args=[document.public_id])).status_code == 404
