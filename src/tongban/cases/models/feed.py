"""The line in which systems read what happened to cases."""

from typing import ClassVar

from django.db import models

from tongban.base.lines import Place
from tongban.cases.models.case import Case
from tongban.directory.models import Organisation


class FeedEntry(Place):
    """An event's place in the line of the cases.

    `client_id` is the system that filed the case (None for other channels), `organisation` the body in charge then.
    """

    line = "tongban.cases.feed"
    cursor = "feed"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_id = models.BigIntegerField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client_id", "id"], name="feed_of_client"),
            models.Index(fields=["organisation", "id"], name="feed_of_organisation"),
        ]
