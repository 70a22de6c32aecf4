"""What happened to the catalogue, from a place in the line on."""

from tongban.base import lines
from tongban.catalogue.models import FeedEntry


def changes(*, after: str | None = None, size: int | None = None) -> lines.Stretch[FeedEntry]:
    """Every version, suspension, resumption and cancellation, from the oldest on.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = FeedEntry.objects.all()
    return lines.follow([rows], joined=rows.select_related("event"), after=after, size=size)
