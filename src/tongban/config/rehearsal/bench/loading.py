"""Filling a database with cases by COPY: copies of real sample cases under other numbers, dates and states.

Deterministic by seed. A copy has its row, its chain with one rightly hashed event, and its entries in inboxes: open for
one case in ten, closed for the others, as in a city that keeps its limits.
"""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.db import connection, connections, transaction
from django.db.models import Model

from tongban.base.models import Chain, Event
from tongban.base.verification import body
from tongban.cases.models import Case, InboxEntry
from tongban.kernel.codes import case_no as case_numbers
from tongban.kernel.hashchain import GENESIS, event_hash

#: One case in so many is still open.
_OPEN_OF = 10
_FIRST_DAY = date(2024, 12, 1)
_DAYS = 700
_BATCH = 20_000
_NULL = r"\N"
_GENESIS = rf"\\x{GENESIS.hex()}"
_EVENT_COLUMNS = ("subject", "seq", "kind", "at", "recorded_at", "actor_ref", "payload", "previous", "hash")


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was loaded: cases, rows in all tables, seconds that COPY and its preparation took."""

    cases: int
    rows: int
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """Rows a second over all tables."""
        return self.rows / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, kw_only=True)
class _Pattern:
    """One sample case as rows of text, as COPY writes them: names of columns to values."""

    case: Case
    row: dict[str, str]
    entries: tuple[dict[str, str], ...]
    event: Event


def already_loaded(samples: Sequence[Case], *, limit: int) -> int:
    """How many cases were loaded before, found by their numbers: nothing is counted."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if Case.objects.filter(case_no=number_of(samples, middle - 1)).exists():
            low = middle
        else:
            high = middle - 1
    return low


def load(samples: Sequence[Case], *, cases: int, seed: int, skip: int = 0) -> Loaded:
    """Load copies of the samples up to `cases`, spread evenly over them and over two years; `skip` are there already.

    Raises:
        ValueError: no samples.
    """
    if not samples:
        raise ValueError("nothing to copy")
    patterns = [_pattern(one) for one in samples]
    numbered = [one.case for one in patterns]
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    began = time.perf_counter()
    rows = 0
    for start in range(skip, cases, _BATCH):
        batch = [(n, number_of(numbered, n)) for n in range(start, min(start + _BATCH, cases))]
        rows += _load_batch(patterns, chance, batch)
    seconds = time.perf_counter() - began
    # Only the owner of the tables may have them looked through.
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_inboxentry, base_chain, base_event")
    return Loaded(cases=cases - skip, rows=rows, seconds=seconds)


def number_of(samples: Sequence[Case], position: int) -> str:
    """The number of the loaded case at a position (from 0)."""
    task_code = samples[position % len(samples)].implementation.task_code
    return f"{_beginning(task_code, _day(position))}{position // len(samples) + 1:04}"


@lru_cache(maxsize=100_000)
def _beginning(task_code: str, day: date) -> str:
    return case_numbers.make(task_code, day, 1)[:-4]


@transaction.atomic
def _load_batch(patterns: Sequence[_Pattern], chance: random.Random, batch: Sequence[tuple[int, str]]) -> int:
    lines: dict[type[Model], list[str]] = {Case: [], InboxEntry: [], Chain: [], Event: []}
    keys = _keys(Case, len(batch))
    entry_keys = iter(_keys(InboxEntry, len(batch) * max(len(one.entries) for one in patterns)))
    for key, (position, case_no) in zip(keys, batch, strict=True):
        pattern = patterns[position % len(patterns)]
        is_open = chance.randrange(_OPEN_OF) == 0
        at = datetime.combine(_day(position), datetime.min.time(), UTC) + timedelta(seconds=chance.randrange(40_000))
        lines[Case].append(_case_line(pattern.row, key, case_no, at, is_open=is_open))
        for entry in pattern.entries:
            given = {"id": str(next(entry_keys)), "case_id": str(key), "case_no": case_no}
            lines[InboxEntry].append(_entry_line(entry, given, at, is_open=is_open))
        event, head = _event_line(pattern.event, case_no, at)
        lines[Event].append(event)
        lines[Chain].append(f"case:{case_no}\t1\t{head}\n")
    columns = {
        Case: tuple(patterns[0].row),
        InboxEntry: tuple(patterns[0].entries[0]),
        Chain: ("subject", "length", "head"),
        Event: _EVENT_COLUMNS,
    }
    for model, found in lines.items():
        _copy(model, columns[model], found)
    return sum(map(len, lines.values()))


