"""The measurements: each a list of requests, what they must answer, and the statements that are the limit."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.cases.models import Case
from tongban.config.rehearsal.bench import drive, figures, limit, machine
from tongban.config.rehearsal.bench.loading import number_of
from tongban.config.rehearsal.bench.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Running:
    """The platform as it runs: port, process of the web server, process of the database, loaded cases."""

    port: int
    web_pid: int
    database_pid: int
    cases: int
    #: Folder of the database server's programs.
    programs: Path


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request in parts, so that it can be sent by the driver and by Django's own test client."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str = ""

    def as_text(self, port: int) -> str:
        """As it goes over the line."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body.encode())}"]
        return "\r\n".join([*lines, "", self.body])


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is measured: makes its requests; the status each must have; what the machine's limit is.

    `statement`: one that writes the same rows; where there is none, the limit is the request's own statements.
    """

    name: str
    users: int
    expect: int
    requests: Callable[[Stage, Running, int], Iterator[Request]]
    statement: Callable[[Stage], str] | None = None
    #: So many requests a second are also sent at an even pace, each user waiting for their turn; 0: not measured.
    pace: int = 0


def measure(subject: Subject, stage: Stage, running: Running, *, rounds: int, seconds: int) -> figures.Figures:
    """Measure a subject: pgbench, the platform, pgbench, so many times.

    Raises:
        RuntimeError: an answer was not what it must be; nothing is measured then.
    """
    count = drive_rate(subject, stage, running)
    asked = _statements(subject, stage, running)
    script = subject.statement(stage) if subject.statement else limit.same_statements(asked)
    done = []
    for _ in range(rounds):
        before = limit.run(script, clients=8, seconds=seconds, programs=running.programs)
        speeds = drive_requests(subject, stage, running, count * seconds)
        paced = drive_requests(subject, stage, running, subject.pace * seconds, subject.pace) if subject.pace else None
        after = limit.run(script, clients=8, seconds=seconds, programs=running.programs)
        done.append(figures.Round(speeds=speeds, paced=paced, limit_before=before, limit_after=after))
    return figures.Figures(
        subject=subject.name,
        pace=subject.pace,
        users=subject.users,
        cases=running.cases,
        statements=len(asked),
        rounds=tuple(done),
        worker_mib=max(machine.resident_mib(machine.family(running.web_pid)).values(), default=0.0),
    )


def drive_rate(subject: Subject, stage: Stage, running: Running) -> int:
    """Send a few hundred requests and say how many the platform answers in a second."""
    found = drive_requests(subject, stage, running, subject.users * 12)
    return max(int(found.per_second), 1)


def drive_requests(subject: Subject, stage: Stage, running: Running, count: int, a_second: int = 0) -> figures.Speeds:
    """Send so many requests (at least one a user) from the driver's process, and measure.

    `a_second`: at this pace; 0: as fast as they are answered.

    Raises:
        RuntimeError: an answer was not what it must be.
    """
    requests = [one.as_text(running.port) for one in subject.requests(stage, running, max(count, subject.users))]
    asked = {"port": running.port, "users": subject.users, "requests": requests, "expect": subject.expect}
    asked["a_second"] = a_second
    web, database = machine.family(running.web_pid), machine.family(running.database_pid)
    web_before, database_before = machine.cpu_s(web), machine.cpu_s(database)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, drive.__file__],
        input=json.dumps(asked), capture_output=True, text=True, check=False, env=dict(os.environ),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the driver failed: {done.stderr[-1500:]}")
    found = json.loads(done.stdout)
    if found["wrong"]:
        raise RuntimeError(
            f"{found['wrong']} of {found['answers']} answers were wrong; the first: {found['first_wrong']}"
        )
    return figures.speeds(
        found["latencies_ms"],
        seconds=found["seconds"],
        web_cpu_s=machine.cpu_s(web) - web_before,
        database_cpu_s=machine.cpu_s(machine.family(running.database_pid)) - database_before,
    )


def _statements(subject: Subject, stage: Stage, running: Running) -> list[str]:
    """The statements that one request sends, once everything that is kept in memory is there."""
    round_trip = len(stage.task_codes)
    requests = list(subject.requests(stage, running, round_trip + 1))
    # The same item, and where nothing is changed the same request: what is kept in memory is there then.
    return statements_of(
        subject, requests[round_trip], before=requests[round_trip] if requests[0].method == "GET" else requests[0]
    )


def statements_of(subject: Subject, request: Request, *, before: Request | None = None) -> list[str]:
    """The statements that this request sends after another one (itself)."""
    client = Client(SERVER_NAME="127.0.0.1")
    _send(client, before or request, subject.expect)
    with CaptureQueriesContext(connection) as asked:
        _send(client, request, subject.expect)
    return [str(one["sql"]) for one in asked.captured_queries]


def _send(client: Client, request: Request, expect: int) -> None:
    headers = dict(request.headers)
    answer = client.generic(
        request.method, request.path, request.body, content_type="application/json", headers=headers
    )
    if answer.status_code != expect:
        raise RuntimeError(f"{request.path} was answered with {answer.status_code}, not {expect}")


def _filing(stage: Stage, task_codes: Sequence[str], count: int) -> Iterator[Request]:
    for number in range(count):
        yield Request(
            method="POST",
            path="/api/v1/cases",
            headers={"Authorization": f"Bearer {stage.token}", "Idempotency-Key": str(uuid.uuid4())},
            body=stage.filing.replace("@TASK", task_codes[number % len(task_codes)]),
        )


def _tracking(stage: Stage, running: Running, count: int) -> Iterator[Request]:
    headers = {"Authorization": f"Bearer {stage.token}"}
    for number in range(count):
        found = number_of(stage.samples, number * 7919 % max(running.cases, 1))
        yield Request(method="GET", path=f"/api/v1/cases/{found}", headers=headers)


def _pages(path: str) -> Callable[[Stage, Running, int], Iterator[Request]]:
    def requests(stage: Stage, running: Running, count: int) -> Iterator[Request]:
        del running
        headers = {"Cookie": f"sessionid={stage.session_key}"}
        return (Request(method="GET", path=path, headers=headers) for _ in range(count))

    return requests


def _case_pages(stage: Stage, running: Running, count: int) -> Iterator[Request]:
    del running
    headers = {"Cookie": f"sessionid={stage.session_key}"}
    path = f"/desk/cases/{stage.desk_case_no}/"
    return (Request(method="GET", path=path, headers=headers) for _ in range(count))


def _submit_limit(stage: Stage) -> str:
    return limit.submit_statement(Case.objects.get(pk=stage.samples[0].pk))


SUBJECTS: Mapping[str, Subject] = {
    "submit": Subject(
        name="提交申请，分散到各机构", users=16, expect=201, statement=_submit_limit,
        requests=lambda stage, _running, count: _filing(stage, stage.task_codes, count),
    ),
    "submit-hot": Subject(
        name="提交申请，集中于一个事项", users=16, expect=201, statement=_submit_limit,
        requests=lambda stage, _running, count: _filing(stage, stage.task_codes[:1], count),
    ),
    "track": Subject(name="查询进度", users=16, expect=200, requests=_tracking),
    "inbox": Subject(
        name="待办列表，100 行", users=16, expect=200, pace=100,
        requests=_pages("/desk/cases/?size=100"),
    ),
    "case": Subject(name="办件页面", users=16, expect=200, requests=_case_pages),
}  # fmt: skip
