"""The secrets of a checkout: private, kept, never made up twice."""

import os
import stat

import pytest

from tongban.cli import environment, secret_store
from tongban.cli.trouble import Trouble
from tongban.kernel.crypto import KeyRing


def test_secrets_are_made_once_and_only_their_owner_reads_them(var):
    first = secret_store.ensure()
    assert secret_store.ensure() == first
    assert stat.S_IMODE(secret_store.path().stat().st_mode) == 0o600
    assert KeyRing.parse(first["TONGBAN_FIELD_KEYS"]).kids == ["k1"]


def test_a_missing_secret_is_added_and_the_others_stay(var):
    first = secret_store.ensure()
    secret_store.write({name: value for name, value in first.items() if name != "TONGBAN_SEAL_KEY"})
    second = secret_store.ensure()
    assert second.keys() == first.keys()
    assert {name for name in first if first[name] != second[name]} == {"TONGBAN_SEAL_KEY"}


def test_lost_secrets_of_a_database_that_is_there_are_not_replaced(var):
    data = var / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18", encoding="ascii")
    with pytest.raises(Trouble, match="从备份恢复"):
        secret_store.ensure()
    assert not secret_store.path().exists()


def test_a_broken_file_is_pointed_at_by_its_line(var):
    secret_store.path().write_text("# words\nNAME=value\nnonsense\n", encoding="utf-8")
    with pytest.raises(Trouble, match="第 3 行"):
        secret_store.ensure()


def test_what_the_environment_says_wins(var, monkeypatch):
    for name in environment._SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tongban.config.settings.dev")
    monkeypatch.setenv("TONGBAN_SECRET_KEY", "mine")
    environment.use_secrets()
    assert os.environ["TONGBAN_SECRET_KEY"] == "mine"
    assert os.environ["TONGBAN_SEAL_KEY"] == secret_store.read()["TONGBAN_SEAL_KEY"]


def test_a_real_installation_gets_no_made_up_secrets(var, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tongban.config.settings.production")
    environment.use_secrets()
    assert not secret_store.path().exists()


def test_the_owner_s_url_alone_is_refused(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://somebody@127.0.0.1/tongban")
    with pytest.raises(Trouble, match="没有设置 DATABASE_URL"):
        environment.uses_own_database()


def test_only_what_changes_tables_needs_the_owner_s_url(monkeypatch):
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert environment.is_set("DATABASE_URL")
    with environment.database():
        assert not environment.owner_known()
    with pytest.raises(Trouble, match="请在它的环境中设置 DATABASE_OWNER_URL"), environment.database(owner=True):
        raise AssertionError("nobody knows the owner")


def test_a_database_that_does_not_answer_is_one_sentence(monkeypatch):
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(name, "postgresql://somebody:secret@127.0.0.1:1/tongban")
    with pytest.raises(Trouble, match="DATABASE_URL 指定的数据库连接不上") as met, environment.database():
        raise AssertionError("there is no database")
    assert "secret" not in f"{met.value.sentence}{met.value.english}"
