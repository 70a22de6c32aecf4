"""Reading by a statement that is written once: Django compiles a queryset the first time, afterwards it only runs.

To write a statement anew costs the ORM more than to send it. A `Prepared` queryset is declared once, with parameters
where the values come; the rows are the models that the queryset would give, with whatever is joined to them.
"""

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Field, ForeignObject, Lookup, QuerySet
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T")

#: Statements kept of one `Prepared`: so many shapes nobody means to have.
SHAPES_MAX = 256


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


@dataclass(frozen=True, slots=True)
class _Statement:
    """What is kept of a queryset: itself, its compiler after the work, the text and its values.

    No text: its conditions cannot be met, it finds nothing.
    """

    queryset: QuerySet[Any, Any]
    compiler: SQLCompiler
    text: str
    values: tuple[Any, ...]


class Prepared(Generic[T]):
    """A queryset with parameters, compiled once for each shape.

    `build(*shape, **parameters)` gives the queryset. It must look at nothing that changes but the shape. Values are
    handed over as the database is to get them; None is none of them (`= NULL` finds nothing).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]]) -> None:
        self._build = build
        self._known: dict[tuple[Hashable, ...], _Statement] = {}

    def rows(self, *shape: Hashable, **values: Any) -> list[T]:
        """Run it.

        Raises:
            TypeError: values are missing, None, or not those of the queryset.
        """
        found = self._known.get(shape) or self._compile(shape, values)
        try:
            ready = [values[one.name] if isinstance(one, Parameter) else one for one in found.values]
        except KeyError as missing:
            raise TypeError(f"the value {missing} is missing") from None
        if None in values.values():
            raise TypeError(f"a value is None: {sorted(values)}")
        return list(_bound(found, tuple(ready))) if found.text else []

    def first(self, *shape: Hashable, **values: Any) -> T | None:
        """The first row, or None; the queryset itself finds one at most, or is sliced."""
        return next(iter(self.rows(*shape, **values)), None)

    def _compile(self, shape: tuple[Hashable, ...], names: dict[str, Any]) -> _Statement:
        queryset = self._build(*shape, **{name: Parameter(name) for name in names})
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            text, values = compiler.as_sql()
        except EmptyResultSet:
            text, values = "", ()
        found = _Statement(queryset, compiler, text, tuple(values))
        if len(self._known) < SHAPES_MAX:
            self._known[shape] = found
        return found


def _bound(found: _Statement, values: tuple[Any, ...]) -> QuerySet[Any, Any]:
    """The queryset whose compiler has nothing left to write: for one run, in this thread's connection."""
    queryset = found.queryset.all()
    compiler = copy.copy(found.compiler)
    compiler.connection = connections[queryset.db]
    compiler.as_sql = lambda *_args, **_kwargs: (found.text, values)  # type: ignore[method-assign]
    queryset.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
    return queryset
