"""The statements of the search: which rows, in which order, from where on.

The best hits come first, step by step: what is called exactly so, what has the words in its name, in what people call
it, in what it gives, in who runs it. Within a step by rank. What is found is gathered by the index of words up to a
bound (`tongban_search_hits`, a function of the database, because the planner cannot know how rare a word is that it has
not seen) and put in order; of what is found more often than that, the list is walked by rank until a page is full.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

#: So many hits are gathered and put in order; more often found means that walking by rank soon fills a page.
GATHERED_MAX = 1_000
_TABLE = "catalogue_searchentry"


@dataclass(frozen=True)
class Narrowed:
    """What an entry must have besides: all of the tokens, one of the places, and (`ids`, SQL with values) be one of."""

    tokens: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    ids: str = ""
    values: tuple[Any, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether every entry fits."""
        return not (self.tokens or self.places or self.ids)


@dataclass(frozen=True)
class Place:
    """A place in the list: step, rank and key of a row; `backwards`: the rows before it are wanted."""

    step: int
    rank: int
    base_id: int
    backwards: bool = False


@dataclass(frozen=True)
class Row:
    """An entry that was found: at which step, its rank and key, and the line that it keeps."""

    step: int
    rank: int
    base_id: int
    shown: dict[str, Any]


def ordered(steps: Sequence[str], narrowed: Narrowed, *, place: Place | None, limit: int) -> list[Row]:
    """Rows that fit one of the queries (""; one alone: every row), those of the first first, at most `limit`.

    The last query finds all that those between it and the first find. Before a place the nearest come first.
    """
    if not any(steps):
        if narrowed.nothing:
            return _walked(0, "", narrowed, place, limit)
        found, all_of_them = _gathered("", steps, narrowed, place, limit)
        return found if all_of_them else _walked(0, "", narrowed, place, limit)
    found, all_of_them = _gathered(" | ".join({steps[0], steps[-1]}), steps, narrowed, place, limit)
    return found if all_of_them else _step_by_step(steps, narrowed, place, limit)


def counts(query: str, narrowed: Narrowed, apart: Sequence[Sequence[str]], *, limit: int) -> list[tuple[Any, ...]]:
    """For each token: how many of the first `limit` rows have it and all tokens of the first list; of the second; …

    The empty token stands in every row.
    """
    columns = ", ".join("count(*) FILTER (WHERE e.facets @> %s::varchar[])" for _one in apart)
    if query or not narrowed.nothing:
        rows, values = _hits(query, (), narrowed, limit)
        source = f"{rows} h JOIN {_TABLE} e USING (base_id)"
    else:
        source, values = f"(SELECT facets FROM {_TABLE} LIMIT %s) e", (limit,)  # noqa: S608 - our own name
    text = (
        f"SELECT f.token, {columns} FROM {source} CROSS JOIN LATERAL unnest(e.facets || ''::varchar) AS f(token) "  # noqa: S608
        "GROUP BY f.token"
    )
    return _read(text, [*(list(one) for one in apart), *values])


def partial(terms: Sequence[str], narrowed: Narrowed, *, limit: int) -> list[Row]:
    """Rows that have some of the terms, most terms first."""
    rows, values = _hits(" | ".join(terms), (), narrowed, GATHERED_MAX)
    score = " + ".join("(e.search @@ %s::tsquery)::int" for _one in terms)
    own, own_values = _own(narrowed)
    text = (
        f"SELECT 0, h.rank, h.base_id, e.shown FROM {rows} h JOIN {_TABLE} e USING (base_id) WHERE {own} "  # noqa: S608
        f"ORDER BY {score} DESC, h.rank, h.base_id LIMIT %s"
    )
    return list(_rows(_read(text, [*values, *own_values, *terms, limit])))


def terms(pinyin: str, slips: Sequence[str], *, limit: int) -> list[tuple[str, str]]:
    """Words of the catalogue that sound so, and those that share a slip, at most `limit` of each; with their pinyin."""
    text = "SELECT term, pinyin FROM tongban_search_terms(%s::varchar, %s::varchar[], %s)"
    return _read(text, [pinyin, list(slips), limit])


