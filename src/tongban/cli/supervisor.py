"""Runs the processes of the platform: one thread, prefixed logs, dead ones restarted, all of them stopped in order.

Every child leads its own process group and is told by the kernel when the supervisor dies in any way; a keeper ends
those that do not listen. So nothing is left behind after `kill -9` either.
"""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_RESTART_WAIT_S_MAX = 30.0
#: A child that lived this long is healthy: its next death starts the waiting time anew.
_HEALTHY_S = 60.0
_GRACE_S = 15.0
_TICK_S = 0.5
#: How to log in as the owner of the tables: no program that serves people may know it.
_WITHHELD = ("DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE")


@dataclass(frozen=True)
class Program:
    """One process to run: its name in the log, its command, and the variables added to the environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    restart_at: float = 0.0
    rest: bytes = b""

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _environment(added: dict[str, str]) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name not in _WITHHELD}
    return {**given, "PYTHONUNBUFFERED": "1", **added}


def die_with_parent() -> None:
    """Ask the kernel to send SIGTERM to this process when its parent dies; runs in the child between fork and exec."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Supervisor:
    """Keeps programs running until asked to stop.

    Args:
        say: where a line of output goes.
        wait_s: the first pause before a dead program is started again; it doubles with each further death.
        pass_fds: file descriptors that every program inherits.
    """

    def __init__(
        self, say: Callable[[str], None] | None = None, *, wait_s: float = 1.0, pass_fds: tuple[int, ...] = ()
    ) -> None:
        self._say = say or (lambda line: print(line, flush=True))
        self._wait_s = wait_s
        self._pass_fds = pass_fds
        self._children: list[_Child] = []
        self._selector = selectors.DefaultSelector()
        self._stop_asked = False
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self, program: Program) -> None:
        """Start a program; it is kept running from now on."""
        child = _Child(program)
        self._children.append(child)
        self._launch(child)

    def ask_to_stop(self, *_signal: object) -> None:
        """Let `run` end; usable as a signal handler."""
        self._stop_asked = True

    def run(self, healthy: Callable[[], bool] = lambda: True) -> bool:
        """Watch until SIGINT or SIGTERM comes or something outside is no longer healthy; then stop everything.

        Returns:
            True when it was asked to stop, False when `healthy` said no.
        """
        with self._signals(), contextlib.ExitStack() as finally_stop:
            finally_stop.callback(self.stop)
            while not self._stop_asked:
                self._read(_TICK_S)
                self._restart_dead()
                if not healthy():
                    return False
        return True

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self.ask_to_stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Stop all programs, the last started first, and whatever they left in their process groups."""
        for child in reversed(self._children):
            if child.process is None:
                continue
            if child.alive:
                child.process.terminate()
                self._drain(child)
            self._sweep(child)
        self._read(0)
        self._children.clear()
        if self._keeper is not None and self._keeper.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._keeper.stdin.close()
            self._keeper.wait()
            self._keeper = None

    def _drain(self, child: _Child) -> None:
        deadline = time.monotonic() + _GRACE_S
        while child.alive and time.monotonic() < deadline:
            self._read(0.05)

    def _sweep(self, child: _Child) -> None:
        """Kill what is left of the child's process group."""
        process = child.process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._tell_keeper(f"-{process.pid}")

    def _tell_keeper(self, change: str) -> None:
        """Tell the keeper which process groups run; one that was killed is replaced."""
        if self._keeper is None or self._keeper.poll() is not None:
            running = [f"+{child.process.pid}" for child in self._children if child.process is not None]
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "tongban.cli.keeper"],
                env=_environment({}),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            change = "\n".join([*running, change])
        assert self._keeper.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._keeper.stdin.write(f"{change}\n".encode())
            self._keeper.stdin.flush()

    def _launch(self, child: _Child) -> None:
        program = child.program
        child.process = subprocess.Popen(
            program.command,
            env=_environment(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=self._pass_fds,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self._tell_keeper(f"+{child.process.pid}")
        child.started = time.monotonic()
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _read(self, wait_s: float) -> None:
        """Pass on what the children said; wait for at most `wait_s` seconds."""
        if not self._selector.get_map():
            time.sleep(wait_s)
            return
        for key, _events in self._selector.select(wait_s):
            child: _Child = key.data
            chunk = os.read(key.fd, 65536)
            if not chunk:
                self._selector.unregister(key.fileobj)
                continue
            *lines, child.rest = (child.rest + chunk).split(b"\n")
            for line in lines:
                self._say(f"[{child.program.name}] {line.decode(errors='replace')}")

    def _restart_dead(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is None:
                if now >= child.restart_at:
                    self._launch(child)
                continue
            code = child.process.poll()
            if code is None:
                continue
            self._sweep(child)
            child.deaths = 1 if now - child.started > _HEALTHY_S else child.deaths + 1
            wait_s = min(self._wait_s * 2 ** (child.deaths - 1), _RESTART_WAIT_S_MAX)
            child.process, child.restart_at = None, now + wait_s
            self._say(f"[{child.program.name}] 进程意外退出（代码 {code}），{wait_s:g} 秒后重新启动。")


def python(name: str, *arguments: str, **environment: str) -> Program:
    """Return a program that runs `python -m ARGUMENTS` of this environment."""
    return Program(name, [sys.executable, "-m", *arguments], environment)
