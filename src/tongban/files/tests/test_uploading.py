"""Uploads in chunks: resumed where they broke off, used once, seen by nobody else, gone after a day."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client

from tongban.base import moment
from tongban.files import problems, uploading
from tongban.files.models import PendingUpload
from tongban.identity.models import Account
from tongban.identity.queries import actor_for
from tongban.identity.tests import cast
from tongban.kernel.problems import NotFound, Refusal

pytestmark = pytest.mark.django_db

CHUNK = 64 * 1024
DATA = bytes(range(256)) * 600  # 153 600 bytes: three chunks


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def mine(client):
    cast.log_in(client, cast.citizen("19900000081"))
    return client


def begin(client, *, name="布局图.pdf", size=153_600):
    return client.post("/uploads/", {"name": name, "size": size})


def patch(client, address, offset, data, **more):
    digest = base64.b64encode(hashlib.sha256(more.pop("digest_of", data)).digest()).decode()
    headers = {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}"} | more
    return client.patch(address, data, content_type="application/offset+octet-stream", headers=headers)


def sent(client, data=DATA):
    address = begin(client, size=len(data))["Location"]
    for offset in range(0, len(data), CHUNK):
        assert patch(client, address, offset, data[offset : offset + CHUNK]).status_code == 204
    return PendingUpload.objects.get(public_id=address.rpartition("/")[2])


def owner(client):
    account = get_user(client)
    assert isinstance(account, Account)
    return actor_for(account, moment.now())


def use(client, upload, keep):
    return uploading.use_upload(actor=owner(client), upload_id=upload.public_id, keep=keep)


def test_an_upload_goes_on_where_it_broke_off_and_is_used_once(mine, shelf, django_capture_on_commit_callbacks):
    begun = begin(mine)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")
    address = begun["Location"]
    assert patch(mine, address, 0, DATA[:CHUNK])["Upload-Offset"] == str(CHUNK)
    looked = mine.head(address)
    assert (looked.status_code, looked["Upload-Offset"], looked["Upload-Length"]) == (200, str(CHUNK), str(len(DATA)))
    again = patch(mine, address, 0, DATA[:CHUNK])
    assert (again.status_code, again.json()["code"]) == (409, "upload_offset")
    upload = PendingUpload.objects.get()
    kept = []
    with pytest.raises(Refusal) as refused:
        use(mine, upload, lambda stream, name: kept.append((stream.read(), name)))
    assert (refused.value.code, kept) == ("upload_incomplete", [])
    for offset in (CHUNK, 2 * CHUNK):
        assert patch(mine, address, offset, DATA[offset : offset + CHUNK]).status_code == 204
    with django_capture_on_commit_callbacks(execute=True):
        assert use(mine, upload, lambda stream, name: kept.append((stream.read(), name)))
        assert not use(mine, upload, lambda stream, name: kept.append((stream.read(), name)))
    assert kept == [(DATA, "布局图.pdf")]
    assert mine.head(address)["Upload-Used"] == "1"
    assert not [path for path in shelf.rglob("*") if path.is_file()]


def test_bytes_on_their_way_lie_encrypted(mine, shelf):
    upload = sent(mine, b"secret words " * 10000)
    lying = list((shelf / "uploads" / upload.public_id.hex).iterdir())
    assert lying
    assert not any(b"secret" in path.read_bytes() for path in lying)
    assert all(path.stat().st_mode & 0o077 == 0 for path in lying)


@pytest.mark.parametrize(
    ("offset", "data", "more", "status", "code"),
    [
        (0, DATA[:CHUNK], {"digest_of": b"other"}, 460, "upload_checksum"),
        (5, DATA[:CHUNK], {}, 409, "upload_offset"),
        (0, DATA[:100], {}, 422, "upload_chunk_size"),
        (0, DATA + b"x", {}, 422, "upload_chunk_size"),
        (0, bytes(uploading.CHUNK_BYTES_MAX + 1), {}, 422, "upload_chunk_size"),
        (0, DATA[:CHUNK], {"Upload-Checksum": "md5 aaaa"}, 422, "upload_malformed"),
        (0, DATA[:CHUNK], {"Upload-Offset": "-1"}, 422, "upload_malformed"),
    ],
)
def test_a_wrong_chunk_changes_nothing(mine, shelf, offset, data, more, status, code):
    address = begin(mine)["Location"]
    answer = patch(mine, address, offset, data, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert mine.head(address)["Upload-Offset"] == "0"
    assert not [path for path in shelf.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [("0", 422, "file_empty"), (str(21 * 2**20), 413, "file_too_large"), ("many", 422, "upload_malformed")],
)
def test_what_would_be_refused_anyway_is_not_begun(mine, size, status, code):
    answer = begin(mine, size=size)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not PendingUpload.objects.exists()


def test_nobody_has_too_much_under_way(mine, monkeypatch):
    monkeypatch.setattr(uploading, "PENDING_MAX", 2)
    assert [begin(mine).status_code for _ in range(3)] == [201, 201, 429]
    monkeypatch.setattr(uploading, "PENDING_MAX", 9)
    monkeypatch.setattr(uploading, "PENDING_BYTES_MAX", 3 * len(DATA))
    assert [begin(mine).status_code for _ in range(2)] == [201, 429]


def test_an_upload_is_its_owners_alone(mine):
    address = begin(mine)["Location"]
    other = Client()
    cast.log_in(other, cast.citizen("19900000082"))
    for stranger in (other, Client()):
        assert stranger.head(address).status_code == 404
        assert patch(stranger, address, 0, DATA[:CHUNK]).status_code == 404
        assert stranger.delete(address).status_code == 404
    assert begin(Client()).status_code == 404
    with pytest.raises(NotFound):
        use(other, PendingUpload.objects.get(), lambda *_: None)


def test_a_cancelled_upload_leaves_nothing(mine, shelf, django_capture_on_commit_callbacks):
    upload = sent(mine)
    with django_capture_on_commit_callbacks(execute=True):
        assert mine.delete(f"/uploads/{upload.public_id}").status_code == 204
    assert not PendingUpload.objects.exists()
    assert not [path for path in shelf.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("refusal", "again"), [(problems.damaged(), False), (problems.scan_unavailable(), True)])
def test_what_is_refused_goes_unless_the_refusal_passes(
    mine, shelf, refusal, again, django_capture_on_commit_callbacks
):
    def refuse(_stream, _name):
        raise refusal

    upload = sent(mine)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refusal):
        use(mine, upload, refuse)
    assert bool([path for path in shelf.rglob("*") if path.is_file()]) is again
    assert use(mine, upload, lambda *_: None) is again


def test_after_a_day_it_is_gone(mine, shelf):
    upload = sent(mine)
    PendingUpload.objects.update(expires_at=moment.now() - timedelta(seconds=1))
    assert mine.head(f"/uploads/{upload.public_id}").status_code == 404
    assert uploading.remove_expired() == 1
    assert not PendingUpload.objects.exists()
    assert not [path for path in shelf.rglob("*") if path.is_file()]
