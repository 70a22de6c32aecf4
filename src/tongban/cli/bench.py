"""`tongban bench load|submit|track|inbox|case|search|crash`: speed beside the machine's limit; crashes lose nothing."""

import argparse
import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tongban.cli import bench_scale, environment, ports, postgres, postgres_home, stage
from tongban.cli.places import log_file, var
from tongban.cli.supervisor import Supervisor, die_with_parent
from tongban.cli.trouble import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Trouble, require_disk

if TYPE_CHECKING:
    from tongban.config.rehearsal.bench import Running, Stage
    from tongban.config.rehearsal.crashing import Crash

_NAME = "bench"
_PORT = 8790
_START_S_MAX = 60
_MIB_NEEDED = 2_000
_CASES_DEFAULT = 10_000
#: Above this the loading would fill a disk before anybody noticed.
_CASES_MAX = 20_000_000
_CLUSTERS = (_NAME, f"{_NAME}-small", f"{_NAME}-items", f"{_NAME}-items-large")
#: Items with which searches are measured, and with which that is compared.
_ITEMS, _ITEMS_LARGE = 20_000, 200_000
_SUBJECTS = ("submit", "submit-hot", "track", "inbox", "case")


def configure(parser: argparse.ArgumentParser) -> None:
    """Take what is measured, how often and how long."""
    parser.add_argument(
        "subject",
        choices=("load", "all", "scale", "stand", "crash", "search", *_SUBJECTS),
        help="测量什么（stand 由 scale 使用）",
    )
    parser.add_argument("--cluster", choices=_CLUSTERS, default=_NAME, help="var/ 中的哪个数据库")
    parser.add_argument("--against", type=_cases, default=_CASES_DEFAULT, help="scale：与多少件的库相比")
    parser.add_argument("--cases", type=_cases, default=_CASES_DEFAULT, help="库中装入多少件（不重复装载）")
    parser.add_argument(
        "--items", type=int, choices=range(1_000_001), default=0, metavar="N", help="search：装入多少个事项"
    )
    parser.add_argument("--seed", type=int, default=20180425, help="生成数据的种子，相同的种子得到相同的数据")
    parser.add_argument("--rounds", type=int, choices=range(1, 21), default=3, metavar="1-20", help="测量几轮")
    parser.add_argument(
        "--kills", type=int, choices=range(1, 101), default=3, metavar="1-100", help="crash：各种进程各强行结束几次"
    )
    parser.add_argument("--seconds", type=int, choices=range(1, 121), default=5, metavar="1-120", help="每轮多少秒")


