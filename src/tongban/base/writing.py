"""Writing what one act changes in one statement: rows, events, deliveries and jobs reach the database together.

The number of statements is what a hot command costs, not their size. Inside `together()` the ordinary functions
(`create`, `chain.append`, `jobs.defer`) only collect; at its end one `WITH … INSERT …` sends everything. Outside, each
of them writes at once, so that a command reads the same either way and is proven by the same tests.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import (
    BigAutoField,
    BigIntegerField,
    BinaryField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    SmallIntegerField,
    TextField,
    UUIDField,
)
from django.db.models.expressions import DatabaseDefault
from psycopg import RawCursor

from tongban.base import reading

M = TypeVar("M", bound=Model)

#: Keys taken from a sequence at a time: a gap in keys inside the house means nothing.
_BLOCK = 64


@dataclass(slots=True)
class Head:
    """How long a subject's chain is while its events are collected; `id` is None for one that begins here."""

    id: int | None
    length: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """One job to be queued: the fields of procrastinate's own type, `args` as JSON text."""

    queue: str
    task: str
    priority: int
    lock: str | None
    queueing_lock: str | None
    args: str


@dataclass(slots=True)
class Gathering:
    """What one act has collected so far."""

    rows: dict[type[Model], list[Model]] = field(default_factory=lambda: defaultdict(list))
    #: Rows to be changed, by table and key, each with the columns: one UPDATE a row, because two in one statement
    #: would not see each other.
    changes: dict[tuple[str, Any], tuple[Model, dict[str, None]]] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)


#: Fields whose value the driver takes as it is.
_PLAIN = frozenset({
    BigAutoField, BigIntegerField, BinaryField, BooleanField, CharField, DateField, DateTimeField, IntegerField,
    PositiveIntegerField, PositiveSmallIntegerField, SmallIntegerField, TextField, UUIDField,
})  # fmt: skip
_NEW_CHAIN = "INSERT INTO base_chain (length, head, subject) VALUES (%s, %s, %s)"
_LONGER_CHAIN = "UPDATE base_chain SET length = %s, head = %s WHERE id = %s"
_LONGER_CHAINS = """
UPDATE base_chain SET length = it.length, head = it.head
FROM unnest(%s::bigint[], %s::integer[], %s::bytea[]) AS it (id, length, head) WHERE base_chain.id = it.id"""
#: More chains than this are written as a set.
_CHAINS_EACH_MAX = 8

_current: ContextVar[Gathering | None] = ContextVar("gathering", default=None)
_keys: dict[tuple[str, str], deque[int]] = defaultdict(deque)


def current() -> Gathering | None:
    """What is being collected in this thread, or None."""
    return _current.get()


def gathering() -> Gathering:
    """What is being collected.

    Raises:
        RuntimeError: outside `together`.
    """
    found = _current.get()
    if found is None:
        raise RuntimeError("only inside writing.together")
    return found


