"""Definitions of published versions, parsed once a process: a version never changes."""

from __future__ import annotations

from tongban.catalogue.definition import Definition
from tongban.catalogue.models import ItemVersion

#: Versions kept parsed in a process.
KEPT_MAX = 2048


def definition_of(version: ItemVersion) -> Definition:
    """The definition of a version as its type."""
    key = (version.pk, version.digest)
    found = _parsed.get(key)
    if found is None:
        if len(_parsed) >= KEPT_MAX:
            _parsed.clear()
        found = _parsed[key] = version.parsed
    return found


#: By key and digest: in tests a key is used again for other content.
_parsed: dict[tuple[int, str], Definition] = {}
