"""The processes of a running platform: web, worker and, in a demonstration, the simulated outside systems."""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from tongban.cli import environment, ports, postgres
from tongban.cli.places import var
from tongban.cli.simulators import PORT_DEFAULT as SIMULATORS_PORT
from tongban.cli.supervisor import Program, Supervisor, python
from tongban.cli.trouble import EXIT_TEMPORARY, Trouble

PORT_DEFAULT = 8000
_WORKERS = 2
_THREADS = 8


@contextlib.contextmanager
def only_one(address: str) -> Iterator[None]:
    """Let one platform run in a `var/` at a time.

    Args:
        address: where it will be reached, told to a second one.

    Raises:
        Trouble: one is running already.
    """
    var().mkdir(parents=True, exist_ok=True)
    with (var() / "running.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _already_running(lock.name) from error
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "address": address}))
        lock.flush()
        yield


def _already_running(lock_name: str) -> Trouble:
    try:
        known = json.loads(Path(lock_name).read_text(encoding="utf-8"))
        where = f"（进程 {known['pid']}，{known['address']}）"
        english = f" (process {known['pid']}, {known['address']})"
    except (OSError, ValueError, KeyError):
        where = english = ""
    return Trouble(
        f"通办已经在运行{where}，请直接使用，或先按 Ctrl-C 停止它。",
        f"Tongban is already running{english}.",
        code=EXIT_TEMPORARY,
    )


def web(host: str, port: int) -> Program:
    """Return the web server: granian, WSGI."""
    return python(
        "web", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(_WORKERS), "--blocking-threads", str(_THREADS), "--respawn-failed-workers",
        "--workers-kill-timeout", "5", "--no-ws", "--log-level", "error", "tongban.config.wsgi:application",
        # Eight threads need no heap each: what one frees another may use.
        MALLOC_ARENA_MAX="2",
    )  # fmt: skip


def worker() -> Program:
    """Return the worker process."""
    return python("worker", "tongban.cli", "worker")


def simulators() -> Program | None:
    """Return the simulated outside systems on a free port; None when their address is set: somebody else runs them."""
    if environment.is_set("TONGBAN_SIMULATORS_URL"):
        return None
    port = ports.nearest_free("127.0.0.1", SIMULATORS_PORT)
    os.environ["TONGBAN_SIMULATORS_URL"] = f"http://127.0.0.1:{port}"
    return python("simulators", "tongban.cli", "simulators", "--port", str(port))


def watch(supervisor: Supervisor, host: str, port: int, welcome: Callable[[], None]) -> int:
    """Watch the processes until told to stop, or until the database is gone.

    Args:
        supervisor: has the processes.
        host: where the web server listens.
        port: and its port.
        welcome: called once, as soon as the web server answers.

    Raises:
        Trouble: the embedded database ended by itself.
    """
    own = postgres.current()
    waiting = [welcome]

    def healthy() -> bool:
        if waiting and ports.answers(host, port):
            waiting.pop()()
        return own is None or own.poll() is None

    if supervisor.run(healthy):
        print("\n正在停止……", flush=True)
        return 0
    raise Trouble(
        f"数据库进程意外退出，网站已停止；请查看 {var() / 'log'} 中的日志后重新运行。",
        "The database ended unexpectedly: everything was stopped.",
    )


def set_addresses(host: str, address: str) -> None:
    """Tell the program where it will be reached, unless a person has: its address and the names it answers to.

    Python's tracebacks are for developers: pages do not show them unless `TONGBAN_DEBUG` asks for it.
    """
    os.environ.setdefault("TONGBAN_BASE_URL", address)
    os.environ.setdefault("TONGBAN_DEBUG", "0")
    if not environment.is_set("TONGBAN_HOSTS") and browser_host(host) != "localhost":
        os.environ["TONGBAN_HOSTS"] = ",".join(["localhost", "127.0.0.1", "[::1]", *_own_names(host)])


def _own_names(host: str) -> list[str]:
    """Return the names and addresses under which other machines reach this one."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return [f"[{host}]" if ":" in host else host]
    name = socket.gethostname()
    found = [name, socket.getfqdn()]
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(name, None, socket.AF_INET)]
    return sorted(set(found))


def browser_host(host: str) -> str:
    """Return the name under which a browser on this machine reaches a server that listens on `host`."""
    return "localhost" if host in ("127.0.0.1", "::1") else host


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser."""
    name = socket.gethostname() if host in ("0.0.0.0", "::") else browser_host(host)  # noqa: S104 - compared, not bound
    return f"http://{name}:{port}"
