"""The line in which systems read what happened to cases."""

from typing import ClassVar

from django.db import models

from tongban.base.models import Event
from tongban.cases.models.case import Case
from tongban.directory.models import Organisation


class FeedEntry(models.Model):
    """An event's place in the line: keys are given one transaction after the other, so none appears behind another.

    `client_id` is the system that filed the case (None for other channels), `organisation` the body in charge then.
    """

    append_only = True

    #: Without a constraint in the database: events are never removed, and base owes this room nothing.
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_id = models.BigIntegerField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client_id", "id"], name="feed_of_client"),
            models.Index(fields=["organisation", "id"], name="feed_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"feed:{self.pk}"
