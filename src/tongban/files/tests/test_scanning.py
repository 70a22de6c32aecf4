"""Malware: found before anything is kept; a scanner that is wanted and silent lets nothing through."""

import io

import pytest

from tongban.files import commands, queries
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.registries import Scanner, scanners
from tongban.files.tests import clamd
from tongban.files.tests.test_files import pdf, picture
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.VAR = tmp_path / "var"
    return settings.VAR


def store(data, name="a.pdf"):
    return commands.store(actor=SYSTEM, stream=io.BytesIO(data), filename=name, owner_kind="t", owner_ref="1")


def nothing_kept(shelf):
    return not StoredFile.objects.exists() and not [path for path in shelf.rglob("*") if path.is_file()]


@pytest.mark.parametrize("way", ["tcp", "socket"])
def test_what_the_scanner_finds_is_refused_and_the_rest_is_kept(way, settings, tmp_path, shelf):
    with clamd.listening(tmp_path / "c" if way == "socket" else None) as (address, seen):
        settings.CLAMAV = address
        with pytest.raises(FileRefusal) as refused:
            store(picture("PNG") + clamd.EICAR, "a.png")
        assert refused.value.code == "file_infected"
        assert nothing_kept(shelf)
        good = pdf(pages=40)
        assert queries.content(store(good)) == good
        assert seen[-1] == good
        assert queries.scanner_state() == (True, "")


def refused_unseen(shelf):
    with pytest.raises(FileRefusal) as refused:
        store(pdf())
    assert (refused.value.code, refused.value.status) == ("file_scan_unavailable", 503)
    assert "再上传" in refused.value.message
    assert nothing_kept(shelf)


@pytest.mark.parametrize("way", ["nobody there", "no socket", "not an address", "unknown name"])
def test_a_scanner_that_cannot_be_reached_lets_nothing_through(way, settings, shelf, tmp_path):
    with clamd.listening() as (gone, _):
        pass
    settings.CLAMAV = {"no socket": str(tmp_path / "none"), "not an address": "clamav"}.get(way, gone)
    settings.FILE_SCANNER = "nobody" if way == "unknown name" else ""
    refused_unseen(shelf)
    wanted, trouble = queries.scanner_state()
    assert wanted
    assert trouble


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR", b"\0", b"stream: Access denied. ERROR"])
def test_a_scanner_that_says_anything_else_lets_nothing_through(says, settings, shelf):
    with clamd.listening(says=says) as (address, _):
        settings.CLAMAV = address
        refused_unseen(shelf)


def test_without_a_scanner_files_are_taken_and_the_doctor_knows(settings):
    settings.CLAMAV = ""
    assert store(pdf())
    assert queries.scanner_state() == (False, "")


def test_another_scanner_can_be_named(settings, monkeypatch):
    class Strict(Scanner):
        def find(self, _data):
            return "Anything"

        def look(self):
            return None

    monkeypatch.setitem(scanners._things, "strict", Strict())
    settings.FILE_SCANNER = "strict"
    with pytest.raises(FileRefusal) as refused:
        store(pdf())
    assert refused.value.code == "file_infected"
