"""Ports to listen on: whether one is free, and who has it."""

import argparse
import contextlib
import errno
import socket
from collections.abc import Iterator
from pathlib import Path

from tongban.cli.trouble import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Trouble

_LISTENING = "0A"


def port_number(text: str) -> int:
    """Read a port from the command line.

    Raises:
        argparse.ArgumentTypeError: it is not a number from 1 to 65535.
    """
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1-65535)")
    return int(text)


def is_free(host: str, port: int) -> bool:
    """Say whether a server can listen there.

    Raises:
        Trouble: the address is not one of this machine, or the port needs root.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            if error.errno == errno.EACCES:
                raise Trouble(
                    f"普通用户不能使用 1024 以下的端口（{port}），请用 --port 换一个。",
                    f"Port {port} needs root.",
                    code=EXIT_CONFIGURATION,
                ) from error
            raise Trouble(
                f"本机没有地址 {host}，请检查 --host。",
                f"{host} is not an address of this machine.",
                code=EXIT_CONFIGURATION,
            ) from error
    return True


def answers(host: str, port: int) -> bool:
    """Say whether somebody listens there; `0.0.0.0` and `::` are asked on the loopback address."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - translated, not bound
    try:
        with socket.create_connection((local, port), timeout=1):
            return True
    except OSError:
        return False


def require_free(host: str, port: int) -> None:
    """Make sure that a server can listen there.

    Raises:
        Trouble: the port is taken; the sentence names the process where it can be seen.
    """
    if is_free(host, port):
        return
    holder = holder_of(port)
    who = f"（被 {holder} 占用）" if holder else ""
    raise Trouble(
        f"端口 {port} 已被占用{who}，请停止占用它的程序，或用 --port 换一个端口。",
        f"Port {port} is in use{f' by {holder}' if holder else ''}.",
        code=EXIT_UNAVAILABLE,
    )


def nearest_free(host: str, port: int) -> int:
    """Return `port`, or the next higher one that is free.

    Raises:
        Trouble: none of the next hundred is.
    """
    for candidate in range(port, min(port + 100, 65536)):
        if is_free(host, candidate):
            return candidate
    raise Trouble(f"端口 {port} 及其后的一百个端口都被占用。", "No free port.", code=EXIT_UNAVAILABLE)


def holder_of(port: int) -> str | None:
    """Return `name, pid` of the process that listens on a port; None when it cannot be seen."""
    inodes = set(_listening_inodes(port))
    for folder in Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):  # another's process, or one that ended
            if any(inode in inodes for inode in _sockets_in(folder)):
                name = (folder.parent / "comm").read_text(encoding="utf-8").strip()
                return f"{name} {folder.parent.name}"
    return None


def _sockets_in(folder: Path) -> Iterator[str]:
    """Yield the inodes of the sockets a process holds.

    Descriptors are closed while the folder is read, among them the one by which it is read: each is passed over
    by itself, or all after it would be lost.
    """
    for descriptor in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            link = str(descriptor.readlink())
            if link.startswith("socket:["):
                yield link[8:-1]


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]
