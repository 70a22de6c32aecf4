"""The measurements: what is loaded is right, the limit writes the same rows, the figures are computed rightly."""

import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection, transaction

from tongban.base import chain
from tongban.cases.models import Case, InboxEntry
from tongban.config import citypack
from tongban.config.rehearsal.bench import SUBJECTS, Running, drive, figures, limit, load, measuring, prepare, scale
from tongban.config.rehearsal.bench.loading import already_loaded, number_of
from tongban.kernel.codes import case_no


@pytest.fixture
def ready(live_city, tmp_path):
    del live_city
    return prepare(citypack.city_root(), kept=tmp_path / "token")


def test_loaded_cases_have_right_numbers_whole_chains_and_open_entries_for_one_in_ten(ready):
    done = load(ready.samples, cases=400, seed=7)
    assert already_loaded(ready.samples, limit=10_000) == 400
    assert done.cases == 400
    assert done.rows == 400 * 3 + InboxEntry.objects.exclude(case__in=ready.samples).count()
    assert chain.verify() == []
    numbers = [number_of(ready.samples, position) for position in range(400)]
    assert len(set(numbers)) == 400
    assert all(case_no.parse(one).code == one for one in numbers[:20])
    copies = Case.objects.filter(case_no__in=numbers)
    still_open = set(copies.filter(state="submitted").values_list("case_no", flat=True))
    assert 15 <= len(still_open) <= 75
    entries = InboxEntry.objects.filter(case__case_no__in=numbers, closed_at__isnull=True)
    assert set(entries.values_list("case__case_no", flat=True)) == still_open
    assert copies.first().applicant == Case.objects.get(pk=ready.samples[0].pk).applicant


def test_the_same_seed_loads_the_same_and_loading_goes_on_where_it_stopped(ready):
    load(ready.samples, cases=30, seed=7)
    load(ready.samples, cases=50, seed=7, skip=30)
    assert already_loaded(ready.samples, limit=1_000) == 50
    again = prepare(citypack.city_root(), kept=ready.kept)
    assert (again.client_id, [one.pk for one in again.samples]) == (
        ready.client_id,
        [one.pk for one in ready.samples],
    )


def test_the_limit_writes_as_many_rows_as_a_submission_and_can_be_repeated(ready):
    statement = limit.submit_statement(ready.samples[0])
    entries = InboxEntry.objects.filter(case=ready.samples[0]).count()
    for number in (1, 2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.replace("%", "%%").replace(":n)", f"{number})"))
        made = Case.objects.get(case_no=f"B{number}")
        assert InboxEntry.objects.filter(case=made).count() == entries
        assert [one.kind for one in chain.events(made.subject)] == ["DocumentIssued", "CaseSubmitted"]


def test_the_limit_of_a_reading_is_its_own_statements_in_which_pgbench_finds_no_variable(ready, tmp_path):
    running = Running(port=1, web_pid=1, database_pid=1, cases=0, programs=tmp_path)
    load(ready.samples, cases=3, seed=1)
    asked = measuring._statements(SUBJECTS["track"], ready, replace(running, cases=3))
    script = limit.same_statements(asked)
    assert not re.search(r"(?<!:):\w", script)
    with transaction.atomic(), connection.cursor() as cursor:
        for text, plain in zip(asked, script.split(";\n"), strict=True):
            found = []
            for one in (text, plain):
                cursor.execute(one.replace("%", "%%"))
                found.append(cursor.rowcount)
            assert found[0] == found[1], text


def test_percentiles_are_values_that_were_measured():
    values = [float(one) for one in range(1, 101)]
    assert [figures.percentile(values, one) for one in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert figures.percentile([3.0], 99) == 3.0
    with pytest.raises(ValueError, match="nothing"):
        figures.speeds([], seconds=1, web_cpu_s=0, database_cpu_s=0)


def test_the_driver_times_every_answer_and_tells_of_wrong_ones():
    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(200 if self.path == "/good" else 404)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        requests = [f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in ["/good"] * 9 + ["/bad"]]
        asked = {"port": server.server_port, "users": 3, "requests": requests, "expect": 200, "a_second": 0}
        done = subprocess.run(
            [sys.executable, drive.__file__], input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        began = time.monotonic()
        subprocess.run(
            [sys.executable, drive.__file__],
            input=json.dumps(asked | {"a_second": 20}),
            text=True,
            check=True,
            capture_output=True,
        )
        server.shutdown()
    # Ten requests, a twentieth of a second from one to the next.
    assert time.monotonic() - began >= 0.45
    found = json.loads(done.stdout)
    assert (found["answers"], found["wrong"], len(found["latencies_ms"])) == (10, 1, 10)
    assert found["first_wrong"].startswith("HTTP/1.1 404")
    assert found["seconds"] > 0


def test_statements_are_counted_of_answers_that_are_right_only(ready, tmp_path, settings):
    settings.API_FILINGS_PER_HOUR = 1_000_000
    running = Running(port=1, web_pid=1, database_pid=1, cases=0, programs=tmp_path)
    assert 5 < len(measuring._statements(SUBJECTS["submit"], ready, running)) < 20
    settings.API_CALLS_PER_MINUTE = {"client": 0, "address": 0}
    with pytest.raises(RuntimeError, match="429"):
        measuring._statements(SUBJECTS["submit"], ready, running)


def _look(p95_ms: float, buffers: float) -> scale.Look:
    speeds = figures.Speeds(
        per_second=100, p50_ms=p95_ms / 2, p95_ms=p95_ms, p99_ms=p95_ms * 2, web_cpu_ms=1, database_cpu_ms=1
    )
    return scale.Look(speeds=speeds, buffers=buffers)


def test_a_large_platform_is_compared_by_medians_so_that_one_bad_round_says_nothing():
    found = scale.Comparison(
        subject="查询进度",
        small_cases=10_000,
        large_cases=1_000_000,
        small=[_look(10, 40), _look(12, 40), _look(900, 40)],
        large=[_look(15, 44), _look(18, 50), _look(16, 44)],
    )
    assert found.p95_ratio == pytest.approx(16 / 12)
    assert found.buffers_ratio == pytest.approx(1.1)
    assert "10,000 件与 1,000,000 件" in found.lines()[0]
    assert "1.33 倍" in found.lines()[2]
