"""What happened to a system's cases, from a place in the line on."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.cases.models import FeedEntry
from tongban.identity.queries import organisation_of_client
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Cursor, page_size
from tongban.kernel.problems import Invalid, NotFound


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """Entries in the order of the line, and the cursor to go on from: there is always one."""

    entries: list[FeedEntry]
    next: str
    more: bool


def feed(actor: Actor, *, after: str | None = None, size: int | None = None) -> FeedPage:
    """Events of the cases that the system filed and of those in its organisation's charge, from the oldest on.

    Nothing is skipped and nothing comes twice to whoever goes on from `next`. Events of before the feed began are not
    in it.

    Raises:
        NotFound: the actor may not read events.
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    if not actor.has_scope("events:read"):
        raise NotFound(_("这个接口"), code="scope_missing")
    secret, count = settings.SECRET_KEY.encode(), page_size(size)
    place = _place(after, secret) if after else 0
    behind = FeedEntry.objects.filter(pk__gt=place)
    # One statement, hence one view of the line: two would let an entry slip in between them.
    filed = behind.filter(client_id=actor.client_id).order_by("pk").values("pk")[: count + 1]
    ours = behind.filter(organisation_id=organisation_of_client(actor) or 0).order_by("pk").values("pk")[: count + 1]
    keys = [row["pk"] for row in filed.union(ours).order_by("pk")[: count + 1]]
    joined = FeedEntry.objects.select_related("event", "case__implementation", "organisation")
    entries = list(joined.filter(pk__in=keys[:count]).order_by("pk"))
    last = entries[-1].pk if entries else place
    return FeedPage(entries=entries, next=Cursor(("feed", last)).encode(secret), more=len(keys) > count)


def _place(after: str, secret: bytes) -> int:
    values = Cursor.decode(after, secret).values
    if len(values) != 2 or values[0] != "feed" or not isinstance(values[1], int):
        raise Invalid(_("翻页位置无效，请从第一页重新查看。"), code="bad_cursor")
    return values[1]
