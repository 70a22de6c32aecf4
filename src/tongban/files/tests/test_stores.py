"""Every store keeps files and chunks alike, and one that does not answer is told as such, nothing being lost."""

import importlib
import io
import os
import time

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from moto.server import ThreadedMotoServer

from tongban.base import moment
from tongban.config.settings import base
from tongban.files import chunks, commands, queries, storage, uploading
from tongban.files.models import PendingUpload, StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.tests.test_files import pdf
from tongban.kernel.actor import SYSTEM

KEYS = {"endpoint": "", "region": "cn-north-1", "key": "access", "secret": "secret", "by_host": "", "authority": ""}
DATA = bytes(range(256)) * 600


@pytest.fixture(scope="module")
def s3_server():
    """A server that speaks S3, with a bucket `tongban`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    httpx.put(f"http://{host}:{port}/tongban", headers={"Host": f"{host}:{port}"}).raise_for_status()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def kept_in(request, settings, tmp_path):
    settings.VAR = tmp_path
    settings.FILES_STORE = ""
    if request.param == "s3":
        settings.FILES_STORE = f"s3://tongban/{tmp_path.name}"
        settings.FILES_S3 = KEYS | {"endpoint": request.getfixturevalue("s3_server")}
    return request.param


@pytest.fixture(params=["no bucket", "no server", "no folder", "nobody's"])
def broken(request, settings, tmp_path):
    settings.VAR = tmp_path
    match request.param:
        case "no bucket":
            settings.FILES_STORE = "s3://another"
            settings.FILES_S3 = KEYS | {"endpoint": request.getfixturevalue("s3_server")}
        case "no server":
            settings.FILES_STORE = "s3://tongban"
            settings.FILES_S3 = KEYS | {"endpoint": "http://127.0.0.1:9"}
        case "no folder":
            settings.FILES_STORE = ""
            (tmp_path / "files").write_bytes(b"")
        case _:
            settings.FILES_STORE = "tape://reel"


def store(data):
    return commands.store(actor=SYSTEM, stream=io.BytesIO(data), filename="a.pdf", owner_kind="t", owner_ref="1")


def begun(data):
    return PendingUpload.objects.create(
        owner=f"{SYSTEM.kind}:{SYSTEM.ref}", name="a.pdf", size=len(data), expires_at=moment.now() + uploading.LIFE
    )


@pytest.mark.django_db
def test_a_file_is_kept_read_and_taken_away(kept_in, tmp_path, django_capture_on_commit_callbacks):
    file = store(pdf())
    assert queries.content(file) == pdf()
    assert bool(list(tmp_path.rglob(file.storage_key))) == (kept_in == "folder")
    with django_capture_on_commit_callbacks(execute=True):
        commands.discard(file, actor=SYSTEM)
    with pytest.raises(FileNotFoundError):
        storage.read(file.storage_key)
    assert list(storage.lying(0)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_in")
def test_chunks_are_kept_replaced_put_together_and_removed():
    upload = begun(DATA)
    half = len(DATA) // 2
    chunks.write(upload.public_id, 0, DATA[:half])
    with pytest.raises(FileNotFoundError):
        chunks.read(upload.public_id, len(DATA))
    chunks.write(upload.public_id, half, DATA[half:-1] + b"?")
    chunks.write(upload.public_id, half, DATA[half:])
    assert chunks.read(upload.public_id, len(DATA)) == DATA
    chunks.remove(upload.public_id)
    chunks.remove(upload.public_id)
    with pytest.raises(FileNotFoundError):
        chunks.read(upload.public_id, len(DATA))


@pytest.mark.django_db
@pytest.mark.usefixtures("kept_in")
def test_what_no_row_names_goes_and_what_is_fresh_or_owned_stays(monkeypatch):
    file, upload = store(pdf()), begun(DATA)
    storage.write("f" * 40, b"nobody's")
    chunks.write(upload.public_id, 0, DATA)
    assert commands.remove_orphans() == 0
    monkeypatch.setattr(commands, "_ORPHAN_AGE_S", -1)
    assert commands.remove_orphans() == 1
    monkeypatch.setattr(commands, "_CHUNK_AGE_S", -1)
    assert commands.remove_orphans() == 1
    assert queries.content(file) == pdf()
    assert list(storage.lying(-1)) == [storage.place(file.storage_key)]


@pytest.mark.usefixtures("kept_in")
def test_a_store_that_works_leaves_nothing_of_the_look_behind():
    assert queries.store_trouble() == ""
    assert list(storage.lying(-1)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("broken")
def test_a_store_that_does_not_answer_is_told_and_nothing_is_half_kept():
    with pytest.raises(FileRefusal) as refused:
        store(pdf())
    assert (refused.value.code, refused.value.status) == ("file_store_unavailable", 503)
    assert not StoredFile.objects.exists()
    assert queries.store_trouble()


@pytest.mark.django_db
def test_an_upload_outlives_a_store_that_comes_back(settings, tmp_path, s3_server):
    settings.VAR = tmp_path
    settings.FILES_STORE, works = "s3://tongban/outage", KEYS | {"endpoint": s3_server}
    settings.FILES_S3 = works
    upload = begun(DATA)
    chunks.write(upload.public_id, 0, DATA)
    PendingUpload.objects.update(received=len(DATA))
    settings.FILES_S3 = works | {"endpoint": "http://127.0.0.1:9"}
    kept: list[bytes] = []

    def keep(stream, _name):
        kept.append(stream.read())

    with pytest.raises(FileRefusal) as refused:
        uploading.use_upload(actor=SYSTEM, upload_id=upload.public_id, keep=keep)
    assert (refused.value.code, kept) == ("file_store_unavailable", [])
    settings.FILES_S3 = works
    assert uploading.use_upload(actor=SYSTEM, upload_id=upload.public_id, keep=keep)
    assert kept == [DATA]


@pytest.mark.parametrize("missing", ["TONGBAN_FILES_S3_KEY", "TONGBAN_FILES_S3_SECRET"])
def test_an_object_store_without_credentials_does_not_start(monkeypatch, missing):
    given = {"TONGBAN_FILES_S3_KEY": "k", "TONGBAN_FILES_S3_SECRET": "s"}
    given.pop(missing)
    with monkeypatch.context() as patch:
        patch.setenv("TONGBAN_FILES_STORE", "s3://bucket")
        for name, value in given.items():
            patch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured, match=missing):
            importlib.reload(base)
    importlib.reload(base)


def test_halves_of_a_crash_and_folders_of_the_past_are_seen(settings, tmp_path):
    settings.VAR, settings.FILES_STORE = tmp_path, ""
    half = tmp_path / "files" / "ab" / "x.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    os.utime(half, (time.time() - 100,) * 2)
    assert list(storage.lying(50)) == ["files/ab/x.part"]
    assert list(storage.lying(200)) == []
    storage.remove_paths(["files/ab/x.part"])
    assert not half.parent.exists()
