"""Our own launcher of the embedded PostgreSQL: started with the command that needs it, stopped with it.

One command starts a cluster and holds its lock; others that run meanwhile join it. The kernel stops the server when
its starter dies in any way (`setpriv --pdeathsig`). Usable before Django.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg

from tongban.cli import postgres_home, secret_store
from tongban.cli.places import log_file, var
from tongban.cli.postgres_home import Home
from tongban.cli.postgres_roles import SUPERUSER, ensure_roles
from tongban.cli.trouble import EXIT_CANNOT_CREATE, EXIT_UNAVAILABLE, Trouble, require_disk

_START_S_MAX = 60
_STOP_S_MAX = 30
_JOINED_S_MAX = 20
_MIB_NEEDED = 300
#: A path of a socket may have 107 bytes; PostgreSQL adds its own name to the folder.
_SOCKET_FOLDER_BYTES_MAX = 80

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "unix_socket_permissions": "0700",
}
#: The server that this process started, while it runs.
_own: list[subprocess.Popen[bytes]] = []

#: For databases that are thrown away after the tests: nothing needs to survive a power cut.
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Address:
    """Where a running cluster answers and the passwords of its roles."""

    port: int
    secrets: dict[str, str]

    def _url(self, role: str, password_name: str, database: str) -> str:
        return f"postgresql://{role}:{self.secrets[password_name]}@127.0.0.1:{self.port}/{database}"

    @property
    def program_url(self) -> str:
        """The URL for the program, by the role that owns nothing."""
        return self._url("tongban", "TONGBAN_PG_PASSWORD", "tongban")

    @property
    def owner_url(self) -> str:
        """The URL for migrations, by the role that owns the tables."""
        return self._url("tongban_owner", "TONGBAN_PG_OWNER_PASSWORD", "tongban")

    @property
    def superuser_url(self) -> str:
        """The URL of the cluster's superuser, used to make roles and databases."""
        return self._url(SUPERUSER, "TONGBAN_PG_SUPERUSER_PASSWORD", "postgres")


@contextlib.contextmanager
def running(name: str, *, throwaway: bool = False, own: bool = False) -> Iterator[Address]:
    """Give a running cluster, starting it when nobody else has, and stop it at the end when we started it.

    Args:
        name: the cluster's folder in `var/`, such as `postgres`.
        throwaway: the data need not survive a power cut.
        own: never join a server that may end before we do; wait until whoever runs it has ended.

    Raises:
        Trouble: the server cannot be started.
    """
    secrets = secret_store.ensure()
    with (var() / f"{name}.lock").open("a") as lock, (var() / f"{name}.users").open("a") as users:
        if not _locked(lock, wait_s=_JOINED_S_MAX * 2 if own else 0):
            if own:
                raise _busy()
            fcntl.flock(users, fcntl.LOCK_SH)
            yield _joined(name, secrets)
            return
        process, address = _start(name, secrets, throwaway=throwaway)
        _own.append(process)
        try:
            yield address
        finally:
            _own.remove(process)
            try:
                _wait_for_joined(users)
                _state_file(name).unlink(missing_ok=True)
            finally:
                stop(process)


def current() -> subprocess.Popen[bytes] | None:
    """Return the server that this process started; None when it started none."""
    return _own[-1] if _own else None


def _state_file(name: str) -> Path:
    return var() / f"{name}.json"


def _joined(name: str, secrets: dict[str, str]) -> Address:
    """Wait until the cluster that another command is starting answers."""
    deadline = time.monotonic() + _START_S_MAX
    while time.monotonic() < deadline:
        address = running_elsewhere(name, secrets)
        if address:
            return address
        time.sleep(0.1)
    raise _busy()


def _busy() -> Trouble:
    return Trouble(
        "另一个通办命令正在启动或停止数据库，请稍候再试。",
        "Another command is starting or stopping the database.",
        code=EXIT_UNAVAILABLE,
    )


def running_elsewhere(name: str, secrets: dict[str, str]) -> Address | None:
    """Return where the cluster that another command runs answers; None when it does not."""
    try:
        address = Address(json.loads(_state_file(name).read_text(encoding="utf-8"))["port"], secrets)
        return address if answers(address.program_url) else None
    except (OSError, ValueError, KeyError):
        return None


def _wait_for_joined(users: IO[str]) -> None:
    """Let other commands that joined finish what they do, but not for ever."""
    _locked(users, wait_s=_JOINED_S_MAX)


