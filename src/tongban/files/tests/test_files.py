"""Files: looked at before they are kept, without the photographer's traces, and shown to those who may see them."""

import io
import os
import time

import pytest
from django.conf import settings
from PIL import Image
from pypdf import PdfReader, PdfWriter

from tongban.base import chain
from tongban.files import commands, queries, storage
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.registries import FileAccess, access
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM
from tongban.kernel.problems import NotFound

pytestmark = pytest.mark.django_db


def pdf(*, pages=1, password=None):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password is not None:
        writer.encrypt(user_password="", owner_password=password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind="JPEG", *, size=(60, 40), **options):
    image = Image.new("RGB", size, "white")
    image.putpixel((0, 0), (200, 30, 30))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photograph(orientation=6):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (27.0, 49.0, 30.0)
    return picture(exif=exif, comment=b"SecretComment", quality=90)


def store(data, name="材料.pdf", **options):
    given = {"owner_kind": "test", "owner_ref": "1"} | options
    return commands.store(actor=SYSTEM, stream=io.BytesIO(data), filename=name, **given)


def lying(storage_key):
    """Where the bytes of a key lie."""
    return settings.VAR / storage.place(storage_key)


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


class Mine(FileAccess):
    """The owner is an account's key."""

    def may_read(self, actor, owner_ref):
        return str(actor.account_id) == owner_ref


@pytest.fixture
def mine(monkeypatch):
    monkeypatch.setitem(access._things, "test", Mine())


@pytest.mark.parametrize(
    ("data", "name", "kept"),
    [
        (pdf(), "布局图.PDF", ("application/pdf", "布局图.pdf")),
        (picture(), "照片.jpeg", ("image/jpeg", "照片.jpeg")),
        (picture(progressive=True), "IMG_1", ("image/jpeg", "IMG_1.jpg")),
        (picture("PNG"), "..\\..\\a/扫描件.png", ("image/png", "扫描件.png")),
    ],
    ids=["pdf", "jpeg", "progressive without extension", "png with a path"],
)
def test_good_files_are_kept_under_safe_names(data, name, kept):
    file = store(data, name)
    assert (file.media_type, file.name) == kept
    content = queries.content(file)
    assert len(content) == file.size
    assert (file.trust_level, len(file.sha256)) == ("C", 64)
    assert chain.events(f"file:{file.public_id}")[0].payload["sha256"] == file.sha256
    assert lying(file.storage_key).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (pdf()[:-200], "a.pdf", "file_damaged"),
        (b"%PDF-1.7\nnothing here\n%%EOF", "a.pdf", "file_damaged"),
        (pdf(pages=0), "a.pdf", "file_damaged"),
        (pdf(password="secret"), "a.pdf", "file_encrypted"),
        (picture(), "a.pdf", "file_type_mismatch"),
        (pdf(), "a.jpg", "file_type_mismatch"),
        (pdf(), "a.exe", "file_type_mismatch"),
        (picture(size=(400, 400))[:-300], "a.jpg", "file_damaged"),
        (picture("PNG", size=(400, 400))[:-60], "a.png", "file_damaged"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "a.jpg", "file_damaged"),
        (b"PK\x03\x04" + b"\x00" * 90, "a.docx", "file_archive_truncated"),
        (b"<html><script>alert(1)</script>", "a.pdf", "file_type_not_allowed"),
        (b"MZ" + b"\x00" * 90, "a.pdf", "file_type_not_allowed"),
        (b"MZ" + b"\x00" * 90 + pdf(), "a.pdf", "file_type_not_allowed"),
        (b"GIF89a" + b"\x00" * 90 + pdf(), "a.pdf", "file_type_not_allowed"),
    ],
    ids=["empty", "cut pdf", "hollow pdf", "pdf without pages", "locked pdf", "jpg as pdf", "pdf as jpg", "pdf as exe",
         "cut jpg", "cut png", "hollow jpg", "word", "html", "program", "program before a pdf",
         "picture before a pdf"],
)  # fmt: skip
def test_bad_files_are_refused_before_anything_is_written(shelf, data, name, code):
    with pytest.raises(FileRefusal) as refused:
        store(data, name)
    assert refused.value.code == code
    assert refused.value.status == 422
    assert not StoredFile.objects.exists()
    assert not [path for path in shelf.rglob("*") if path.is_file()]