@contextmanager
def together() -> Iterator[None]:
    """Collect what is created inside and write it in one statement at the end; nothing is written if it raises.

    What is collected cannot be read back before the end. Inside another `together` it is part of that one; whoever
    catches what was raised inside must give up the whole.

    Raises:
        RuntimeError: no transaction is open; rows and events must stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("writing.together needs the caller's transaction")
    if _current.get() is not None:
        yield
        return
    token = _current.set(Gathering())
    try:
        yield
        gathering = _current.get()
    finally:
        _current.reset(token)
    if gathering is not None:
        _write(gathering)


def create(instance: M) -> M:
    """Insert a new row, now or with the rest of `together`; its key is known at once."""
    gathering = _current.get()
    if gathering is None:
        instance.save(force_insert=True)
    else:
        _collect(gathering, instance)
    return instance


def create_all(instances: Iterable[M]) -> list[M]:
    """Insert new rows of one kind, now or with the rest of `together`."""
    rows = list(instances)
    gathering = _current.get()
    if gathering is None:
        return list(type(rows[0])._default_manager.bulk_create(rows)) if rows else []
    for one in rows:
        _collect(gathering, one)
    return rows


def change(instance: Model, *fields: str) -> None:
    """Update some columns of a row that the caller has locked, now or with the rest of `together`.

    A row that was created in the same `together` is written as it is at the end anyway.
    """
    gathering = _current.get()
    if gathering is None:
        instance.save(update_fields=fields)
    elif not any(one is instance for one in gathering.rows.get(type(instance), ())):
        key = (instance._meta.db_table, instance.pk)
        known, names = gathering.changes.setdefault(key, (instance, {}))
        for name in fields:
            setattr(known, name, getattr(instance, name))
            names[name] = None


def _collect(gathering: Gathering, instance: Model) -> None:
    if instance.pk is None:
        instance.pk = _key(type(instance))
    # What loaders of rows tell Django: the row is no longer to be inserted by itself.
    instance._state.adding = False  # noqa: SLF001
    instance._state.db = connection.alias  # noqa: SLF001
    gathering.rows[type(instance)].append(instance)


def _key(model: type[Model]) -> int:
    waiting = _keys[str(connection.settings_dict["NAME"]), model._meta.db_table]
    try:
        return waiting.popleft()
    except IndexError:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [model._meta.db_table, model._meta.pk.column, _BLOCK],
            )
            first, *rest = (int(row[0]) for row in cursor.fetchall())
        waiting.extend(rest)
        return first


def _write(gathering: Gathering) -> None:
    parts: list[str] = []
    parameters: list[Any] = []
    for rows in gathering.rows.values():
        _add(parts, parameters, *_insert(rows))
    for instance, names in gathering.changes.values():
        _add(parts, parameters, *_update(instance, names))
    known = [head for head in gathering.heads.values() if head.id is not None]
    as_set = len(known) > _CHAINS_EACH_MAX
    if as_set:
        values = [[head.id for head in known], [head.length for head in known], [head.head for head in known]]
        _add(parts, parameters, _LONGER_CHAINS, values)
    for subject, head in gathering.heads.items():
        if as_set and head.id is not None:
            continue
        text = _NEW_CHAIN if head.id is None else _LONGER_CHAIN
        _add(parts, parameters, text, [head.length, head.head, head.id or subject])
    last, jobs = _queue(gathering.jobs)
    if parts or gathering.jobs:
        _run(_statement(tuple(parts), last), [*parameters, *jobs])


def _run(text: str, parameters: Sequence[Any]) -> None:
    """Send the statement; psycopg would take a long text apart each time, so it gets numbered places directly."""
    if connection.queries_logged:
        with connection.cursor() as cursor:
            cursor.execute(text, parameters)
        return
    reading.forget()
    connection.ensure_connection()
    with connection.wrap_database_errors, RawCursor(connection.connection) as raw:
        raw.execute(_numbered(text), parameters, prepare=True)


@lru_cache(maxsize=512)
def _numbered(text: str) -> bytes:
    """The text with $1, $2 … for %s; our own texts hold no other percent sign."""
    first, *others = text.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).encode()


def _add(parts: list[str], parameters: list[Any], text: str, values: Sequence[Any]) -> None:
    parts.append(text)
    parameters.extend(values)


@lru_cache(maxsize=512)
def _statement(parts: tuple[str, ...], last: str) -> str:
    named = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts))
    return f"WITH {named} {last}" if named else last


def _insert(rows: Sequence[Model]) -> tuple[str, list[Any]]:
    meta = rows[0]._meta
    fields = _fields(type(rows[0]))
    values: list[Any] = []
    shapes: list[str] = []
    for row in rows:
        marks = []
        for one, plain in fields:
            value = getattr(row, one.attname) if plain else one.pre_save(row, add=True)
            if isinstance(value, DatabaseDefault):
                marks.append("DEFAULT")
                continue
            marks.append("%s")
            values.append(value if plain else one.get_db_prep_save(value, connection))
        shapes.append(",".join(marks))
    return _insert_text(meta.db_table, tuple(one.column for one, _ in fields), tuple(shapes)), values


@lru_cache(maxsize=512)
def _fields(model: type[Model]) -> tuple[tuple["Field[Any, Any]", bool], ...]:
    """The columns of a table; plain ones hand their value over as it is, all others ask Django's field."""
    return tuple((one, _is_plain(one)) for one in model._meta.local_concrete_fields)


def _is_plain(one: "Field[Any, Any]") -> bool:
    if isinstance(one, ForeignKey):
        return _is_plain(one.target_field)
    return type(one) in _PLAIN and not getattr(one, "auto_now", False) and not getattr(one, "auto_now_add", False)


@lru_cache(maxsize=512)
def _insert_text(table: str, columns: tuple[str, ...], shapes: tuple[str, ...]) -> str:
    names = ", ".join(f'"{one}"' for one in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES {", ".join(f"({one})" for one in shapes)}'  # noqa: S608 - names of models


def _update(instance: Model, names: Iterable[str]) -> tuple[str, list[Any]]:
    meta = instance._meta
    fields = [one for one in meta.local_concrete_fields if one.name in set(names)]
    sets = ", ".join(f'"{one.column}" = %s' for one in fields)
    values = [one.get_db_prep_save(one.pre_save(instance, add=False), connection) for one in fields]
    return f'UPDATE "{meta.db_table}" SET {sets} WHERE "{meta.pk.column}" = %s', [*values, instance.pk]  # noqa: S608


def _queue(jobs: Sequence[Job]) -> tuple[str, list[Any]]:
    if not jobs:
        return "SELECT 1", []
    row = "ROW(%s, %s, %s, %s, %s, %s::jsonb, NULL)::procrastinate_job_to_defer_v1"
    values = [
        value for one in jobs for value in (one.queue, one.task, one.priority, one.lock, one.queueing_lock, one.args)
    ]
    return f"SELECT procrastinate_defer_jobs_v1(ARRAY[{', '.join(row for _ in jobs)}])", values