def _gathered(
    query: str, steps: Sequence[str], narrowed: Narrowed, place: Place | None, limit: int
) -> tuple[list[Row], bool]:
    """Rows out of all that the query finds, and whether all were looked at."""
    hits, values = _hits(query, steps, narrowed, GATHERED_MAX + 1)
    own, own_values = _own(narrowed)
    beyond, more = _beyond(place, "h.step, h.rank, h.base_id")
    text = (
        f"WITH hit AS MATERIALIZED (SELECT * FROM {hits} g) "  # noqa: S608 - our own names and operators
        "SELECT total.n, found.* FROM (SELECT count(*) AS n FROM hit) total LEFT JOIN LATERAL ("
        f"SELECT h.step, h.rank, h.base_id, e.shown FROM hit h JOIN {_TABLE} e USING (base_id) "
        f"WHERE {own} AND {beyond} "
        f"ORDER BY {_order(place, 'h.step', 'h.rank', 'h.base_id')} LIMIT %s) found ON TRUE"
    )
    found = _read(text, [*values, *own_values, *more, limit])
    return list(_rows(row[1:] for row in found if row[1] is not None)), found[0][0] <= GATHERED_MAX


def _step_by_step(steps: Sequence[str], narrowed: Narrowed, place: Place | None, limit: int) -> list[Row]:
    """The same where a word is common: each step by itself, until there are enough."""
    back = place is not None and place.backwards
    found: list[Row] = []
    numbered = list(enumerate(steps))
    for number, step in reversed(numbered) if back else numbered:
        if len(found) >= limit or (place is not None and (number - place.step) * (-1 if back else 1) < 0):
            continue
        before = " | ".join(steps[:number])
        query = f"({step}) & !({before})" if before else step
        here = place if place is not None and place.step == number else None
        at = Place(0, here.rank, here.base_id, back) if here else Place(0, 32_767, 2**62, back) if back else None
        rows, all_of_them = _gathered(query, (query,), narrowed, at, limit - len(found))
        if not all_of_them:
            rows = _walked(number, query, narrowed, at, limit - len(found))
        found += [Row(number, row.rank, row.base_id, row.shown) for row in rows]
    return found


def _walked(number: int, query: str, narrowed: Narrowed, place: Place | None, limit: int) -> list[Row]:
    """Rows by rank, looked at one by one until there are enough: for what is found often."""
    conditions: list[str] = []
    values: list[Any] = []
    if query:
        conditions.append("e.search @@ %s::tsquery")
        values.append(query)
    if narrowed.tokens:
        conditions.append("e.facets @> %s::varchar[]")
        values.append(list(narrowed.tokens))
    if narrowed.places:
        conditions.append("e.places && %s::varchar[]")
        values.append(list(narrowed.places))
    own, own_values = _own(narrowed)
    conditions.append(own)
    values.extend(own_values)
    if place is not None:
        conditions.append(f"(e.rank, e.base_id) {'<' if place.backwards else '>'} (%s, %s)")
        values.extend((place.rank, place.base_id))
    where = " AND ".join(conditions)
    text = (
        f"SELECT {int(number)}, e.rank, e.base_id, e.shown FROM {_TABLE} e WHERE {where} "  # noqa: S608
        f"ORDER BY {_order(place, 'e.rank', 'e.base_id')} LIMIT %s"
    )
    return list(_rows(_read(text, [*values, limit])))


def _hits(query: str, steps: Sequence[str], narrowed: Narrowed, limit: int) -> tuple[str, tuple[Any, ...]]:
    """A call of the database's function, with its values."""
    text = "tongban_search_hits(%s::tsquery, %s::tsquery[], %s::varchar[], %s::varchar[], %s)"
    return text, (query or None, list(steps), list(narrowed.tokens), list(narrowed.places), limit)


def _own(narrowed: Narrowed) -> tuple[str, tuple[Any, ...]]:
    return (f"e.base_id IN ({narrowed.ids})", narrowed.values) if narrowed.ids else ("TRUE", ())


def _beyond(place: Place | None, columns: str) -> tuple[str, tuple[Any, ...]]:
    if place is None:
        return "TRUE", ()
    return f"({columns}) {'<' if place.backwards else '>'} (%s, %s, %s)", (place.step, place.rank, place.base_id)


def _order(place: Place | None, *columns: str) -> str:
    turned = place is not None and place.backwards
    return ", ".join(f"{one} DESC" if turned else one for one in columns)


def _rows(found: Any) -> Iterator[Row]:
    return (Row(step, rank, base, json.loads(shown)) for step, rank, base, shown in found)


def _read(text: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found: list[Any] = cursor.fetchall()
        return found
