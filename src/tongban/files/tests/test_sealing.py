"""Files at rest: unreadable without their row, and never changed, swapped or cut off unseen."""

import io

import pytest

from tongban.base.commands import rotate_field_keys
from tongban.files import commands, queries, sealing, storage
from tongban.files.models import StoredFile
from tongban.files.problems import FileRefusal
from tongban.files.tests.test_files import lying as path_of
from tongban.files.tests.test_files import pdf
from tongban.kernel.actor import SYSTEM
from tongban.kernel.crypto import CryptoError

DATA = bytes(range(256)) * 9000  # three chunks
OTHER = "k2:1:" + "A" * 43 + "="
SM = "k3:2:" + "B" * 21 + "A=="


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


def store(data, name="a.pdf"):
    return commands.store(actor=SYSTEM, stream=io.BytesIO(data), filename=name, owner_kind="t", owner_ref="1")


@pytest.mark.parametrize("data", [b"", b"x", DATA[: 1024 * 1024], DATA], ids=["none", "one", "a chunk", "three chunks"])
def test_what_is_sealed_is_opened_again(data):
    key = sealing.fresh_key()
    sealed = sealing.seal(data, key, "p")
    assert sealing.unseal(sealed, key, "p") == data
    assert DATA[:200] not in sealed


def test_the_chinese_suite_is_used_where_the_installation_uses_it(settings):
    settings.FIELD_KEYS = SM
    key = sealing.fresh_key()
    assert key.startswith("f:2:")
    assert sealing.unseal(sealing.seal(DATA, key, "p"), key, "p") == DATA


def _swapped(sealed):
    size = 4 + int.from_bytes(sealed[4:8], "big")
    first, second = sealed[4 : 4 + size], sealed[4 + size : 4 + 2 * size]
    return sealed[:4] + second + first + sealed[4 + 2 * size :]


def _whole_chunks(sealed, count):
    return sealed[: 4 + count * (4 + int.from_bytes(sealed[4:8], "big"))]


@pytest.mark.parametrize(
    "alter",
    [
        lambda s: s[:-1],
        lambda s: s[:-1] + bytes([s[-1] ^ 1]),
        lambda s: s + b"\0",
        lambda s: _whole_chunks(s, 2),
        lambda s: _whole_chunks(s, 0),
        _swapped,
        lambda _s: DATA,
        lambda _s: b"",
    ],
    ids=["cut", "flipped", "longer", "last chunk gone", "all chunks gone", "swapped", "plain", "empty"],
)
def test_nothing_is_altered_unseen(alter):
    key = sealing.fresh_key()
    sealed = sealing.seal(DATA, key, "p")
    with pytest.raises(CryptoError):
        sealing.unseal(alter(sealed), key, "p")
    with pytest.raises(CryptoError):
        sealing.unseal(sealed, key, "elsewhere")
    with pytest.raises(CryptoError):
        sealing.unseal(sealed, sealing.fresh_key(), "p")


@pytest.mark.django_db
def test_a_kept_file_cannot_be_read_where_it_lies():
    file = store(pdf())
    lying = storage.read(file.storage_key)
    assert b"PDF" not in lying
    assert queries.content(StoredFile.objects.get(pk=file.pk)) == pdf()


@pytest.mark.django_db
def test_a_file_altered_where_it_lies_is_refused():
    file = store(pdf())
    path = path_of(file.storage_key)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(FileRefusal) as refused:
        queries.content(file)
    assert refused.value.code == "file_unreadable"


def _laid_in_plain(data):
    """A file as versions before encryption kept it."""
    file = store(data)
    StoredFile.objects.filter(pk=file.pk).update(data_key=None, pages=None)
    path_of(file.storage_key).write_bytes(data)
    return StoredFile.objects.get(pk=file.pk)


@pytest.mark.django_db
def test_a_file_from_before_encryption_is_read_and_encrypted_at_night(django_capture_on_commit_callbacks):
    file = _laid_in_plain(pdf())
    broken = _laid_in_plain(pdf(pages=2))
    path_of(broken.storage_key).unlink()
    plain = path_of(file.storage_key)
    assert queries.content(file) == pdf()
    with django_capture_on_commit_callbacks(execute=True):
        assert commands.seal_plain() == 1
    now = StoredFile.objects.get(pk=file.pk)
    assert not plain.exists()
    assert b"PDF" not in storage.read(now.storage_key)
    assert (queries.content(now), now.pages) == (pdf(), 1)
    assert commands.seal_plain() == 0


@pytest.mark.django_db
def test_a_plain_file_put_in_the_place_of_another_is_refused():
    file = _laid_in_plain(pdf())
    path_of(file.storage_key).write_bytes(pdf(pages=2))
    with pytest.raises(FileRefusal) as refused:
        queries.content(file)
    assert refused.value.code == "file_unreadable"


@pytest.mark.django_db
def test_a_row_that_got_another_files_bytes_and_key_is_refused():
    one, other = store(pdf()), store(pdf(pages=2))
    stolen = {"storage_key": other.storage_key, "data_key": other.data_key}
    StoredFile.objects.filter(pk=other.pk).delete()
    StoredFile.objects.filter(pk=one.pk).update(**stolen)
    with pytest.raises(FileRefusal) as refused:
        queries.content(StoredFile.objects.get(pk=one.pk))
    assert refused.value.code == "file_unreadable"


@pytest.mark.django_db
def test_new_field_keys_leave_the_bytes_as_they_lie_and_readable(settings):
    file = store(pdf())
    lying = storage.read(file.storage_key)
    settings.FIELD_KEYS = f"{OTHER},{settings.FIELD_KEYS}"
    rotate_field_keys(actor=SYSTEM)
    settings.FIELD_KEYS = OTHER
    assert storage.read(file.storage_key) == lying
    assert queries.content(StoredFile.objects.get(pk=file.pk)) == pdf()
