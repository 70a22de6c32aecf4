"""Proof by force: filings under load while web workers and database processes are killed with SIGKILL.

Whoever gets no answer sends the same request again under the same Idempotency-Key. In the end every request that was
acknowledged must have made exactly one case, and every chain must hold.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from tongban.base import chain
from tongban.cases.models import Case
from tongban.config.rehearsal.bench import drive, machine
from tongban.config.rehearsal.bench.measuring import Running, filing
from tongban.config.rehearsal.bench.stage import Stage

_USERS = 12
_BETWEEN_KILLS_S = (0.8, 2.0)
_RECOVERY_S_MAX = 60


@dataclass(frozen=True, kw_only=True)
class Crash:
    """What was done and what was found afterwards."""

    requests: int
    acknowledged: int
    repeats: int
    web_kills: int
    database_kills: int
    #: Acknowledged cases that are not there.
    lost: int
    #: Cases beyond one a request.
    doubled: int
    #: Faults of the chains.
    findings: int

    @property
    def is_whole(self) -> bool:
        """Whether every request was acknowledged, and every acknowledged act exists exactly once."""
        return self.acknowledged == self.requests and not (self.lost or self.doubled or self.findings)


def crash(stage: Stage, running: Running, *, requests: int, kills: int) -> Crash:
    """File so many applications while killing a web worker and a database process in turn, `kills` times each.

    Raises:
        RuntimeError: the driver failed, or the database did not come back.
    """
    before = Case.objects.count()
    connections.close_all()
    sent = [one.as_text(running.port) for one in filing(stage, stage.task_codes, requests)]
    asked = {"port": running.port, "users": _USERS, "requests": sent, "expect": 201, "persist": True}
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, drive.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
        if driver.stdin is None or driver.stdout is None:
            raise RuntimeError("the driver has no pipes")
        driver.stdin.write(json.dumps(asked))
        driver.stdin.close()
        web_kills, database_kills = _kill_in_turn(driver, running, kills)
        answer = driver.stdout.read()
    if driver.returncode:
        raise RuntimeError("the driver failed")
    return _count(json.loads(answer), requests, before, web_kills, database_kills)


def _kill_in_turn(driver: "subprocess.Popen[str]", running: Running, kills: int) -> tuple[int, int]:
    chance = random.Random(20180425)  # noqa: S311 - repeatable on purpose
    web = database = 0
    for _ in range(kills):
        for kind in ("web", "database"):
            time.sleep(chance.uniform(*_BETWEEN_KILLS_S))
            if driver.poll() is not None:
                return web, database
            killed = _kill(running.web_pid if kind == "web" else running.database_pid, chance, kind)
            web += killed and kind == "web"
            database += killed and kind == "database"
    return web, database


def _kill(parent: int, chance: random.Random, kind: str) -> bool:
    """Kill one child: a web worker, or a process that serves a connection (the whole database then recovers)."""
    children = [pid for pid in machine.family(parent) if pid != parent]
    if kind == "database":
        children = [pid for pid in children if b"127.0.0.1" in _command(pid)]
    if not children:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(chance.choice(children), signal.SIGKILL)
        return True
    return False


def _command(pid: int) -> bytes:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _count(answer: dict[str, object], requests: int, before: int, web_kills: int, database_kills: int) -> Crash:
    bodies = answer["bodies"]
    repeats = answer["repeats"]
    if not isinstance(bodies, list) or not isinstance(repeats, int):
        raise TypeError("the driver's answer has another shape")
    numbers = [str(json.loads(body)["case_no"]) for body in bodies]
    _wait_for_database()
    there = set(Case.objects.filter(case_no__in=numbers).values_list("case_no", flat=True))
    made = Case.objects.count() - before
    return Crash(
        requests=requests,
        acknowledged=len(numbers),
        repeats=repeats,
        web_kills=web_kills,
        database_kills=database_kills,
        lost=len(set(numbers) - there),
        doubled=(len(numbers) - len(set(numbers))) + max(made - len(set(numbers)), 0),
        findings=len(chain.verify()),
    )


def _wait_for_database() -> None:
    until = time.monotonic() + _RECOVERY_S_MAX
    while True:
        try:
            Case.objects.exists()
        except Exception as error:
            connections.close_all()
            if time.monotonic() > until:
                raise RuntimeError("the database did not come back") from error
            time.sleep(0.2)
        else:
            return