def test_reading_stops_at_the_limit(shelf):
    class Endless(io.BytesIO):
        served = 0

        def read(self, size=-1):
            Endless.served += size
            return b"x" * size

    with pytest.raises(FileRefusal) as refused:
        commands.store(actor=SYSTEM, stream=Endless(), filename="a.pdf", owner_kind="t", owner_ref="1", max_bytes=10**6)
    assert (refused.value.code, refused.value.status) == ("file_too_large", 413)
    assert Endless.served < 2 * 10**6
    assert not list(shelf.rglob("*.part"))


def test_a_picture_bomb_is_refused(monkeypatch):
    monkeypatch.setattr("tongban.files.inspection.PIXELS_MAX", 1000)
    with pytest.raises(FileRefusal) as refused:
        store(picture("PNG"), "a.png")
    assert refused.value.code == "file_too_many_pixels"


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photograph_tells_nothing_but_which_way_is_up(orientation):
    original = photograph(orientation)
    assert b"SecretCamera" in original
    kept = queries.content(store(original + b"\xff\xd8\xff trailing picture", "a.jpg"))
    assert b"Secret" not in kept
    assert b"trailing" not in kept
    with Image.open(io.BytesIO(kept)) as after, Image.open(io.BytesIO(original)) as before:
        exif = after.getexif()
        assert dict(exif) == ({0x0112: orientation} if orientation > 1 else {})
        assert not exif.get_ifd(0x8825)
        assert after.tobytes() == before.tobytes()


def test_a_png_tells_nothing_either():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "SecretAuthor")
    info.add_itxt("Place", "SecretPlace")
    kept = queries.content(store(picture("PNG", pnginfo=info) + b"trailing", "a.png"))
    assert b"Secret" not in kept
    assert b"trailing" not in kept


def test_a_failed_transaction_leaves_no_bytes(shelf, monkeypatch):
    monkeypatch.setattr("tongban.files.commands._record", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store(pdf())
    assert not [path for path in shelf.rglob("*") if path.is_file()]


def test_a_file_passes_on_rises_and_is_discarded(django_capture_on_commit_callbacks):
    file = store(pdf(pages=3))
    adopted = commands.adopt(file, "case", "1143", actor=SYSTEM)
    commands.set_trust_level(adopted, "B", actor=SYSTEM)
    assert [(f.owner_kind, f.trust_level) for f in queries.files_of("case", "1143")] == [("case", "B")]
    assert len(PdfReader(io.BytesIO(queries.content(file))).pages) == 3
    with django_capture_on_commit_callbacks(execute=True):
        commands.discard(file, actor=SYSTEM)
        commands.discard(file, actor=SYSTEM)
    assert not lying(file.storage_key).exists()
    with pytest.raises(NotFound):
        commands.adopt(file, "case", "1", actor=SYSTEM)
    kinds = [event.kind for event in chain.events(f"file:{file.public_id}")]
    assert kinds == ["FileStored", "FileAdopted", "FileTrustRaised", "FileDiscarded"]


def test_orphans_go_after_a_day_and_owned_files_stay():
    file = store(pdf())
    for name in ("a" * 40, "b" * 40):
        storage.write(name, b"nobody's")
    orphan, fresh = lying("a" * 40), lying("b" * 40)
    for path in (orphan, lying(file.storage_key)):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    assert commands.remove_orphans() == 1
    assert (orphan.exists(), fresh.exists(), lying(file.storage_key).exists()) == (False, True, True)


def test_a_file_is_served_to_its_owner_and_harmless(client, mine):
    owner = cast.citizen("19900000071")
    file = store(picture(), "我的照片.jpg", owner_ref=str(owner.pk))
    cast.log_in(client, owner)
    answer = client.get(f"/files/{file.public_id}")
    assert b"".join(answer.streaming_content) == queries.content(file)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert client.get(f"/files/{file.public_id}?download")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=100-", 100, None), ("bytes=-7", -7, None), ("bytes=5-999999999", 5, None)],
)
def test_a_download_that_broke_off_goes_on(client, mine, asked, first, last):
    owner = cast.citizen("19900000074")
    file = store(pdf(), owner_ref=str(owner.pk))
    cast.log_in(client, owner)
    whole = client.get(f"/files/{file.public_id}")
    data = b"".join(whole.streaming_content)
    part = client.get(f"/files/{file.public_id}", headers={"Range": asked, "If-Range": whole["ETag"]})
    begin = first % len(data)
    end = len(data) - 1 if last is None else last
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == data[begin : end + 1]
    assert part["Content-Range"] == f"bytes {begin}-{end}/{len(data)}"
    assert part["Content-Length"] == str(end + 1 - begin)
    assert (whole["Accept-Ranges"], part["Cache-Control"]) == ("bytes", "private, no-store")


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=-", "bytes=0-1,4-5", "pages=1-2", "bytes=x-"])
def test_a_range_that_nobody_understands_gives_the_whole(client, mine, asked):
    owner = cast.citizen("19900000074")
    file = store(pdf(), owner_ref=str(owner.pk))
    cast.log_in(client, owner)
    answer = client.get(f"/files/{file.public_id}", headers={"Range": asked})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, pdf())


