"""The statements of the search: which rows, in which order, from where on. Written once, values put in by the driver.

The best hits come first, step by step: what is called exactly so, what has the words in its name, in what people call
it, in what it gives, in who runs it. Within a step by rank. Each step is a branch of its own that ends after a page, so
that a common word costs no more than a rare one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

_TABLE = "catalogue_searchentry"


@dataclass(frozen=True)
class Condition:
    """Part of a WHERE with its values."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step: its number, and what its rows have that those of the steps before have not."""

    number: int
    query: str
    before: str = ""

    def condition(self) -> Condition:
        """As a condition; a step without a query takes every row."""
        if not self.query:
            return Condition("TRUE")
        if not self.before:
            return Condition("e.search @@ %s::tsquery", (self.query,))
        return Condition("e.search @@ %s::tsquery AND NOT e.search @@ %s::tsquery", (self.query, self.before))


@dataclass(frozen=True)
class Place:
    """A place in the list: step, rank and key of a row; `backwards`: the rows before it are wanted."""

    step: int
    rank: int
    base_id: int
    backwards: bool = False


#: step, rank, key, line as JSON.
Row = tuple[int, int, int, str]


def rows(steps: Sequence[Step], narrowed: Condition, *, place: Place | None, limit: int) -> list[Row]:
    """Rows of these steps, the best first (before a place: the nearest first), at most `limit`."""
    turned = place is not None and place.backwards
    order = "rank DESC, base_id DESC" if turned else "rank, base_id"
    parts, values = [], []
    for step in steps:
        conditions = [step.condition(), narrowed]
        if place is not None and step.number == place.step:
            sign = "<" if turned else ">"
            conditions.append(Condition(f"(e.rank, e.base_id) {sign} (%s, %s)", (place.rank, place.base_id)))
        where = " AND ".join(one.text for one in conditions)
        parts.append(
            f"(SELECT {step.number} AS step, e.rank, e.base_id, e.shown FROM {_TABLE} e "  # noqa: S608 - no values
            f"WHERE {where} ORDER BY {order} LIMIT {limit})"
        )
        values += [value for one in conditions for value in one.values]
    text = parts[0]
    if len(parts) > 1:
        first = "step DESC" if turned else "step"
        text = f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS found ORDER BY {first}, {order} LIMIT {limit}"  # noqa: S608
    return _read(text, values)


def counts(query: str, narrowed: Condition, apart: Sequence[Sequence[str]], *, limit: int) -> list[tuple[Any, ...]]:
    """For each token: how many of the first `limit` rows have it and all tokens of the first list; of the second; …

    The empty token stands in every row.
    """
    where = "e.search @@ %s::tsquery" if query else "TRUE"
    columns = ", ".join("count(*) FILTER (WHERE s.facets @> %s::varchar[])" for _one in apart)
    text = (
        f"SELECT f.token, {columns} FROM (SELECT e.facets FROM {_TABLE} e WHERE {where} AND {narrowed.text} "  # noqa: S608
        "LIMIT %s) s CROSS JOIN LATERAL unnest(s.facets || ''::varchar) AS f(token) GROUP BY f.token"
    )
    values = [*(list(one) for one in apart), *([query] if query else []), *narrowed.values, limit]
    return _read(text, values)


def partial(queries: Sequence[str], anyone: str, narrowed: Condition, *, limit: int, looked_at: int) -> list[Row]:
    """Rows that have some of the terms, most terms first; only the `looked_at` most used are looked at."""
    score = " + ".join("(s.search @@ %s::tsquery)::int" for _one in queries)
    text = (
        f"SELECT 0, s.rank, s.base_id, s.shown FROM (SELECT e.* FROM {_TABLE} e WHERE e.search @@ %s::tsquery "  # noqa: S608
        f"AND {narrowed.text} ORDER BY e.rank, e.base_id LIMIT %s) s ORDER BY {score} DESC, s.rank, s.base_id LIMIT %s"
    )
    return _read(text, [anyone, *narrowed.values, looked_at, *queries, limit])


def _read(text: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found: list[Any] = cursor.fetchall()
        return found
