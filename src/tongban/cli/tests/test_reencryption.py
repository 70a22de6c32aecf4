"""Rotation of field keys: everything readable before is readable after, by the new key alone."""

import pytest

from tongban.base import keys
from tongban.cli import reencryption, secret_store
from tongban.identity.models import Account
from tongban.kernel.crypto import UnknownKeyError

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [
        Account.objects.create(login=f"person{number}", kind="citizen", name=f"人{number}", phone="13800000000")
        for number in range(5)
    ]


def test_all_values_move_to_the_new_key_and_stay_the_same(people, settings, monkeypatch):
    monkeypatch.setattr(reencryption, "_BATCH", 2)
    old, new = settings.FIELD_KEYS, secret_store.new_field_key("fresh")
    settings.FIELD_KEYS = f"{new},{old}"
    done = reencryption.reencrypt_all()
    assert done.changed >= 10
    settings.FIELD_KEYS = new
    assert sorted(Account.objects.values_list("name", flat=True)) == [f"人{number}" for number in range(5)]


def test_a_second_run_finds_nothing_to_do(people, settings):
    settings.FIELD_KEYS = f"{secret_store.new_field_key('fresh')},{settings.FIELD_KEYS}"
    reencryption.reencrypt_all()
    assert reencryption.reencrypt_all().changed == 0


def test_a_value_whose_key_is_gone_stops_it_and_nothing_is_changed(people, settings):
    before = settings.FIELD_KEYS
    settings.FIELD_KEYS = secret_store.new_field_key("fresh")
    with pytest.raises(UnknownKeyError):
        reencryption.reencrypt_all()
    settings.FIELD_KEYS = before
    assert keys.ring().current.kid in before
    assert Account.objects.get(login="person0").name == "人0"
