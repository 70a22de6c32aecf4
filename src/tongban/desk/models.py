"""Tables of the room: views of panels that people keep."""

from typing import ClassVar

from django.db import models

from tongban.directory.models import Organisation
from tongban.identity.models import Account

NAME_MAX = 20
ADDRESS_MAX = 1000


class SavedView(models.Model):
    """Filters, order and columns of a panel under a name (常用视图); a head may share it with the unit."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    panel = models.CharField(max_length=50)
    name = models.CharField(max_length=NAME_MAX)
    #: What stands in the address behind the question mark, without the place in the list.
    address = models.CharField(max_length=ADDRESS_MAX)
    #: Everybody with a post there finds it too.
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["organisation", "panel"], name="saved_view_of_unit")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "panel", "name"], name="saved_view_name_once"),
        ]


class FirstView(models.Model):
    """With which view somebody begins on a panel; their own choice, also of a view that the unit shares."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    panel = models.CharField(max_length=50)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "panel"], name="first_view_once")]
