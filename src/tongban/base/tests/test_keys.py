import base64

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models

from tongban.base import keys
from tongban.base.commands import encrypted_models, rotate_field_keys
from tongban.base.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from tongban.base.models import IdempotencyKey
from tongban.base.moment import now
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.crypto import CryptoError, new_key
from tongban.kernel.problems import Refusal


def make(n, answer):
    return IdempotencyKey.objects.create(
        owner="citizen:1", key=f"k{n}", request_hash=b"x" * 32, response=answer, created_at=now()
    )


def raw(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT response FROM base_idempotencykey WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_an_encrypted_field_is_transparent_and_unreadable_in_the_database():
    row = make(1, {"密码": "查询密码", "n": [1, None]})
    assert IdempotencyKey.objects.get(pk=row.pk).response == {"密码": "查询密码", "n": [1, None]}
    assert "查询密码".encode() not in raw(row.pk)
    assert raw(row.pk)[0] == 1
    assert list(IdempotencyKey.objects.values_list("response", flat=True)) == [{"密码": "查询密码", "n": [1, None]}]
    assert IdempotencyKey.objects.get(pk=make(2, None).pk).response is None


@pytest.mark.django_db
def test_values_written_in_bulk_or_by_update_are_encrypted_too():
    rows = [make(n, {"n": n}) for n in range(3)]
    for row in rows:
        row.response = {"bulk": row.pk}
    IdempotencyKey.objects.bulk_update(rows, ["response"])
    IdempotencyKey.objects.filter(pk=rows[0].pk).update(response={"updated": True})
    assert [row.response for row in IdempotencyKey.objects.order_by("pk")] == [
        {"updated": True},
        {"bulk": rows[1].pk},
        {"bulk": rows[2].pk},
    ]
    assert all(keys.ring().is_current(raw(row.pk)) for row in rows)


@pytest.mark.django_db
def test_an_altered_or_moved_value_is_an_error_and_cannot_be_searched():
    row = make(1, {"a": 1})
    with pytest.raises(FieldError):
        IdempotencyKey.objects.filter(response="x").count()
    assert IdempotencyKey.objects.filter(response__isnull=False).count() == 1
    moved = keys.ring().encrypt(b"{}", b"base.other.response")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE base_idempotencykey SET response = %s", [moved])
    with pytest.raises(CryptoError):
        row.refresh_from_db()


def test_an_encrypted_field_refuses_an_index_and_counts_characters():
    class Sample(models.Model):
        name = EncryptedTextField(max_length=3)
        bad = EncryptedTextField(db_index=True)
        data = EncryptedJSONField(null=True)
        index = BlindIndexField(unique=True)

        class Meta:
            app_label = "base"
            managed = False

    del Sample._meta.apps.all_models["base"]["sample"]
    Sample._meta.apps.clear_cache()
    assert Sample._meta.get_field("bad").check()
    assert not Sample._meta.get_field("name").check()
    with pytest.raises(Exception, match="3"):
        Sample._meta.get_field("name").run_validators("四个字呀")
    assert not Sample._meta.get_field("index").db_index
    assert BlindIndexField().deconstruct()[3]["db_index"] is True


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "138 1234 5678", "+86-13812345678"),
        ("phone", "13812345678", "13812345678"),
        ("document", "11010519491231002x", "11010519491231002X"),
        ("email", " A@Example.com", "a@example.com"),
    ],
)
def test_equal_things_have_equal_blind_indexes(kind, one, other):
    assert keys.blind(kind, one) == keys.blind(kind, other)
    assert keys.blind(kind, one) != keys.blind(kind + "x", one)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIELD_KEYS", ""),
        ("FIELD_KEYS", "a:1:short"),
        ("INDEX_KEY", "AAAA"),
        ("INDEX_KEY", "***"),
        ("SEAL_KEY", "AAAA"),
    ],
)
def test_a_wrong_key_is_named_but_never_shown(settings, name, value):
    setattr(settings, name, value)
    found = keys.problems()
    assert len(found) == 1
    assert f"TONGBAN_{name}" in found[0]
    assert not value or value not in found[0]
    with pytest.raises(ImproperlyConfigured):
        {"FIELD_KEYS": keys.ring, "INDEX_KEY": lambda: keys.blind("a", "b"), "SEAL_KEY": keys.seal_key}[name]()


@pytest.mark.django_db
def test_rotation_writes_every_row_anew_and_can_be_repeated(settings):
    rows = [make(n, {"n": n}) for n in range(7)] + [make(8, None)]
    before = {row.pk: raw(row.pk) for row in rows[:-1]}
    settings.FIELD_KEYS = f"{new_key('gm', 2)},{settings.FIELD_KEYS}"
    with pytest.raises(Refusal):
        rotate_field_keys(actor=Actor("staff", 1))
    assert {pk: raw(pk) for pk in before} == before
    done = rotate_field_keys(actor=SYSTEM, batch=3)
    assert done.rows == 7
    assert done.complete
    assert all(keys.ring().is_current(raw(pk)) for pk in before)
    settings.FIELD_KEYS = settings.FIELD_KEYS.split(",", maxsplit=1)[0]
    assert [row.response for row in IdempotencyKey.objects.order_by("pk")] == [*({"n": n} for n in range(7)), None]
    assert rotate_field_keys(actor=SYSTEM).rows == 0


@pytest.mark.django_db
def test_rows_that_cannot_be_written_anew_are_counted(settings, monkeypatch):
    make(1, {"n": 1})
    monkeypatch.setattr(IdempotencyKey, "append_only", True, raising=False)
    settings.FIELD_KEYS = f"{new_key('new')},{settings.FIELD_KEYS}"
    done = rotate_field_keys(actor=SYSTEM)
    assert done.kept == {"base_idempotencykey": 1}
    assert not done.complete
    assert IdempotencyKey in dict(encrypted_models())


def test_the_index_key_may_name_its_suite(settings):
    before = keys.blind("a", "b")
    settings.INDEX_KEY = "1:" + settings.INDEX_KEY
    assert keys.blind("a", "b") == before
    settings.INDEX_KEY = "2:" + base64.b64encode(b"i" * 32).decode()
    assert keys.blind("a", "b") != before
