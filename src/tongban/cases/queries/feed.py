"""What happened to a system's cases, from a place in the line on."""

from django.utils.translation import gettext as _

from tongban.base import lines
from tongban.cases.models import FeedEntry
from tongban.identity.queries import organisation_of_client
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound


def feed(actor: Actor, *, after: str | None = None, size: int | None = None) -> lines.Stretch[FeedEntry]:
    """Events of the cases that the system filed and of those in its organisation's charge, from the oldest on.

    Events of before the feed began are not in it.

    Raises:
        NotFound: the actor may not read events.
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    if not actor.has_scope("events:read"):
        raise NotFound(_("这个接口"), code="scope_missing")
    filed = FeedEntry.objects.filter(client_id=actor.client_id)
    ours = FeedEntry.objects.filter(organisation_id=organisation_of_client(actor) or 0)
    joined = FeedEntry.objects.select_related("event", "case__implementation", "organisation")
    return lines.follow([filed, ours], joined=joined, after=after, size=size)