def test_a_range_of_another_file_or_behind_the_end_is_not_mixed_in(client, mine):
    owner = cast.citizen("19900000074")
    file = store(pdf(), owner_ref=str(owner.pk))
    cast.log_in(client, owner)
    changed = client.get(f"/files/{file.public_id}", headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert (changed.status_code, b"".join(changed.streaming_content)) == (200, pdf())
    behind = client.get(f"/files/{file.public_id}", headers={"Range": f"bytes={file.size}-"})
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{file.size}")
    other = cast.citizen("19900000073")
    cast.log_in(client, other)
    assert client.get(f"/files/{file.public_id}", headers={"Range": "bytes=0-1"}).status_code == 404


@pytest.mark.parametrize("who", ["visitor", "other", "unregistered kind", "absent", "bytes gone"])
def test_absent_and_forbidden_look_the_same(client, mine, who):
    owner = cast.citizen("19900000072")
    file = store(pdf(), owner_ref=str(owner.pk), owner_kind="unknown" if who == "unregistered kind" else "test")
    if who != "visitor":
        cast.log_in(client, cast.citizen("19900000073") if who == "other" else owner)
    if who == "bytes gone":
        storage.remove(file.storage_key)
    public_id = "11111111-1111-4111-8111-111111111111" if who == "absent" else file.public_id
    assert client.get(f"/files/{public_id}").status_code == 404


def test_shared_bytes_go_with_the_last_row_that_names_them(shelf, django_capture_on_commit_callbacks):
    first = store(pdf(), "布局图.pdf")
    second = commands.share(first, "draft", "1", actor=SYSTEM, trust_level="C", checked_at=None)
    assert (second.owner_kind, second.copied_from_id, second.storage_key) == ("draft", first.pk, first.storage_key)
    assert queries.content(second) == queries.content(first)
    assert chain.events(f"file:{second.public_id}")[0].payload["copied_from"] == str(first.public_id)
    with django_capture_on_commit_callbacks(execute=True):
        commands.discard(first, actor=SYSTEM)
    second.refresh_from_db()
    assert queries.content(second).startswith(b"%PDF-")
    with django_capture_on_commit_callbacks(execute=True):
        commands.discard(second, actor=SYSTEM)
    assert not lying(second.storage_key).exists()


def test_a_file_that_is_gone_is_not_shared(shelf):
    first = store(pdf(), "布局图.pdf")
    commands.discard(first, actor=SYSTEM)
    with pytest.raises(NotFound):
        commands.share(first, "draft", "1", actor=SYSTEM, trust_level="C", checked_at=None)
