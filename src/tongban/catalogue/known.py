"""Whether the units and places that a draft names are in the directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tongban.catalogue.faults import Fault
from tongban.directory.models import Organisation, Place


def unknown(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Units and places that the content (plain values) names and the directory does not have in being."""
    units = dict(_units(content))
    found = Organisation.objects.filter(code__in=set(units.values()), valid_to=None).values_list("code", flat=True)
    known = set(found)
    for path, code in units.items():
        if code not in known:
            yield Fault("unit.unknown", path, f"机构目录里没有 {code} 这个单位，请核对统一社会信用代码")
    wanted = _texts(content.get("windows"))
    there = set(Place.objects.filter(code__in=wanted.values(), valid_to=None).values_list("code", flat=True))
    for number, code in wanted.items():
        if code not in there:
            yield Fault("place.unknown", f"windows.{number}", f"没有 {code} 这个办理地点，请从列表里选")


def units_named(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Credit codes of all units that the content names."""
    return tuple(code for _path, code in _units(content))


def places_named(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of all places that the content names."""
    return tuple(_texts(content.get("windows")).values())


def _units(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    steps = content.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, Mapping) and isinstance(step.get("unit"), str):
            yield f"steps.{number}.unit", step["unit"]
    for number, code in _texts(content.get("window_organisations")).items():
        yield f"window_organisations.{number}", code


def _texts(value: Any) -> dict[int, str]:
    return {n: one for n, one in enumerate(value) if isinstance(one, str)} if isinstance(value, (list, tuple)) else {}
