"""Lines of events for readers who go on where they stopped: nothing is skipped, nothing comes twice.

Two transactions that write at once end in any order, so a reader who remembers the highest key of the events themselves
would miss whatever ends late. A line gives each event a place of its own: a lock is held from the taking of the key to
the end of the transaction, so a place that a reader sees has no smaller one still to come. Places are given under the
relay of the outbox, one short transaction each; whoever acts never waits for the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongban.base.models import Event
from tongban.kernel.paging import Cursor, page_size
from tongban.kernel.problems import Invalid

_LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s))"


class Place(models.Model):
    """An event's place in a line; a room that has a line derives its table, and names the line."""

    #: Name of the line's lock, and what a cursor of it begins with.
    line: ClassVar[str]
    cursor: ClassVar[str]

    append_only = True

    #: Without a constraint in the database: events are never removed, and base owes the rooms nothing.
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.cursor}:{self.pk}"


P = TypeVar("P", bound=Place)


@dataclass(frozen=True, kw_only=True)
class Stretch(Generic[P]):
    """Entries in the order of the line, and the cursor to go on from: there is always one."""

    entries: list[P]
    next: str
    more: bool


def take(place: Place) -> None:
    """Put an entry at the end of its line, in the relay's transaction; the line is held until that ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [place.line])
    place.save(force_insert=True)


def follow(
    parts: "Sequence[QuerySet[P]]", *, joined: "QuerySet[P]", after: str | None = None, size: int | None = None
) -> Stretch[P]:
    """The entries behind a cursor that stand in any of the parts, from the oldest on.

    `parts` are subsets of one line, each with an index that ends in the key; `joined` reads the entries that are
    given. Nothing is skipped and nothing comes twice to whoever goes on from `next`.

    Raises:
        Invalid: the cursor is not one of this line (`bad_cursor`).
    """
    secret, count = settings.SECRET_KEY.encode(), page_size(size)
    name = joined.model.cursor
    place = _place(after, name, secret) if after else 0
    # One statement, hence one view of the line: two would let an entry slip in between them.
    first, *others = [part.filter(pk__gt=place).order_by("pk").values("pk")[: count + 1] for part in parts]
    behind = first.union(*others).order_by("pk")[: count + 1] if others else first
    keys = [row["pk"] for row in behind]
    entries = list(joined.filter(pk__in=keys[:count]).order_by("pk"))
    last = entries[-1].pk if entries else place
    return Stretch(entries=entries, next=Cursor((name, last)).encode(secret), more=len(keys) > count)


def _place(after: str, name: str, secret: bytes) -> int:
    values = Cursor.decode(after, secret).values
    if len(values) != 2 or values[0] != name or not isinstance(values[1], int):
        raise Invalid(_("翻页位置无效，请从第一页重新查看。"), code="bad_cursor")
    return values[1]
