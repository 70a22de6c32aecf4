"""The embedded PostgreSQL: two roles, Chinese trigrams, one starter, gone when the starter is gone."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tongban.cli import postgres, postgres_home, secret_store
from tongban.cli.os_user import database_user
from tongban.cli.places import SOURCE
from tongban.cli.postgres_roles import has_trigrams
from tongban.cli.trouble import Trouble

STARTER = """
import sys
from pathlib import Path
from tongban.cli import postgres, postgres_home
postgres_home._REACHABLE_PARENT = Path(sys.argv[1])
with postgres.running("postgres") as address:
    print(postgres.current().pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def cluster(var, reachable):
    with postgres.running("postgres") as address:
        yield address


def gone(pid: int, seconds: float = 20) -> bool:
    """Wait for the end of a process that is not our child."""
    import select

    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def test_the_program_s_role_owns_nothing_and_chinese_can_be_searched(cluster, var, reachable):
    with psycopg.connect(cluster.program_url) as connection:
        assert has_trigrams(connection)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(cluster.owner_url) as connection:
        connection.execute("CREATE TABLE ours (id int)")
        assert connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)


def test_a_wrong_password_does_not_open_it(cluster):
    url = cluster.program_url.replace(cluster.secrets["TONGBAN_PG_PASSWORD"], "guess")
    assert not postgres.answers(url)


def test_its_folder_is_closed_to_others_and_it_does_not_run_as_root(cluster, var):
    state = json.loads((var / "postgres.json").read_text(encoding="utf-8"))
    assert stat.S_IMODE(Path(state["folder"]).stat().st_mode) == 0o700
    assert Path(f"/proc/{state['pid']}").stat().st_uid != 0


def test_another_command_joins_the_running_server(cluster):
    with postgres.running("postgres") as joined:
        assert joined.port == cluster.port
    assert postgres.answers(cluster.program_url)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_a_folder_that_the_dropped_user_cannot_enter_is_noticed_and_moved(var, reachable, capsys):
    with postgres.running("postgres"):
        said = capsys.readouterr().out
    assert "数据库文件改放在" in said
    assert str(reachable) in said
    assert not (var / "postgres").exists()
    assert (postgres_home.moved_base() / "postgres" / "data" / "PG_VERSION").exists()


def test_data_is_kept_and_the_second_start_needs_no_new_cluster(var, reachable):
    with postgres.running("postgres") as address, psycopg.connect(address.owner_url) as connection:
        connection.execute("CREATE TABLE ours (id int)")
    with postgres.running("postgres") as address, psycopg.connect(address.owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM ours").fetchone() == (0,)
    assert postgres.current() is None
    assert not (var / "postgres.json").exists()


def test_an_interrupted_first_start_is_made_again(var, reachable):
    with postgres.running("postgres"):
        folder = Path(json.loads((var / "postgres.json").read_text(encoding="utf-8"))["folder"])
    (folder / "data").rename(folder / "data.new")
    (folder / "data.new" / "PG_VERSION").unlink()
    with postgres.running("postgres") as address:
        assert postgres.answers(address.program_url)
    assert not (folder / "data.new").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_ends_with_its_starter(var, reachable, number):
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(reachable)], env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        pid = next(int(line) for line in process.stdout if line.strip().isdecimal())
        process.send_signal(number)
        process.wait(30)
        assert gone(pid)
    finally:
        process.stdin.close()
        process.stdout.close()
    with postgres.running("postgres") as address:
        assert postgres.answers(address.program_url)


def test_changed_secrets_are_one_sentence(var, reachable):
    with postgres.running("postgres"):
        pass
    secret_store.write(secret_store.read() | {"TONGBAN_PG_SUPERUSER_PASSWORD": "another"})
    with pytest.raises(Trouble, match="不接受密钥文件"), postgres.running("postgres"):
        raise AssertionError("it opened")
    assert postgres.current() is None


def test_data_of_another_major_version_are_refused_and_kept(var, reachable):
    with postgres.running("postgres"):
        folder = Path(json.loads((var / "postgres.json").read_text(encoding="utf-8"))["folder"])
    (folder / "data" / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(Trouble, match="PostgreSQL 9 的"), postgres.running("postgres"):
        raise AssertionError("it started")
    assert (folder / "data" / "base").exists()


def test_a_programs_folder_without_postgres_is_refused(var, reachable, tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBAN_PG_BIN", str(tmp_path))
    with pytest.raises(Trouble, match="TONGBAN_PG_BIN"), postgres.running("postgres"):
        raise AssertionError("it started")


def test_an_existing_folder_of_somebody_else_is_refused_to_an_ordinary_user(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(Trouble, match="属于用户"):
        database_user(tmp_path)


def test_a_long_lived_platform_does_not_join_a_server_that_may_end_first(cluster, monkeypatch):
    monkeypatch.setattr(postgres, "_JOINED_S_MAX", 0)
    with pytest.raises(Trouble, match="另一个通办命令"), postgres.running("postgres", own=True):
        raise AssertionError("it joined")
