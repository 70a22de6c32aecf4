"""`tongban bench scale`: two loaded platforms, each in a process of its own, asked in turn.

A stand (`bench stand`) loads its database, starts its web server and then does what it reads: "SUBJECT COUNT" a line,
answered by one line of JSON. It ends with its input.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tongban.cli.supervisor import die_with_parent
from tongban.cli.trouble import EXIT_UNAVAILABLE, Trouble

if TYPE_CHECKING:
    from tongban.config.rehearsal.bench import Comparison, Look, Running, Stage

ITEM_SUBJECTS = ("search", "suggest")
SUBJECTS = ("submit", "track", "inbox", "case")
_MARK = "@"
_USERS = 16
#: Requests before anything is measured: what is kept in memory is there then.
_WARM = 200


class Stand:
    """One of the two platforms."""

    def __init__(self, cluster: str, cases: int, seed: int, items: int = 0) -> None:
        command = [sys.executable, "-m", "tongban.cli", "bench", "stand", "--cluster", cluster]
        self._process = subprocess.Popen(
            [*command, "--cases", str(cases), "--seed", str(seed), "--items", str(items)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one thread
        )  # fmt: skip
        self._answer()

    def look(self, subject: str, count: int) -> "Look":
        """Have it measure so many requests."""
        from tongban.config.rehearsal.bench import Look
        from tongban.config.rehearsal.bench.figures import Speeds

        assert self._process.stdin is not None
        self._process.stdin.write(f"{subject} {count}\n")
        self._process.stdin.flush()
        found = self._answer()
        return Look(speeds=Speeds(**found["speeds"]), buffers=found["buffers"])

    def end(self) -> None:
        """Let it stop its web server and database."""
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate(timeout=60)

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(_MARK):
                found: dict[str, Any] = json.loads(line.removeprefix(_MARK))
                return found
            print(line, end="", flush=True)
        raise Trouble("对比用的平台意外停止。", "A stand ended unexpectedly.", code=EXIT_UNAVAILABLE)


def run(*, small: int, large: int, seed: int, rounds: int, seconds: int) -> "Iterator[Comparison]":
    """Measure each subject with few and with many cases, one round here and one there.

    Raises:
        Trouble: a stand ended.
    """
    with _stands(Stand("bench-small", small, seed), lambda: Stand("bench", large, seed)) as stands:
        yield from _compared(SUBJECTS, stands, small, large, rounds, seconds)


def run_items(*, small: int, large: int, seed: int, rounds: int, seconds: int) -> "Iterator[Comparison]":
    """The same of searches, with few and with many items.

    Raises:
        Trouble: a stand ended.
    """
    few = Stand("bench-items", 1, seed, small)
    with _stands(few, lambda: Stand("bench-items-large", 1, seed, large)) as stands:
        yield from _compared(ITEM_SUBJECTS, stands, small, large, rounds, seconds)


@contextlib.contextmanager
def _stands(first: Stand, second: "Callable[[], Stand]") -> "Iterator[list[Stand]]":
    stands = [first]
    try:
        stands.append(second())
        yield stands
    finally:
        for one in stands:
            one.end()


def _compared(
    names: "Sequence[str]", stands: list[Stand], small: int, large: int, rounds: int, seconds: int
) -> "Iterator[Comparison]":
    from tongban.config.rehearsal import bench

    known = {**bench.SUBJECTS, **bench.ITEM_SUBJECTS}
    for name in names:
        rates = [one.look(name, _WARM).speeds.per_second for one in stands]
        count = max(int(min(rates) * seconds), _USERS)
        looks: tuple[list[Look], list[Look]] = ([], [])
        for _ in range(rounds):
            for found, one in zip(looks, stands, strict=True):
                found.append(one.look(name, count))
        yield bench.Comparison(
            subject=known[name].name, small_cases=small, large_cases=large, small=looks[0], large=looks[1]
        )


def stand(ready: "Stage", running: "Running") -> None:
    """Be a stand: measure what is asked for until nobody asks any more."""
    from dataclasses import asdict

    from tongban.config.rehearsal import bench

    known = {**bench.SUBJECTS, **bench.ITEM_SUBJECTS}
    print(f"{_MARK}{{}}", flush=True)
    for line in sys.stdin:
        name, count = line.split()
        found = bench.look(known[name], ready, running, int(count))
        print(f"{_MARK}{json.dumps(asdict(found))}", flush=True)
