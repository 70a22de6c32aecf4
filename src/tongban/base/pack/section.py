"""What a room adds to the city pack, and the register of all rooms' sections."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from tongban.base.pack.located import Finding
from tongban.base.pack.pack import Pack
from tongban.kernel.actor import Actor


@dataclass(slots=True)
class Changes:
    """What loading one section did, named so that a person recognises each thing."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def total(self) -> int:
        """How many things the load touched."""
        return len(self.added) + len(self.changed) + len(self.retired)


class PackSection(ABC):
    """One part of the pack, checked and loaded by the room that owns its tables.

    A room registers one instance in `AppConfig.ready`. `check` reads files only (no database), publishes what it
    defines with `pack.define` and yields everything that is wrong, not only the first thing. `load` is called after all
    sections have checked without an error, inside one transaction, in `order`; it must be idempotent.
    """

    #: Unique, for example `directory`.
    name: ClassVar[str]
    #: What people call it.
    title: ClassVar[str]
    #: Checked and loaded from low to high: directory 20, calendar 25, identity 30, licences 40, catalogue 50.
    order: ClassVar[int]
    #: Patterns of the files it reads; a file that no section reads is reported.
    files: ClassVar[tuple[str, ...]] = ()
    #: Raise it when the same files must be loaded again because `load` writes something new.
    revision: ClassVar[int] = 1

    @abstractmethod
    def check(self, pack: Pack) -> Iterable[Finding]:
        """Everything wrong with this section's files."""

    def remarks(self, pack: Pack) -> Iterable[str]:
        """What a person should know of files that are not wrong, a line each; called after `check`."""
        del pack
        return ()

    @abstractmethod
    def load(self, pack: Pack, actor: Actor) -> Changes:
        """Bring the tables to what the files say."""


_sections: dict[str, PackSection] = {}


def register(section: PackSection) -> None:
    """Add a room's section; the same class again is no change.

    Raises:
        TypeError: not a section, or another class has this name.
    """
    if not isinstance(section, PackSection):
        raise TypeError(f"{section!r} is not a PackSection.")
    known = _sections.get(section.name)
    if known is not None and type(known) is not type(section):
        raise TypeError(f"Two pack sections are called {section.name!r}.")
    _sections[section.name] = section


def sections() -> list[PackSection]:
    """All registered sections in the order of loading."""
    return sorted(_sections.values(), key=lambda section: (section.order, section.name))
