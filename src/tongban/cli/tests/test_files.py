"""`files`: what is missing, altered or without its key is named; what is copied to an object store is read there."""

import contextlib
import io
import json

import httpx
import pytest
from moto.server import ThreadedMotoServer

from tongban.cli import __main__, environment
from tongban.files import commands, queries
from tongban.files.models import StoredFile
from tongban.files.tests.test_files import lying, pdf
from tongban.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch, settings, tmp_path):
    """The test's own database in place of the installation's, and a folder of its own."""
    monkeypatch.setattr(environment, "platform", contextlib.nullcontext)
    settings.VAR, settings.FILES_STORE = tmp_path, ""


def store(pages):
    data = io.BytesIO(pdf(pages=pages))
    return commands.store(actor=SYSTEM, stream=data, filename="a.pdf", owner_kind="case", owner_ref=str(pages))


def run(*words):
    return __main__.main(["files", *words])


def test_good_files_are_counted(capsys):
    store(1), store(2)
    assert run("verify") == 0
    assert "共核对 2 个文件，都完好" in capsys.readouterr().out


def test_each_bad_file_is_named_and_the_others_are_read_all_the_same(capsys):
    gone, altered, keyless, good = (store(pages) for pages in range(1, 5))
    lying(gone.storage_key).unlink()
    lying(altered.storage_key).write_bytes(b"TBF1 something else")
    StoredFile.objects.filter(pk=keyless.pk).update(data_key=good.data_key)
    assert run("verify", "--json") == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found[-1] == {"files": 4, "wrong": 3}
    assert [(one["file"], one["why"]) for one in found[:-1]] == [
        (str(gone.public_id), "missing"),
        (str(altered.public_id), "unreadable"),
        (str(keyless.public_id), "unreadable"),
    ]
    assert run("verify") == 1
    assert "（case:1）：文件不在存储里" in capsys.readouterr().out


def test_without_the_field_key_every_file_is_named(settings, capsys):
    store(1), store(2)
    settings.FIELD_KEYS = "k9:1:" + "A" * 43 + "="
    assert run("verify", "--json") == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"files": 2, "wrong": 2}


def test_a_store_that_does_not_answer_is_trouble_and_no_finding(settings):
    store(1)
    settings.FILES_STORE = "tape://reel"
    assert run("verify") == 69


def test_files_are_copied_into_an_object_store_and_read_there(settings, capsys):
    one, gone = store(1), store(2)
    lying(gone.storage_key).unlink()
    assert run("copy") == 78
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        httpx.put(f"http://{host}:{port}/moved").raise_for_status()
        settings.FILES_STORE = "s3://moved"
        settings.FILES_S3 = settings.FILES_S3 | {"endpoint": f"http://{host}:{port}", "key": "k", "secret": "s"}
        assert (run("copy"), run("copy")) == (0, 0)
        assert "复制了 1 个文件。原处没有的 1 个" in capsys.readouterr().out
        lying(one.storage_key).unlink()
        assert queries.content(one) == pdf()
        assert run("verify") == 1
    finally:
        server.stop()
