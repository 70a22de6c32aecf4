"""Reading by a statement that is written once: Django compiles a queryset the first time, afterwards it only runs.

To write a statement anew costs the ORM more than to send it. A `Prepared` queryset is declared once, with parameters
where the values come; the rows are the models that the queryset would give, with whatever is joined to them. What a
page reads of one thing in several tables goes in one statement: `once` and `ahead`.
"""

import copy
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, ForeignObject, Lookup, QuerySet
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler
from psycopg.adapt import Transformer
from psycopg.pq import Format

T = TypeVar("T")

#: Statements kept of one `Prepared`: so many shapes nobody means to have.
SHAPES_MAX = 256
#: The database's number for truth values.
_BOOL = 16


class Parameter(Expression):
    """The place of a value in a prepared queryset."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: SQLCompiler, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The placeholder; the value is put in when the statement runs."""
        return "%s", (self,)


class _Any(Lookup):
    """Compares with each value of one array: the statement is the same however many there are (unlike `__in`)."""

    prepare_rhs = False
    sign: str

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} {self.sign} ANY({right})", (*left_values, *right_values)


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(_Any):
    """`field__any=[…]`: one of the values of a list."""

    lookup_name, sign = "any", "="


@Field.register_lookup
class LikeAny(_Any):
    """`field__like_any=["4302%", …]`: like one of some patterns; they are ours, never somebody's text."""

    lookup_name, sign = "like_any", "LIKE"