def _pattern(case: Case) -> _Pattern:
    """The sample as rows of text. Whom it belongs to is left out: the copies are nobody's, and the sample's own list
    of cases stays short.
    """
    row = _rows(Case, "id", case.pk)[0] | {"account_id": _NULL, "person_id": _NULL}
    entries = tuple(_rows(InboxEntry, "case_id", case.pk))
    event = Event.objects.get(subject=case.subject, kind="CaseSubmitted")
    return _Pattern(case=case, row=row, entries=entries, event=event)


def _rows(model: type[Model], column: str, key: int) -> list[dict[str, str]]:
    """Rows as COPY writes them, column by column."""
    names = [str(one.column) for one in model._meta.local_concrete_fields]
    table = model._meta.db_table
    chosen = ", ".join(f'"{one}"' for one in names)
    query = f"COPY (SELECT {chosen} FROM {table} WHERE {column} = {int(key)} ORDER BY id) TO STDOUT"  # noqa: S608
    connection.ensure_connection()
    with connection.connection.cursor().copy(query) as found:
        text = b"".join(found).decode()
    return [dict(zip(names, line.split("\t"), strict=True)) for line in text.splitlines()]


def _case_line(row: dict[str, str], key: int, case_no: str, at: datetime, *, is_open: bool) -> str:
    given = {"id": str(key), "case_no": case_no, "submitted_at": at.isoformat()}
    if not is_open:
        done = (at + timedelta(days=3)).isoformat()
        given |= {"state": "completed", "result_code": "0", "received_at": done, "accepted_at": done,
                  "decided_at": done, "completed_at": done, "delivered_at": done}  # fmt: skip
    return "\t".join((row | given).values()) + "\n"


def _entry_line(entry: dict[str, str], given: dict[str, str], at: datetime, *, is_open: bool) -> str:
    given |= {"due_on": (at + timedelta(days=7)).date().isoformat(), "opened_at": at.isoformat()}
    if not is_open:
        given["closed_at"] = (at + timedelta(days=1)).isoformat()
    # A column that this version of the table does not have is left out.
    return "\t".join((entry | {name: value for name, value in given.items() if name in entry}).values()) + "\n"


def _event_line(pattern: Event, case_no: str, at: datetime) -> tuple[str, str]:
    """The row of a case's first event and the hash of it, both as COPY wants them."""
    event = Event(
        subject=f"case:{case_no}", seq=1, kind=pattern.kind, at=at, recorded_at=at,
        actor_ref=pattern.actor_ref, payload=pattern.payload, previous=GENESIS,
    )  # fmt: skip
    head = rf"\\x{event_hash(GENESIS, body(event)).hex()}"
    payload = json.dumps(event.payload, ensure_ascii=False).replace("\\", "\\\\")
    moment_text = at.isoformat()
    cells = (event.subject, "1", event.kind, moment_text, moment_text, event.actor_ref, payload, _GENESIS, head)
    return "\t".join(cells) + "\n", head


def _copy(model: type[Model], columns: Sequence[str], lines: Sequence[str]) -> None:
    names = ", ".join(f'"{one}"' for one in columns)
    table = model._meta.db_table
    with connection.connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as sink:
        sink.write("".join(lines))


def _day(position: int) -> date:
    return _FIRST_DAY + timedelta(days=position % _DAYS)


def _keys(model: type[Model], count: int) -> list[int]:
    """Keys of new rows, taken from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
