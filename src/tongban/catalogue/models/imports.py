"""Files of items that an editor handed in on the desk, until they became change orders."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class ItemImport(models.Model):
    """One file of one editor (导入): what checking it found, and the change orders that came of it.

    The file itself is kept until it is carried out or another takes its place.
    """

    class State(models.TextChoices):
        CHECKED = "checked", "已检查"
        DONE = "done", "已生成变更单"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    #: The editor's account.
    account = models.BigIntegerField()
    name = models.CharField(max_length=200)
    dictionary = models.CharField(max_length=20)
    data = models.BinaryField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKED)
    #: Whether nothing stands in the way.
    is_good = models.BooleanField()
    #: Findings as lines of a report; outcomes with their field changes; how many by what happens.
    findings = models.JSONField()
    outcomes = models.JSONField()
    counts = models.JSONField()
    #: Numbers of the change orders.
    orders = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "id"], name="item_import_account")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state="checked"), name="item_import_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name