@dataclass(slots=True)
class _Statement:
    """What is kept of a queryset: itself, its compiler after the work, the text and its values.

    No text: its conditions cannot be met, it finds nothing. `types`: what the columns are to the database, once known.
    """

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    text: str
    values: tuple[Any, ...]
    types: tuple[int, ...] = ()

    @property
    def locks(self) -> bool:
        """Whether the rows are locked: such a statement is always run, and alone."""
        return bool(self.queryset.query.select_for_update)

    def ready(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the order of their places."""
        try:
            found = tuple(values[one.name] if isinstance(one, Parameter) else one for one in self.values)
        except KeyError as missing:
            raise TypeError(f"the value {missing} is missing") from None
        if None in values.values():
            raise TypeError(f"a value is None: {sorted(values)}")
        return found

    def read(self, values: Mapping[str, Any]) -> list[Any]:
        """Run it by itself."""
        ready = self.ready(values)
        if not self.text:
            return []
        with connections[self.queryset.db].cursor() as cursor:
            cursor.execute(self.text, ready)
            self.types = self.types or tuple(one.type_code for one in cursor.description)
            return self.models(cursor.fetchall())

    def models(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What the queryset makes of these rows: by its compiler, which has nothing left to write or to ask."""
        queryset = self.queryset.all()
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[queryset.db]
        compiler.execute_sql = lambda *_args, **_kwargs: [rows]  # type: ignore[method-assign, assignment]
        queryset.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(queryset)


class Prepared(Generic[T]):
    """A queryset with parameters, compiled once for each shape.

    `build(*shape, **parameters)` gives the queryset. It must look at nothing that changes but the shape. Values are
    handed over as the database is to get them; None is none of them (`= NULL` finds nothing).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self._build = build
        self._known: dict[tuple[Hashable, ...], _Statement] = {}

    def rows(self, *shape: Hashable, **values: Any) -> list[T]:
        """Run it, or give what was read in this block of `once`.

        Raises:
            TypeError: values are missing, None, or not those of the queryset.
        """
        kept = _kept.get()
        statement = self.statement(shape, values)
        if kept is None or statement.locks:
            return statement.read(values)
        key = Asked(self, shape, values).key
        if key not in kept:
            kept[key] = statement.read(values)
        return list(kept[key])

    def first(self, *shape: Hashable, **values: Any) -> T | None:
        """The first row, or None; the queryset itself finds one at most, or is sliced."""
        return next(iter(self.rows(*shape, **values)), None)

    def asked(self, *shape: Hashable, **values: Any) -> "Asked":
        """The same question, to be read `ahead` together with others."""
        return Asked(self, shape, values)

    def statement(self, shape: tuple[Hashable, ...], names: Mapping[str, Any]) -> _Statement:
        """The statement of a shape, written if it is not known."""
        return self._known.get(shape) or self._compile(shape, names)

    def _compile(self, shape: tuple[Hashable, ...], names: Mapping[str, Any]) -> _Statement:
        queryset = self._build(*shape, **{name: Parameter(name) for name in names})
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            text, values = compiler.as_sql()
        except EmptyResultSet:
            text, values = "", ()
        found = _Statement(queryset, compiler, text, tuple(values))
        if text:
            # They depend on the columns alone, and are asked for with every row set.
            converters = compiler.get_converters([one for one, *_rest in compiler.select[: compiler.col_count]])
            compiler.get_converters = lambda _columns: converters
        if len(self._known) < SHAPES_MAX:
            self._known[shape] = found
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A prepared queryset with its shape and values, not read yet."""

    prepared: Prepared[Any]
    shape: tuple[Hashable, ...]
    values: Mapping[str, Any]

    def rows(self) -> list[Any]:
        """Read it, or give what was read ahead."""
        return self.prepared.rows(*self.shape, **self.values)

    @property
    def key(self) -> Hashable:
        """What two equal questions share."""
        plain = tuple((name, tuple(one) if isinstance(one, list) else one) for name, one in self.values.items())
        return id(self.prepared), self.shape, plain


#: What was read in this block of `once`.
_kept: ContextVar[dict[Hashable, list[Any]] | None] = ContextVar("tongban_read_once", default=None)


@contextmanager
def once() -> Iterator[None]:
    """Until the block ends, what a prepared queryset has read is not read again: for a page, which only looks.

    Whatever is written or locked meanwhile makes the block forget: what is asked for afterwards is read anew.
    """
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        with connections[DEFAULT_DB_ALIAS].execute_wrapper(_watch):
            yield
    finally:
        _kept.reset(token)


def forget() -> None:
    """Read everything anew from here on: for what writes past Django's cursors."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()


def _watch(execute: Callable[..., Any], text: str, values: Any, many: bool, context: Any) -> Any:
    if not text.startswith("SELECT") or "FOR UPDATE" in text:
        forget()
    return execute(text, values, many, context)


def ahead(*questions: Asked) -> None:
    """Read all of this in ONE statement, inside `once`; whoever asks for it afterwards has it.

    Each alone is sent as it is the first time, because the types of its columns are not known yet.

    Raises:
        RuntimeError: outside of `once`.
    """
    kept = _kept.get()
    if kept is None:
        raise RuntimeError("reading ahead is for a block of reading.once()")
    wanted = {one.key: one for one in questions if one.key not in kept}
    found = {key: one.prepared.statement(one.shape, one.values) for key, one in wanted.items()}
    joined = [key for key, one in found.items() if one.types and not one.locks]
    for key, one in wanted.items():
        if key not in joined:
            kept[key] = one.rows()
    if joined:
        statements = [found[key] for key in joined]
        for key, rows in zip(joined, _read_together(statements, [wanted[key].values for key in joined]), strict=True):
            kept[key] = rows


def _read_together(statements: Sequence[_Statement], values: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Rows of several statements from one: each behind its number, every column as text, read as its own type."""
    ready = [value for one, mine in zip(statements, values, strict=True) for value in one.ready(mine)]
    with connections[statements[0].queryset.db].cursor() as cursor:
        cursor.execute(_one_text(tuple((one.text, one.types) for one in statements)), ready)
        result, loaders = cursor.cursor.pgresult, []
        for one in statements:
            loader = Transformer(cursor.cursor.connection)
            loader.set_loader_types(one.types, Format.TEXT)
            loaders.append(loader)
        rows: list[list[tuple[Any, ...]]] = [[] for _one in statements]
        for line in range(result.ntuples):
            number = int(result.get_value(line, 0))
            width = len(statements[number].types)
            cells = [result.get_value(line, column) for column in range(1, width + 1)]
            rows[number].append(loaders[number].load_sequence(cells))
    return [one.models(mine) for one, mine in zip(statements, rows, strict=True)]


@lru_cache(maxsize=SHAPES_MAX)
def _one_text(statements: tuple[tuple[str, tuple[int, ...]], ...]) -> str:
    width = max(len(types) for _text, types in statements)
    parts = []
    for number, (text, types) in enumerate(statements):
        names = [f"c{place}" for place in range(len(types))]
        # As text, a truth value would be "true"; the database sends "t".
        cells = [
            f"left(a.{name}::text, 1)" if kind == _BOOL else f"a.{name}::text"
            for name, kind in zip(names, types, strict=True)
        ]
        cells += ["NULL::text"] * (width - len(types))
        # Our own statements, written by the ORM.
        parts.append(f"SELECT {number}, {', '.join(cells)} FROM ({text}) AS a({', '.join(names)})")  # noqa: S608
    return " UNION ALL ".join(parts)
