"""The platform as people meet it: web server, worker and simulators on free ports of the loopback, on a database of its own."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import httpx
from django.conf import settings

from tongban.cli import ports
from tongban.cli.supervisor import die_with_parent
from tongban.partners.tests import simulated

_STARTS_IN_S = 60
_WORKER = "import django; django.setup(); from tongban.config import worker; worker.run()"


@dataclass(frozen=True)
class Site:
    """Where the served platform stands: its address, that of the simulators, its database, its log."""

    address: str
    simulators: str
    database: str
    log: Path

    def codes_sent_to(self, phone: str) -> list[str]:
        """The codes in the phone's messages, the latest first."""
        answer = httpx.get(f"{self.simulators}/sms/inbox", params={"to": phone, "format": "json"}, trust_env=False)
        found = (re.search(r"(?<!\d)\d{6}(?!\d)", message["text"]) for message in answer.json())
        return [match.group() for match in found if match]

    def messages_to(self, phone: str) -> list[str]:
        """The phone's messages, the latest first."""
        answer = httpx.get(f"{self.simulators}/sms/inbox", params={"to": phone, "format": "json"}, trust_env=False)
        return [message["text"] for message in answer.json()]

    def troubles(self) -> str:
        """The last traceback in the log, empty for none."""
        text = self.log.read_text(encoding="utf-8")
        at = text.rfind("Traceback (most recent call last)")
        return text[at : at + 6000] if at >= 0 else ""


@contextlib.contextmanager
def serving(database: str, folder: Path) -> Iterator[Site]:
    """Serve the platform from `database`; everything is stopped afterwards."""
    port = _free_port()
    log = folder / "site.log"
    with simulated.running(folder / "simulators") as simulators, log.open("w", encoding="utf-8") as output:
        site = Site(f"http://127.0.0.1:{port}", simulators, database, log)
        environment = _environment(site)
        web = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", "6", "--no-ws", "--log-level", "error",
            "tongban.config.wsgi:application",
        ]  # fmt: skip
        with (
            _process(web, environment, output) as server,
            _process([sys.executable, "-c", _WORKER], environment, output),
        ):
            _wait_for(server, port, log)
            yield site


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(site: Site) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_OWNER_URL")}
    return given | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "PYTHONPATH": f"{settings.ROOT / 'src'}{os.pathsep}{settings.ROOT}",
        "DATABASE_URL": _url(site.database),
        "TONGBAN_BASE_URL": site.address,
        "TONGBAN_SIMULATORS_URL": site.simulators,
        "TONGBAN_VAR": str(settings.VAR),
    }


def _url(database: str) -> str:
    given = settings.DATABASES["default"]
    who = quote(given["USER"]) + (":" + quote(given["PASSWORD"], safe="") if given["PASSWORD"] else "")
    host, port = given["HOST"], given["PORT"]
    where, query = ("", f"?host={quote(host, safe='')}") if host.startswith("/") else (host, "")
    return f"postgresql://{who}@{where}{':' + port if port else ''}/{database}{query}"


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str], output: IO[str]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        command,
        cwd=settings.ROOT,
        env=environment,
        stdout=output,
        stderr=output,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no lock that a thread could hold
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _STARTS_IN_S
    while time.monotonic() < until:
        if ports.answers("127.0.0.1", port):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
            break
    raise AssertionError(f"the site did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
