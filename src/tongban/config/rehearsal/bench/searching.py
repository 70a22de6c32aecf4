"""How fast items are found: pages of a search beside pgbench with the same statements, suggestions while typing."""

import random
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from tongban.catalogue.searching import words
from tongban.config.rehearsal.bench import figures, limit, machine
from tongban.config.rehearsal.bench.items import name_of
from tongban.config.rehearsal.bench.measuring import (
    Request,
    Running,
    Subject,
    drive_rate,
    drive_requests,
    statements_of,
)
from tongban.config.rehearsal.bench.stage import Stage

#: Different searches, asked in turn.
_ASKED = 60
#: Suggestions a second, at which the time of one is measured without a queue before it.
_PACE = 20


def measure_items(name: str, stage: Stage, running: Running, *, rounds: int, seconds: int) -> figures.Figures:
    """Measure "search" or "suggest": pgbench with the statements of all the different requests, the platform, pgbench.

    Raises:
        RuntimeError: an answer was not what it must be.
    """
    subject = ITEM_SUBJECTS[name]
    asked = list(subject.requests(stage, running, _ASKED))
    sent = [statements_of(subject, one) for one in asked]
    script = limit.same_statements([text for one in sent for text in one])
    count = drive_rate(subject, stage, running)
    done = []
    for _ in range(rounds):
        before = limit.run(script, clients=8, seconds=seconds, programs=running.programs) * _ASKED
        speeds = drive_requests(subject, stage, running, count * seconds)
        paced = drive_requests(subject, stage, running, subject.pace * seconds, subject.pace) if subject.pace else None
        after = limit.run(script, clients=8, seconds=seconds, programs=running.programs) * _ASKED
        done.append(figures.Round(speeds=speeds, paced=paced, limit_before=before, limit_after=after))
    return figures.Figures(
        subject=subject.name,
        pace=subject.pace,
        users=subject.users,
        cases=running.cases,
        statements=round(sum(map(len, sent)) / _ASKED),
        rounds=tuple(done),
        worker_mib=max(machine.resident_mib(machine.family(running.web_pid)).values(), default=0.0),
    )


def _searches() -> Iterator[str]:
    """Addresses of searches as people make them: mostly a thing and what is done with it, in Han or letters."""
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    while True:
        what, of_it, name = name_of(chance.randrange(20_000))
        yield from (f"q={quote(text)}" for text in (
            what + of_it, name, what, f"开{what}店", words.latin(what + of_it)[1],
            f"我想办{what}{of_it}许可需要什么材料",
            f"{what}许可", f"{of_it}许可证", words.latin(what)[0], f"{what}{of_it[:1]}错",
        ))  # fmt: skip
        yield f"q={quote(what)}&target=person"
        yield "target=company"


def _typing() -> Iterator[str]:
    """What is sent while somebody types a name, in Han and in initials."""
    chance = random.Random(2)  # noqa: S311
    while True:
        name = name_of(chance.randrange(20_000))[2]
        letters = words.latin(words.run(name))[1]
        for length in range(1, 7):
            yield f"q={quote(name[:length])}"
            yield f"q={letters[:length]}"


def _pages(path: str, addresses: Callable[[], Iterator[str]]) -> Callable[[Stage, Running, int], Iterator[Request]]:
    def requests(stage: Stage, running: Running, count: int) -> Iterator[Request]:
        del stage, running
        there: Sequence[str] = [one for one, _number in zip(addresses(), range(_ASKED), strict=False)]
        return (Request(method="GET", path=f"{path}?{there[number % _ASKED]}", headers={}) for number in range(count))

    return requests


ITEM_SUBJECTS = {
    "search": Subject(name="搜索事项的页面", users=16, expect=200, requests=_pages("/search/", _searches)),
    "suggest": Subject(
        name="边输入边提示", users=4, expect=200, pace=_PACE, requests=_pages("/search/suggest/", _typing)
    ),
}
