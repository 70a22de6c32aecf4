"""What upper rooms bring to the desk: panels, each a tab with a count and a grid of lines."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tongban.base.reading import Asked
from tongban.base.registry import Registry
from tongban.base.web.navigation import Words
from tongban.kernel.actor import Actor

Due = Literal["late", "wait", "run", "pause"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a grid: what, whose, how it stands, by when; `href` opens it."""

    key: str
    href: str
    #: How the time left looks: late (with red), wait (today), run, pause; and in words ("剩 3 天").
    due: Due
    due_words: str
    due_on: date
    title: str
    subject: str
    state_tone: str
    state_label: str
    task: str
    source: str
    who: str
    number: str
    #: Shown where the column is chosen.
    begun_on: date | None = None
    #: The colleague in whose post the reader would do this (代).
    acting_for: str = ""


@dataclass(frozen=True, kw_only=True)
class Band:
    """Lines that fall due together: its heading and its lines."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter as it stands in the address: on or off, and where a tap leads."""

    label: str
    href: str
    on: bool = False


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A view of the panel, with its count (None: not counted)."""

    label: str
    href: str
    current: bool = False
    count: str | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """An act on all marked lines at once: its words, where their keys are posted (as `key`), its single key."""

    label: str
    href: str
    shortcut: str = ""


@dataclass(frozen=True, kw_only=True)
class Menu:
    """A filter with its choices: each leads to the same page with that choice."""

    label: str
    options: tuple[Chip, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A filter that is typed: the name in the address, its words, `text` or `date`, and what stands there."""

    name: str
    label: str
    kind: Literal["text", "date"]
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """How a column sorts: where a tap on its head leads, and how it is sorted now ("" where it is not)."""

    href: str
    direction: Literal["", "ascending", "descending"] = ""


#: Columns of a grid that may be left out, in their order; what stands at first.
COLUMNS = ("task", "source", "who", "begun", "number")
COLUMNS_AT_FIRST = ("task", "source", "who", "number")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page of a panel."""

    bands: tuple[Band, ...]
    tabs: tuple[Tab, ...] = ()
    chips: tuple[Chip, ...] = ()
    #: Cursors as the pager reads them; None where there is no such page.
    next: str | None = None
    previous: str | None = None
    #: What an empty list says: a heading and a sentence with what to do.
    empty: tuple[str, str] = ("没有待办", "")
    acts: Sequence[tuple[str, str]] = field(default_factory=tuple)
    #: What may be done to marked lines; without any, lines cannot be marked.
    batch: tuple[Batch, ...] = ()
    menus: tuple[Menu, ...] = ()
    #: Filters that are typed, and what else stands in the address (kept as it is).
    questions: tuple[Question, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    #: By column (`due`, `item`, `begun`): how it sorts.
    orders: Mapping[str, Order] = field(default_factory=dict)
    #: Of `COLUMNS`: what is shown; and the menu that chooses, None where there is nothing to choose.
    columns: tuple[str, ...] = COLUMNS_AT_FIRST
    choose: Menu | None = None

    @property
    def count(self) -> int:
        """Lines on this page."""
        return sum(len(band.lines) for band in self.bands)

    @property
    def width(self) -> int:
        """Columns of the grid: limit, item, applicant, state and day always; marks where there is an act on them."""
        return 5 + len(self.columns) + bool(self.batch)


class Panel(ABC):
    """A part of the desk that a room brings."""

    key: str
    label: str

    @abstractmethod
    def count(self, actor: Actor) -> int:
        """How much waits for the actor; bounded, one query."""

    def asks(self, actor: Actor) -> Iterable[Asked]:  # noqa: ARG002 - for those that have something to say
        """What `count` reads, to be read ahead with the page's own things."""
        return ()

    def reads(self, actor: Actor, query: Mapping[str, str]) -> Iterable[Asked]:  # noqa: ARG002 - the same
        """What `sheet` reads, as far as it is known beforehand.

        Raises:
            Invalid: a filter that is not offered.
        """
        return ()

    @abstractmethod
    def open_to(self, actor: Actor) -> bool:
        """Whether the actor has this part at all."""

    @abstractmethod
    def sheet(self, actor: Actor, query: Mapping[str, str]) -> Sheet:
        """One page, with filters and cursor as they stand in the address.

        Raises:
            Invalid: a filter or cursor that is not offered.
        """


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing that a search found, as lists may show it: names masked."""

    href: str
    title: str
    subject: str
    state_tone: str
    state_label: str
    place: str
    number: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of what was found; `next` leads to more, None where there is none."""

    hits: tuple[Hit, ...]
    next: str | None = None


class Searchable(ABC):
    """A kind of thing that the desk's search finds, brought by the room that owns it."""

    key: str
    label: Words

    @abstractmethod
    def open_to(self, actor: Actor) -> bool:
        """Whether the actor has such things at all."""

    @abstractmethod
    def search(self, actor: Actor, words: str, cursor: str) -> Found:
        """What the words name, of what the actor may see, by the access rule of the room's lists.

        Raises:
            Invalid: the cursor is not one of ours.
        """

    def personal(self, words: str) -> bool:
        """Whether the words are somebody's number; then they stand in no address."""
        del words
        return False


searchables: Registry[Searchable] = Registry("desk.searchables", Searchable)  # type: ignore[type-abstract]
panels: Registry[Panel] = Registry("desk.panels", Panel)  # type: ignore[type-abstract]


def add_panel(panel: Panel, *, order: int = 50) -> None:
    """Bring a panel to the desk, with its tab in the shell; called in `AppConfig.ready`.

    Raises:
        ValueError: the key is taken.
    """
    from tongban.desk.web import shell

    shell.add_panel(panel, order=order)
