"""Proof by force: acts under load while processes of the web server, the worker and the database are killed.

Whoever gets no answer sends the same request again under the same Idempotency-Key, as any caller does. In the end
every acknowledged act exists exactly once, with its events, its place in the line of events and its documents.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from django.db import Error as DatabaseError
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from tongban.base import chain
from tongban.base.models import Delivery, Event
from tongban.cases.events import KINDS, CaseSubmitted, CaseWithdrawn
from tongban.cases.models import Case
from tongban.cases.models.feed import FeedEntry
from tongban.config.rehearsal.bench import machine
from tongban.config.rehearsal.bench.stage import Stage
from tongban.documents.models import Document, DocumentFile

_USERS = 8
_TIMEOUT_S = 30
_ACT_S_MAX = 180
#: The platform must be at work again before it is hit again, at no foreseeable moment of that work.
_ACTS_BETWEEN_KILLS = 15
_MOMENT_S = (0.0, 0.3)
#: A worker counts as dead when it was silent for half a minute; its jobs are looked for each minute.
_DRAIN_S_MAX = 240
#: Answers after which the same request is sent again.
_AGAIN = frozenset({429, 500, 502, 503, 504})


class WrongAnswerError(Exception):
    """The platform answered an act with what no repetition mends."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A kind of process to be killed: its name, and how its processes are told from others by their command line."""

    name: str
    is_one: Callable[[str], bool]


#: In turn: a process of the web server, the worker, the process that serves one connection of the database (after
#: which the whole database recovers).
TARGETS = (
    Target(name="web", is_one=lambda line: "granian" in line),
    Target(name="worker", is_one=lambda line: line.endswith("tongban.cli worker")),
    Target(name="database", is_one=lambda line: line.startswith("postgres: tongban ")),
)


@dataclass(kw_only=True)
class Done:
    """What callers were told: numbers of cases that were filed, and of those the withdrawn ones."""

    filed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    repeats: int = 0


@dataclass(frozen=True, kw_only=True)
class Crash:
    """What was done to the platform, and every fault found afterwards in words; none: each act exists once."""

    kills: Mapping[str, int]
    filed: int
    withdrawn: int
    repeats: int
    faults: tuple[str, ...]

    def lines(self) -> list[str]:
        """The same for people."""
        killed = "、".join(f"{name} {times} 次" for name, times in self.kills.items())
        told = (
            f"强行结束进程：{killed}。确认提交 {self.filed} 件、撤回 {self.withdrawn} 件，重发请求 {self.repeats} 次。"
        )
        return [told, *(self.faults or ("每一次已确认的操作都恰好存在一次，事件、文书和事件序列完整。",))]


def crash(stage: Stage, *, port: int, parent: int, kills: int) -> Crash:
    """Act under load on the platform at `port`, and kill each kind of the processes under `parent` `kills` times.

    Raises:
        WrongAnswerError: an act was answered with what it must not be.
        RuntimeError: the platform did not come back.
    """
    before = Case.objects.count()
    connections.close_all()
    done, enough = Done(), threading.Event()
    with ThreadPoolExecutor(_USERS) as users:
        working = [users.submit(_act, stage, port, number, enough, done) for number in range(_USERS)]
        try:
            killed = _kill_in_turn(parent, kills, done)
        finally:
            enough.set()
        for one in working:
            one.result()
    _until(_is_idle, "the jobs are not done", _DRAIN_S_MAX)
    return Crash(
        kills=killed,
        filed=len(done.filed),
        withdrawn=len(done.withdrawn),
        repeats=done.repeats,
        faults=tuple(_faults(done, before)),
    )


def _act(stage: Stage, port: int, user: int, enough: threading.Event, done: Done) -> None:
    """File, and withdraw every second time, until it is enough; each act until it is acknowledged."""
    codes = stage.task_codes
    for number in count(user, _USERS):
        if enough.is_set():
            return
        body = stage.filing.replace("@TASK", codes[number % len(codes)])
        case_no = str(_insist(stage, port, "/api/v1/cases", body, 201, done)["case_no"])
        done.filed.append(case_no)
        if len(done.filed) % 2:
            _insist(stage, port, f"/api/v1/cases/{case_no}/withdraw", json.dumps({"reason": "不再需要"}), 200, done)
            done.withdrawn.append(case_no)


