"""What upper rooms may fill: who is touched when an item changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

from tongban.base.registry import Registry
from tongban.catalogue.definition import Definition
from tongban.catalogue.models import Implementation


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One thing that a change touches: what it is, what becomes of it, where it is seen ("": nowhere)."""

    what: str
    becomes: str
    href: str = ""


class Dependant(ABC):
    """Something that is made from items and tells, before a change is in force, what the change would do to it."""

    #: Unique, for example `cases.running`.
    key: str

    @abstractmethod
    def effects(
        self, items: Iterable[Implementation], old: Definition | None, new: Definition | None
    ) -> Iterable[Effect]:
        """What would happen if the items' definition `old` became `new` (None: there is none, before or after).

        Reads a bounded number of rows: pages of editors wait for it.
        """


dependants: Registry[Dependant] = Registry("catalogue.dependants", Dependant)  # type: ignore[type-abstract]
