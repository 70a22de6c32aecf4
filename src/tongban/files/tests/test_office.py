"""OFD, Word and Excel: taken when they are what they say, refused before anything is written when they carry a trick."""

import io
import zipfile

import pytest

from tongban.files import commands, office, queries, sniffing
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.registries import access
from tongban.files.tests import office_files as made
from tongban.files.tests.test_files import Mine
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


def store(data, name, owner="1"):
    return commands.store(actor=SYSTEM, stream=io.BytesIO(data), filename=name, owner_kind="test", owner_ref=owner)


@pytest.mark.parametrize("kind", ["ofd", "docx", "xlsx"])
def test_office_files_are_kept_as_they_are(kind):
    data = made.office(kind)
    file = store(data, f"申请表.{kind.upper()}")
    assert (file.media_type, file.name) == (sniffing.OFFICE[kind], f"申请表.{kind}")
    assert queries.content(file) == data


def test_a_word_file_with_a_link_for_readers_to_click_is_kept():
    links = made.relations("https://www.gov.cn/", kind="hyperlink", mode="External")
    assert store(made.archive(made.parts("docx") | {"word/_rels/document.xml.rels": links}), "a.docx")


def _encrypted_entry():
    data = bytearray(made.office("docx"))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def _flipped_bit():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, body in made.parts("docx").items():
            packed.writestr(name, body)
    return out.getvalue().replace("张三".encode(), "张四".encode())


def _with(kind, name, body):
    return made.archive(made.parts(kind) | {name: body})


TRICKS = {
    "cut off": (lambda: made.office("docx")[:-40], "a.docx", "file_archive_truncated"),
    "half": (lambda: made.office("ofd")[:200], "a.ofd", "file_archive_truncated"),
    "damaged inside": (_flipped_bit, "a.docx", "file_damaged"),
    "locked package": (made.locked_office, "a.docx", "file_encrypted"),
    "locked part": (_encrypted_entry, "a.docx", "file_encrypted"),
    "locked OFD": (lambda: _with("ofd", "Encryptions.xml", "<ofd:Encryptions/>"), "a.ofd", "file_encrypted"),
    "macro": (lambda: _with("docx", "word/vbaProject.bin", b"x"), "a.docx", "file_has_macros"),
    "macro sheet": (lambda: _with("xlsx", "xl/macrosheets/sheet1.xml", "<a/>"), "a.xlsx", "file_has_macros"),
    "macro type": (
        lambda: _with("docx", "[Content_Types].xml", '<T a="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
        "a.docx", "file_has_macros"),
    "program": (lambda: _with("xlsx", "xl/embeddings/a.exe", b"MZ"), "a.xlsx", "file_has_macros"),
    "template from outside": (
        lambda: _with("docx", "word/_rels/settings.xml.rels",
                      made.relations("https://a.example/t.dotm", kind="attachedTemplate", mode="External")),
        "a.docx", "file_links_outside"),
    "entities": (lambda: _with("docx", "word/styles.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
                 "a.docx", "file_damaged"),
    "unknown encoding": (lambda: _with("ofd", "OFD.xml", '<?xml version="1.0" encoding="none"?><a/>'),
                         "a.ofd", "file_damaged"),
    "climbing name": (lambda: _with("ofd", "../../etc/x.xml", "<a/>"), "a.ofd", "file_damaged"),
    "bomb": (lambda: _with("xlsx", "xl/media/a.bin", bytes(30 * 2**20)), "a.xlsx", "file_unpacks_too_large"),
    "other root": (lambda: _with("ofd", "OFD.xml", "<html/>"), "a.ofd", "file_damaged"),
    "another archive": (lambda: made.archive({"a.txt": "x"}), "a.docx", "file_type_not_allowed"),
    "word as excel": (lambda: made.office("docx"), "a.xlsx", "file_type_mismatch"),
    "word as pdf": (lambda: made.office("docx"), "a.pdf", "file_type_mismatch"),
    "macro file by name": (lambda: made.office("docx"), "a.docm", "file_type_mismatch"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(TRICKS))
def test_a_trick_is_refused_and_nothing_is_written(name, shelf):
    make, filename, code = TRICKS[name]
    with pytest.raises(FileRefusal) as refused:
        store(make(), filename)
    assert refused.value.code == code
    assert refused.value.message.endswith("。")
    assert not StoredFile.objects.exists()
    assert not [path for path in shelf.rglob("*") if path.is_file()]


def test_very_many_parts_are_refused(monkeypatch):
    monkeypatch.setattr(office, "PARTS_MAX", 3)
    with pytest.raises(FileRefusal) as refused:
        store(made.office("docx"), "a.docx")
    assert refused.value.code == "file_unpacks_too_large"


@pytest.mark.parametrize("kind", ["ofd", "docx", "xlsx"])
def test_an_office_file_is_always_saved_and_never_shown(client, kind, monkeypatch):
    monkeypatch.setitem(access._things, "test", Mine())
    owner = cast.citizen("19900000075")
    file = store(made.office(kind), f"a.{kind}", owner=str(owner.pk))
    cast.log_in(client, owner)
    answer = client.get(f"/files/{file.public_id}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
