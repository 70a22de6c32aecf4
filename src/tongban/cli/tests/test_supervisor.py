"""The supervisor: prefixed logs, dead programs started again, nothing left behind in any way of ending."""

import os
import select
import signal
import subprocess
import sys

import pytest

from tongban.cli import keeper
from tongban.cli.supervisor import Program, Supervisor

#: A program with a child of its own; both hold the pipe whose end tells that they are gone.
FAMILY = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], pass_fds=[int(sys.argv[1])])
print("ready", flush=True)
time.sleep(300)
"""
#: The same, deaf to polite requests.
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + FAMILY


def script(name: str, text: str, *arguments: str) -> Program:
    return Program(name, [sys.executable, "-c", text, *arguments])


def closed_within(descriptor: int, seconds: float) -> bool:
    """Say whether everybody who held the other end of the pipe is gone."""
    readable, _, _ = select.select([descriptor], [], [], seconds)
    return bool(readable) and os.read(descriptor, 1) == b""


@pytest.fixture
def lines():
    return []


@pytest.fixture
def supervisor(lines):
    made = Supervisor(lines.append, wait_s=0.01)
    yield made
    made.stop()


def until(lines, supervisor, words, times=1):
    """Stop the supervisor once these words were said often enough."""

    def look() -> bool:
        if sum(words in line for line in lines) >= times:
            supervisor.ask_to_stop()
        return True

    return look


def test_lines_carry_the_program_s_name(supervisor, lines):
    supervisor.start(script("web", "import time; print('one'); print('two', flush=True); time.sleep(300)"))
    assert supervisor.run(until(lines, supervisor, "two"))
    assert lines[:2] == ["[web] one", "[web] two"]


def test_no_program_learns_how_to_log_in_as_the_owner(supervisor, lines, monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner:secret@127.0.0.1/tongban")
    monkeypatch.setenv("DATABASE_OWNER_URL_FILE", "/a/file")
    supervisor.start(script("web", "import os, time; print('has', sorted(os.environ), flush=True); time.sleep(300)"))
    supervisor.run(until(lines, supervisor, "has"))
    assert "DATABASE_URL" in lines[0]
    assert "OWNER" not in lines[0]


def test_a_dead_program_is_started_again_after_a_pause_that_grows(supervisor, lines):
    supervisor.start(script("worker", "import sys; print('born', flush=True); sys.exit(3)"))
    supervisor.run(until(lines, supervisor, "born", times=3))
    said = [line for line in lines if "重新启动" in line]
    assert "代码 3" in said[0]
    assert "0.01 秒后" in said[0]
    assert "0.02 秒后" in said[1]


@pytest.mark.parametrize("text", [FAMILY, STUBBORN], ids=["polite", "stubborn"])
def test_stopping_ends_children_and_grandchildren(lines, text, monkeypatch):
    monkeypatch.setattr("tongban.cli.supervisor._GRACE_S", 0.5)
    reading, writing = os.pipe()
    supervisor = Supervisor(lines.append, pass_fds=(writing,))
    try:
        supervisor.start(script("family", text, str(writing)))
        os.close(writing)
        supervisor.run(until(lines, supervisor, "ready"))
        assert closed_within(reading, 10)
    finally:
        supervisor.stop()
        os.close(reading)


def test_it_ends_when_what_it_depends_on_ends(supervisor):
    supervisor.start(script("web", "import time; time.sleep(300)"))
    child = supervisor._children[0].process
    assert not supervisor.run(healthy=lambda: False)
    assert child.poll() is not None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_however_the_supervisor_ends(number):
    text = f"""
import sys
from tongban.cli.supervisor import Program, Supervisor
supervisor = Supervisor(pass_fds=(int(sys.argv[1]),))
supervisor.start(Program("family", [sys.executable, "-c", {FAMILY!r}, sys.argv[1]]))
supervisor.run()
"""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", text, str(writing)], pass_fds=[writing], stdout=subprocess.PIPE, text=True
        )
        os.close(writing)
        assert process.stdout is not None
        assert "ready" in process.stdout.readline()
        process.send_signal(number)
        process.wait(30)
        assert closed_within(reading, 20)
    finally:
        if process.stdout is not None:
            process.stdout.close()
        os.close(reading)


def test_the_keeper_ends_what_was_not_reported_as_ended(monkeypatch):
    monkeypatch.setattr("tongban.cli.keeper._GRACE_S", 0.2)
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
    groups = keeper.follow([f"+{left.pid}\n", "+999999999\n", "-999999999\n", "nonsense\n", "\n"])
    assert groups == {left.pid}
    keeper.end(groups, grace_s=0.2)
    assert left.wait(10) in (-signal.SIGTERM, -signal.SIGKILL)
