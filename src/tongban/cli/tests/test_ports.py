"""Ports that are taken, and platforms that run already."""

import fcntl
import os
import socket
import subprocess
from pathlib import Path

import pytest

from tongban.cli import ports, postgres, stage
from tongban.cli.supervisor import Supervisor
from tongban.cli.trouble import Trouble


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_in_use_is_one_sentence_that_names_who_has_it(taken):
    with pytest.raises(Trouble, match=f"端口 {taken} 已被占用（被 .* {os.getpid()} 占用）.*--port") as met:
        ports.require_free("127.0.0.1", taken)
    assert met.value.code == 69


def test_who_has_a_port_is_seen_behind_a_descriptor_that_closes_while_one_looks():
    """The folder itself is read by a low descriptor that is gone when it is looked at."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        high = fcntl.fcntl(server, fcntl.F_DUPFD, 500)
    try:
        assert ports.holder_of(port) == f"{Path('/proc/self/comm').read_text().strip()} {os.getpid()}"
    finally:
        os.close(high)


def test_the_next_free_port_is_found(taken):
    assert ports.nearest_free("127.0.0.1", taken) > taken


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Trouble, match="本机没有地址"):
        ports.require_free("192.0.2.1", 8000)


def test_a_second_platform_says_where_the_first_one_is(var):
    first, second = stage.only_one("http://localhost:8123"), stage.only_one("http://localhost:8124")
    with first, pytest.raises(Trouble, match=r"已经在运行.*8123") as met, second:
        raise AssertionError("two at once")
    assert met.value.code == 75
    with stage.only_one("http://localhost:8124"):
        pass


@pytest.fixture
def addresses(monkeypatch):
    """No address set by a person."""
    for name in ("TONGBAN_BASE_URL", "TONGBAN_HOSTS", "TONGBAN_DEBUG"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("addresses")
def test_a_platform_for_this_machine_answers_to_the_default_names_only():
    stage.set_addresses("127.0.0.1", stage.address_of("127.0.0.1", 8000))
    assert os.environ["TONGBAN_BASE_URL"] == "http://localhost:8000"
    assert os.environ["TONGBAN_DEBUG"] == "0"
    assert "TONGBAN_HOSTS" not in os.environ


@pytest.mark.usefixtures("addresses")
def test_a_platform_open_to_the_network_answers_to_the_machine_s_names():
    stage.set_addresses("0.0.0.0", stage.address_of("0.0.0.0", 8000))
    assert socket.gethostname() in os.environ["TONGBAN_HOSTS"].split(",")
    assert "*" not in os.environ["TONGBAN_HOSTS"]


@pytest.mark.usefixtures("addresses")
def test_what_a_person_set_stays(monkeypatch):
    monkeypatch.setenv("TONGBAN_HOSTS", "tongban.example")
    monkeypatch.setenv("TONGBAN_BASE_URL", "https://tongban.example")
    stage.set_addresses("0.0.0.0", stage.address_of("0.0.0.0", 8000))
    assert os.environ["TONGBAN_HOSTS"] == "tongban.example"
    assert os.environ["TONGBAN_BASE_URL"] == "https://tongban.example"


def test_somebody_who_listens_answers_and_nobody_does_not(taken):
    assert ports.answers("127.0.0.1", taken)
    assert ports.answers("0.0.0.0", taken)
    assert not ports.answers("127.0.0.1", ports.nearest_free("127.0.0.1", taken + 1))


def test_the_welcome_comes_once_and_only_when_the_site_answers(taken):
    said: list[str] = []
    supervisor = Supervisor(said.append)

    def welcome() -> None:
        said.append("welcome")
        supervisor.ask_to_stop()

    assert stage.watch(supervisor, "127.0.0.1", taken, welcome) == 0
    assert said == ["welcome"]


def test_a_database_that_ends_by_itself_stops_everything_in_one_sentence(var, monkeypatch):
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    monkeypatch.setattr(postgres, "current", lambda: ended)
    with pytest.raises(Trouble, match="数据库进程意外退出"):
        stage.watch(Supervisor(), "127.0.0.1", 1, lambda: None)
