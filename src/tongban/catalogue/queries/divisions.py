"""Divisions as forms offer them: the towns of the city, each under its county."""

from __future__ import annotations

from tongban.base import reference
from tongban.catalogue.forms import Choice
from tongban.directory.models import Division
from tongban.directory.queries import breadcrumb, divisions_under


def address_choices(city_code: str) -> tuple[Choice, ...]:
    """Every town and street in force under a city (12-digit code), grouped by county, for address fields."""
    counties = {row.code: row.name for row in divisions_under(city_code) if row.level in ("county", "zone")}
    towns = divisions_under(city_code, level="town").order_by("code")
    return tuple(Choice(town.code, town.name, counties.get(town.parent_id or "", "")) for town in towns)


def county_choices(city_code: str) -> tuple[tuple[str, str], ...]:
    """Every county and district in force under a city (12-digit code), by the six figures of its official code."""
    under = divisions_under(city_code, level="county").order_by("code")
    return tuple((one.code[:6], one.name) for one in under if not one.internal)


def division_name(code: str) -> str:
    """A division's name with its county in front (渌口区渌口镇); the code itself if it is unknown."""
    # Only names are kept, not what people type for a code.
    known: dict[str, str] = reference.cached("directory", "full names", dict)
    if code not in known:
        if not Division.objects.filter(pk=code).exists():
            return code
        known[code] = _full_name(code)
    return known[code]


def division_stated(figures: str) -> str:
    """The name of a division that somebody stated by six or nine figures; the figures where it is not of this city."""
    padded = figures.ljust(12, "0")
    name = division_name(padded) if figures else ""
    return figures if name == padded else name


def _full_name(code: str) -> str:
    return "".join(part.name for part in breadcrumb(code) if part.level not in ("province", "city"))