def _insist(stage: Stage, port: int, path: str, body: str, wanted: int, done: Done) -> Mapping[str, object]:
    headers = {
        "Authorization": f"Bearer {stage.token}",
        "Idempotency-Key": str(uuid.uuid4()),
        "Content-Type": "application/json",
    }
    until = time.monotonic() + _ACT_S_MAX
    while time.monotonic() < until:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        try:
            line.request("POST", path, body.encode(), headers)
            answer = line.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            status = 0
        else:
            status = answer.status
        finally:
            line.close()
        if status == wanted:
            found: Mapping[str, object] = json.loads(text)
            return found
        if status and status not in _AGAIN:
            raise WrongAnswerError(f"{path}: {status} {text[:500].decode(errors='replace')}")
        done.repeats += 1
        time.sleep(0.2)
    raise RuntimeError(f"{path} was not acknowledged within {_ACT_S_MAX} s")


def _kill_in_turn(parent: int, kills: int, done: Done) -> Mapping[str, int]:
    chance = random.Random(20180425)  # noqa: S311 - repeatable on purpose
    killed: Counter[str] = Counter()
    for _ in range(kills):
        for target in TARGETS:
            _until(partial(_has_done, done, len(done.filed) + _ACTS_BETWEEN_KILLS), "nothing is done any more")
            time.sleep(chance.uniform(*_MOMENT_S))
            _until(partial(_kill_one, parent, target, chance), f"{target.name} did not come back")
            killed[target.name] += 1
    return killed


def _has_done(done: Done, acts: int) -> bool:
    return len(done.filed) >= acts


def _until(ready: Callable[[], bool], otherwise: str, seconds: float = _ACT_S_MAX) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(0.05)


def _kill_one(parent: int, target: Target, chance: random.Random) -> bool:
    found = [pid for pid in machine.family(parent) if pid != parent and target.is_one(_command(pid))]
    if not found:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(chance.choice(found), signal.SIGKILL)
        return True
    return False


def _command(pid: int) -> str:
    try:
        line = (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return line.replace(b"\x00", b" ").decode(errors="replace").strip()


def _is_idle() -> bool:
    """Whether everything is done: periodic jobs aside, and messages, for which there is nobody to take them here."""
    try:
        return not _unfinished()
    except DatabaseError:
        connection.close()
        return False


def _unfinished() -> bool:
    jobs = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), queueing_lock__isnull=True)
    waiting = jobs.exclude(task_name="notices.carry_out", status="todo")
    return waiting.exists() or Delivery.objects.exclude(state=Delivery.State.DONE).exists()


def _faults(done: Done, before: int) -> list[str]:
    numbers = done.filed
    cases = {one.case_no: one for one in Case.objects.filter(case_no__in=numbers)}
    found = [f"{one} 已确认提交，但不存在" for one in numbers if one not in cases]
    if len(set(numbers)) != len(numbers):
        found.append("同一编号确认了两次提交")
    made = Case.objects.count() - before
    if made != len(numbers):
        found.append(f"确认提交 {len(numbers)} 件，库中多出 {made} 件")
    found += _faults_of_events(cases, set(done.withdrawn))
    found += _faults_of_documents(cases)
    return found + [str(one) for one in chain.verify()]


def _faults_of_events(cases: Mapping[str, Case], withdrawn: set[str]) -> list[str]:
    happened: dict[str, Counter[str]] = {}
    ids: list[int] = []
    told = Event.objects.filter(subject__in=[one.subject for one in cases.values()], kind__in=KINDS)
    for key, subject, kind in told.values_list("pk", "subject", "kind"):
        happened.setdefault(subject, Counter())[kind] += 1
        ids.append(key)
    found = []
    for number, case in cases.items():
        kinds = happened.get(case.subject, Counter())
        wanted = (1, 1 if number in withdrawn else 0)
        if (kinds[CaseSubmitted.kind], kinds[CaseWithdrawn.kind]) != wanted:
            found.append(f"{number} 的提交、撤回事件是 {dict(kinds)}")
        if (case.state == "withdrawn") != (number in withdrawn):
            found.append(f"{number} 的状态是 {case.state}")
    places = Counter(FeedEntry.objects.filter(event_id__in=ids).values_list("event_id", flat=True))
    if any(times != 1 for times in places.values()) or len(places) != len(ids):
        found.append(f"{len(ids)} 个事件在事件序列中有 {sum(places.values())} 个位置")
    return found


def _faults_of_documents(cases: Mapping[str, Case]) -> list[str]:
    subjects = [one.subject for one in cases.values()]
    issued = Counter(Document.objects.filter(subject__in=subjects).values_list("subject", "kind"))
    made = DocumentFile.objects.filter(document__subject__in=subjects).count()
    found = [f"{subject} 有 {times} 份 {kind}" for (subject, kind), times in issued.items() if times != 1]
    if made != sum(issued.values()):
        found.append(f"文书 {sum(issued.values())} 份，制成文件 {made} 份")
    return found