def _locked(file: IO[str], *, wait_s: float) -> bool:
    """Try for `wait_s` seconds to have the file for ourselves; say whether we do."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True


def answers(url: str) -> bool:
    """Say whether a database answers at `url`."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _start(name: str, secrets: dict[str, str], *, throwaway: bool) -> tuple[subprocess.Popen[bytes], Address]:
    require_disk(var(), _MIB_NEEDED)
    home = postgres_home.prepare(name)
    _stop_leftover(home)
    if not (home.data / "PG_VERSION").exists():
        _initialise(home, secrets)
    settings = _SETTINGS | (_THROWAWAY if throwaway else {}) | {"unix_socket_directories": _socket_folder(home)}
    for _attempt in range(5):
        address = Address(_free_port(), secrets)
        process = _launch(name, home, settings | {"port": str(address.port)})
        try:
            if _wait_until_ready(process, address):
                ensure_roles(address.superuser_url, address.secrets, address.port)
                _write_state(name, address, process, home)
                return process, address
            log = log_file(name).read_text(encoding="utf-8", errors="replace")
            if "Address already in use" not in log:
                _explain(log, log_file(name))
        except BaseException:
            stop(process)
            raise
    raise Trouble(
        f"数据库启动失败：找不到可用的端口；详情见 {log_file(name)}。",
        "PostgreSQL found no free port.",
        code=EXIT_UNAVAILABLE,
    )


def _write_state(name: str, address: Address, process: subprocess.Popen[bytes], home: Home) -> None:
    state = {"port": address.port, "pid": process.pid, "folder": str(home.folder)}
    fresh = _state_file(name).with_suffix(".new")
    fresh.write_text(json.dumps(state), encoding="utf-8")
    fresh.replace(_state_file(name))


def _socket_folder(home: Home) -> str:
    """Return the folder of the server's socket: the cluster's own, mode 0700; none where the path is too long."""
    folder = str(home.folder)
    return folder if len(os.fsencode(folder)) <= _SOCKET_FOLDER_BYTES_MAX else ""


def _stop_leftover(home: Home) -> None:
    """Stop a server that outlived its starter: we hold the lock, so nobody uses it."""
    try:
        pid = int((home.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if os.fsencode(home.data) not in command:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + _STOP_S_MAX
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)


def _initialise(home: Home, secrets: dict[str, str]) -> None:
    """Make the cluster beside its place and rename it: an interrupted one is never taken for a whole one."""
    half = home.folder / "data.new"
    subprocess.run(["rm", "-rf", "--", str(half)], check=True)
    password_file = home.folder / "superuser.password"
    password_file.write_text(secrets["TONGBAN_PG_SUPERUSER_PASSWORD"], encoding="ascii")
    try:
        password_file.chmod(0o600)
        os.chown(password_file, home.user.uid, home.user.gid)
        # With the plain C locale pg_trgm makes no trigrams of Chinese text.
        command = [str(home.programs / "initdb"), "--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256"]
        command += [f"--username={SUPERUSER}", f"--pwfile={password_file}", "--no-instructions", f"--pgdata={half}"]
        done = subprocess.run(home.user.command(command), cwd="/", capture_output=True, text=True, check=False)
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode != 0:
        log_file("initdb").write_text(done.stdout + done.stderr, encoding="utf-8")
        _explain(done.stdout + done.stderr, log_file("initdb"))
    half.rename(home.data)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _launch(name: str, home: Home, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [str(home.programs / "postgres"), "-D", str(home.data)]
    for setting, value in settings.items():
        command += ["-c", f"{setting}={value}"]
    with log_file(name).open("wb") as log:
        # Its own session: Ctrl-C reaches the launcher first, which stops the database last.
        return subprocess.Popen(
            home.user.command(command, end_with_parent=True),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
        )  # fmt: skip


def _wait_until_ready(process: subprocess.Popen[bytes], address: Address) -> bool:
    """Wait until the server answers; False when it ended instead."""
    deadline = time.monotonic() + _START_S_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        try:
            with psycopg.connect(address.superuser_url, connect_timeout=5):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Trouble(
                    f"数据库不接受密钥文件 {secret_store.path()} 中的密码：请从备份恢复原来的密钥文件。",
                    "The kept password does not open the database.",
                ) from error
        time.sleep(0.05)
    raise Trouble("数据库一分钟内没有启动成功，请检查机器负载后重新运行。", "PostgreSQL did not start in a minute.")


def _explain(output: str, log: Path) -> None:
    """Say why the server did not start.

    Raises:
        Trouble: always.
    """
    if "No space left on device" in output:
        raise Trouble(
            "磁盘空间已用完，数据库无法启动，请清理出空间后重新运行。",
            "The disk is full: PostgreSQL cannot start.",
            code=EXIT_CANNOT_CREATE,
        )
    if "shared memory" in output or "out of memory" in output.lower():
        raise Trouble(
            "内存不足，数据库无法启动，请关闭其他程序后重新运行。",
            "Not enough memory for PostgreSQL.",
            code=EXIT_UNAVAILABLE,
        )
    raise Trouble(f"数据库启动失败，详情见 {log}。", "PostgreSQL did not start.", code=EXIT_UNAVAILABLE)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the server by its pid: fast shutdown, then immediate, then by force."""
    for number, wait_s in ((signal.SIGINT, _STOP_S_MAX), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
