"""The one search over items: for the portal, the desk, the window and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, F, Func, QuerySet, Value

from tongban.catalogue.models import SearchEntry
from tongban.catalogue.searching import asking, correcting, rows, statements
from tongban.catalogue.searching.asking import STEPS, Asked
from tongban.catalogue.searching.narrowing import Narrow, places_in_reach
from tongban.catalogue.searching.rows import ItemRow
from tongban.catalogue.searching.statements import Narrowed, Place, Row
from tongban.directory.queries import breadcrumb
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.problems import Invalid, NotFound


@dataclass(frozen=True)
class Found:
    """A page of items, and what had to be done to find them."""

    page: Page[ItemRow]
    #: What was searched for instead of what was typed; empty where that found something.
    meant: str = ""
    #: Whether the items have only some of the words.
    partly: bool = False


def find(text: str = "", narrow: Narrow | None = None, *, cursor: str | None = None, size: int | None = None) -> Found:
    """Items that take cases: those called so first, then by name, everyday words, result, body; within that by rank.

    Where nothing has all the words, what was probably meant is searched for, else what has some of them.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    narrow = narrow or Narrow()
    place, equals, meant = _place(cursor)
    wanted = page_size(size)
    condition = narrowed(narrow)
    if condition is None:
        return Found(Page([]))
    asked = asking.read(meant or text, equals=equals) if text.strip() else None
    if asked is not None and asked.empty:
        return Found(Page([]))
    found, asked = _rows(asked, condition, place, wanted + 1)
    if not found and asked is not None and place is None:
        return _otherwise(asked, narrow, condition, wanted)
    return Found(_page(found, narrow, asked, place, wanted, meant), meant)


def bases_found(text: str, narrow: Narrow | None = None) -> QuerySet[SearchEntry]:
    """Keys of the items that `find` would find, whatever their order: to narrow other lists by (`base__in=…`)."""
    narrow = narrow or Narrow()
    rows = SearchEntry.objects.filter(facets__contains=list(narrow.tokens().values()))
    if text.strip():
        asked = asking.read(text)
        found = rows.filter(_Matches(asked))
        for other in correcting.meant(asked) if not asked.empty and not found.exists() else ():
            corrected = rows.filter(_Matches(asking.read(other)))
            if corrected.exists():
                found = corrected
                break
        rows = found
    return rows.values("base_id")  # type: ignore[return-value]


class _Matches(Func):
    """Whether an entry has all that was asked for, somewhere."""

    template, arg_joiner, output_field = "%(expressions)s", " @@ ", BooleanField()

    def __init__(self, asked: Asked) -> None:
        query = f"{asked.whole()} | {asked.step(STEPS[-1])}" if not asked.empty else ""
        super().__init__(F("search"), Func(Value(query), template="%(expressions)s::tsquery"))


def narrowed(narrow: Narrow) -> Narrowed | None:
    """What a list is narrowed by, as the statements want it; None: the division is unknown."""
    places: tuple[str, ...] = ()
    if narrow.division:
        try:
            above = [part.code for part in breadcrumb(narrow.division)]
        except NotFound:
            return None
        places = tuple(places_in_reach(above, narrow.division))
    inner, values = "", ()
    if narrow.of_one_body:
        inner, values = rows.bodies(narrow).values("base_id").query.sql_with_params()
    return Narrowed(tuple(narrow.tokens().values()), places, inner, tuple(values))


def steps_of(asked: Asked, literal: Asked) -> list[str]:
    """The queries by how much their hits are worth: called so, named so, said so, gives it, runs it."""
    return [asked.whole(), literal.step(STEPS[0]), *(asked.step(spaces) for spaces in STEPS[1:])]


def _rows(asked: Asked | None, among: Narrowed, place: Place | None, limit: int) -> tuple[list[Row], Asked | None]:
    """Rows in their order; equal words count only where nothing is called exactly so."""
    if asked is None:
        return statements.ordered([""], among, place=place, limit=limit), None
    literal = asking.read(asked.typed, equals=False)
    if (
        place is None
        and asked.terms != literal.terms
        and statements.ordered([asked.whole()], among, place=None, limit=1)
    ):
        asked = literal
    return statements.ordered(steps_of(asked, literal), among, place=place, limit=limit), asked


def _otherwise(asked: Asked, narrow: Narrow, condition: Narrowed, size: int) -> Found:
    """What was probably meant, else what has some of the words, else nothing."""
    for text in correcting.meant(asked):
        other = asking.read(text)
        if not other.empty:
            found, other_read = _rows(other, condition, None, size + 1)
            if found:
                return Found(_page(found, narrow, other_read, None, size, text), text)
    if len(asked.terms) < 2:
        return Found(Page([]))
    terms = [asked.term(number) for number in range(len(asked.terms))]
    partly = statements.partial(terms, condition, limit=size)
    return Found(Page(rows.lines(_kept(partly), narrow, asked)), partly=bool(partly))


def _page(
    found: Sequence[Row], narrow: Narrow, asked: Asked | None, place: Place | None, size: int, meant: str
) -> Page[ItemRow]:
    backwards = place is not None and place.backwards
    more = len(found) > size
    shown = list(found[:size])
    if backwards:
        shown.reverse()
    equals = asked is None or asked.equals
    following = _cursor(shown[-1], equals, meant) if shown and (more or backwards) else None
    before = _cursor(shown[0], equals, meant, backwards=True) if shown and (more if backwards else place) else None
    return Page(rows.lines(_kept(shown), narrow, asked), following, before)


def _kept(found: Sequence[Row]) -> dict[int, dict[str, Any]]:
    return {row.base_id: row.shown for row in found}


def _cursor(row: Row, equals: bool, meant: str, *, backwards: bool = False) -> str:
    return Cursor((row.step, row.rank, row.base_id, equals, meant), backwards).encode(_secret())


def _place(cursor: str | None) -> tuple[Place | None, bool, str]:
    """Where a page begins, whether equal words count, and what is searched for instead."""
    if not cursor:
        return None, True, ""
    here = Cursor.decode(cursor, _secret())
    if [type(one) for one in here.values] != [int, int, int, bool, str]:
        raise Invalid("翻页位置无效，请从第一页重新查看。", code="bad_cursor")
    step, rank, base, equals, meant = here.values
    return Place(int(step), int(rank), int(base), here.backwards), bool(equals), str(meant)


def _secret() -> bytes:
    return str(settings.SECRET_KEY).encode()