def _cases(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _CASES_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1-{_CASES_MAX}")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Prepare the database `var/bench`, load it, and measure.

    Raises:
        Trouble: a database of somebody's is given, or something is missing.
    """
    if not environment.uses_own_database():
        raise Trouble(
            "基准测试只在自己的数据库中进行，请不要设置 DATABASE_URL 后再运行。",
            "bench makes a database of its own; unset DATABASE_URL.",
            code=EXIT_CONFIGURATION,
        )
    require_disk(var(), _MIB_NEEDED)
    # One system files everything here, for one applicant: how often it may is not what is measured.
    for name in ("TONGBAN_API_CALLS", "TONGBAN_API_FILINGS"):
        os.environ[name] = "100000000"
    environment.use_secrets()
    if options.subject == "scale":
        return _scale(options)
    if options.subject == "search":
        return _search(options)
    with environment.database(options.cluster, own=True, owner=True):
        environment.use_django()
        try:
            return _measure(options)
        finally:
            environment.close_connections()


def _measure(options: argparse.Namespace) -> int:
    from tongban.cli import schema
    from tongban.config import citypack
    from tongban.config.rehearsal import bench

    schema.migrate_if_needed()
    print("准备城市与样例办件……", flush=True)
    ready = bench.prepare(citypack.city_root(), kept=var() / f"{options.cluster}.token")
    if options.subject == "crash":
        return _crash(ready, options.kills)
    loaded = _fill(ready, options.cases, options.seed)
    _fill_items(options.items, options.seed)
    if options.subject == "load":
        return 0
    if options.subject == "stand":
        with _served(loaded, options.cluster) as running:
            bench_scale.stand(ready, running)
        return 0
    names = _SUBJECTS if options.subject == "all" else (options.subject,)
    for name in names:
        with _served(loaded, options.cluster) as running:
            found = bench.measure(bench.SUBJECTS[name], ready, running, rounds=options.rounds, seconds=options.seconds)
        for line in found.lines():
            print(line, flush=True)
        report = var() / f"bench-{name}-{time.strftime('%Y%m%d-%H%M%S')}.json"
        report.write_text(json.dumps(found.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def _scale(options: argparse.Namespace) -> int:
    environment.use_django()
    for found in bench_scale.run(
        small=options.against, large=options.cases, seed=options.seed, rounds=options.rounds, seconds=options.seconds
    ):
        print("\n".join(found.lines()), flush=True)
    return 0


def _search(options: argparse.Namespace) -> int:
    """Searches beside the limit of the same statements, then with few and many items in turn."""
    options.cluster, options.cases, options.items = f"{_NAME}-items", 1, options.items or _ITEMS
    with environment.database(options.cluster, own=True, owner=True):
        environment.use_django()
        try:
            _measure_items(options)
        finally:
            environment.close_connections()
    large = max(_ITEMS_LARGE, options.items)
    for found in bench_scale.run_items(
        small=options.items, large=large, seed=options.seed, rounds=options.rounds, seconds=options.seconds
    ):
        print("\n".join(found.lines()), flush=True)
    return 0


def _measure_items(options: argparse.Namespace) -> None:
    from tongban.cli import schema
    from tongban.config import citypack
    from tongban.config.rehearsal import bench

    schema.migrate_if_needed()
    ready = bench.prepare(citypack.city_root(), kept=var() / f"{options.cluster}.token")
    _fill_items(options.items, options.seed)
    for name in bench.ITEM_SUBJECTS:
        with _served(options.items, options.cluster) as running:
            found = bench.measure_items(name, ready, running, rounds=options.rounds, seconds=options.seconds)
        print("\n".join(found.lines()), flush=True)
        report = var() / f"bench-{name}-{time.strftime('%Y%m%d-%H%M%S')}.json"
        report.write_text(json.dumps(found.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")


def _fill_items(wanted: int, seed: int) -> None:
    """Load the items that are missing."""
    from tongban.config.rehearsal import bench

    there = bench.already_there() if wanted else 0
    if there < wanted:
        done = bench.load_items(items=wanted, seed=seed, skip=there)
        print(f"装入 {done.cases:,} 个事项，共 {done.rows:,} 行，用时 {done.seconds:.1f} 秒。", flush=True)


def _crash(ready: "Stage", kills: int) -> int:
    """Run the platform as in operation and kill its processes under load; 1 where an act is lost or doubled."""
    from tongban.config.rehearsal import crashing

    port = ports.nearest_free("127.0.0.1", _PORT)
    stage.set_addresses("127.0.0.1", f"http://127.0.0.1:{port}")
    environment.close_connections()
    with log_file("crash").open("w", encoding="utf-8") as log, ThreadPoolExecutor(1) as beside:
        supervisor = Supervisor(lambda line: print(line, file=log, flush=True), wait_s=0.2)
        try:
            supervisor.start(stage.worker())
            supervisor.start(stage.web("127.0.0.1", port))
            proof = beside.submit(_prove, crashing.crash, ready, port, kills)
            supervisor.run(lambda: not proof.done())
        finally:
            supervisor.stop()
        found = proof.result()
    print("\n".join(found.lines()), flush=True)
    return 1 if found.faults else 0


def _prove(crash: "Callable[..., Crash]", ready: "Stage", port: int, kills: int) -> "Crash":
    _wait_for(port)
    try:
        return crash(ready, port=port, parent=os.getpid(), kills=kills)
    finally:
        environment.close_connections()


def _fill(ready: "Stage", wanted: int, seed: int) -> int:
    """Load what is missing; return how many loaded cases there are."""
    from tongban.config.rehearsal import bench

    there = bench.already_loaded(ready.samples, limit=_CASES_MAX)
    if there >= wanted:
        print(f"库中已装入 {there:,} 件，不再装载。", flush=True)
        return there
    done = bench.load(ready.samples, cases=wanted, seed=seed, skip=there)
    print(
        f"装入 {done.cases:,} 件，共 {done.rows:,} 行，用时 {done.seconds:.1f} 秒，"
        f"每秒 {done.rows_per_second:,.0f} 行。",
        flush=True,
    )
    return wanted


@contextlib.contextmanager
def _served(loaded: int, cluster: str) -> "Iterator[Running]":
    """Run the web server as in operation; stop it at the end."""
    from tongban.config.rehearsal import bench

    port = ports.nearest_free("127.0.0.1", _PORT)
    stage.set_addresses("127.0.0.1", f"http://127.0.0.1:{port}")
    program = stage.web("127.0.0.1", port)
    environment.close_connections()
    given = os.environ | program.environment
    with subprocess.Popen(program.command, env=given, preexec_fn=die_with_parent) as web:  # noqa: PLW1509
        try:
            _wait_for(port)
            own = postgres.current()
            if own is None:
                raise Trouble("找不到本命令启动的数据库进程。", "No database process.", code=EXIT_UNAVAILABLE)
            yield bench.Running(
                port=port,
                web_pid=web.pid,
                database_pid=own.pid,
                cases=loaded,
                programs=postgres_home.prepare(cluster).programs,
            )
        except bench.PgbenchMissingError as error:
            raise Trouble(
                "找不到 pgbench。内置的数据库自带它；使用其他 PostgreSQL 时请安装它的附加程序。",
                "pgbench is missing.",
                code=EXIT_UNAVAILABLE,
            ) from error
        finally:
            web.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + _START_S_MAX
    while not ports.answers("127.0.0.1", port):
        if time.monotonic() > until:
            raise Trouble("网站进程没有启动。", "The web server did not start.", code=EXIT_UNAVAILABLE)
        time.sleep(0.2)
