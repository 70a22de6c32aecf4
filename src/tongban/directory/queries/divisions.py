"""Reads of divisions."""

from datetime import date

from django.db.models import Q, QuerySet

from tongban.base import moment
from tongban.directory.models import Division, DivisionSuccession
from tongban.directory.queries.search import matching
from tongban.kernel.codes import division as codes
from tongban.kernel.codes.division_history import DivisionRecord, successor
from tongban.kernel.problems import NotFound

#: Most rows a search returns.
SEARCH_MAX = 50


def in_force(on: date | None) -> Q:
    """Rows that exist on that day (today when None)."""
    day = on or moment.today()
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def division(code: str) -> Division:
    """The division of a code of 6, 9 or 12 characters, abolished ones too.

    Raises:
        NotFound: the code is malformed or unknown.
    """
    try:
        return Division.objects.get(code=codes.parse(code).code12)
    except (ValueError, Division.DoesNotExist) as error:
        raise NotFound("这个区划") from error


def divisions_under(code: str, *, level: str | None = None, on: date | None = None) -> QuerySet[Division]:
    """The divisions right under `code`, or all of `level` somewhere under it, that exist on a day (None: today).

    Sorted by code; the division itself is not among them.
    """
    above = division(code)
    rows = Division.objects.filter(in_force(on)).order_by("code")
    if level is None:
        return rows.filter(parent=above)
    width = {"province": 2, "city": 4, "county": 6, "zone": 6, "town": 9, "village": 12}[above.level]
    return rows.filter(level=level, code__startswith=above.code[:width]).exclude(code=above.code)


def breadcrumb(code: str) -> list[Division]:
    """The way from the province down to the division, itself last.

    Raises:
        NotFound: the code is malformed or unknown.
    """
    chain = [division(code).code]
    while (above := codes.parse(chain[-1]).parent12) is not None:
        chain.append(above)
    found = Division.objects.in_bulk(chain)
    return [found[each] for each in reversed(chain) if each in found]


def search_divisions(text: str, *, under: str = "", level: str = "", limit: int = 20) -> list[Division]:
    """Divisions in force by name or pinyin initials, higher levels first; at most `limit` (50)."""
    rows = matching(Division.objects.filter(in_force(None)), text)
    if under:
        rows = rows.filter(code__startswith=under.rstrip("0"))
    if level:
        rows = rows.filter(level=level)
    return list(rows.order_by("code")[: min(limit, SEARCH_MAX)])


def division_history() -> tuple[DivisionRecord, ...]:
    """Every division that came, went or was followed by another, for `kernel.codes.division_history`."""
    arrows = dict(DivisionSuccession.objects.values_list("old_id", "new_id"))
    changed = Division.objects.filter(Q(valid_from__isnull=False) | Q(valid_to__isnull=False)).order_by("code")
    return tuple(
        DivisionRecord(
            code=row.code,
            name=row.name,
            parent=row.parent_id or row.code,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successor=arrows.get(row.code),
            basis=row.note,
        )
        for row in changed
    )


def division_successor(code: str, on: date) -> str:
    """The code that stands for `code` on a day, in the same length; towns follow their county.

    Raises:
        CodeError: the code is malformed.
    """
    return successor(code, on, division_history())
