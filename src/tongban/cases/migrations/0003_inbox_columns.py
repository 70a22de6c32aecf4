"""Entries of inboxes repeat what lists show, filled here for those that stand already."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
    UPDATE cases_inboxentry AS entry
    SET case_no = c.case_no, item_name = c.item_name, task_code = i.task_code, division_code = c.division_id,
        applicant_masked = c.applicant_name_masked, state = c.state, channel = c.channel,
        submitted_at = c.submitted_at, provisional = c.due_provisional
    FROM cases_case AS c JOIN catalogue_implementation AS i ON i.id = c.implementation_id
    WHERE c.id = entry.case_id
"""
FILL_STEPS = """
    UPDATE cases_inboxentry AS entry
    SET step_name = s.name, claimed_by_id = s.claimed_by_id
    FROM cases_casestep AS s WHERE s.id = entry.step_id
"""


def _text(name: str, length: int) -> Any:
    field = models.CharField(max_length=length, default="")
    return migrations.AddField(model_name="inboxentry", name=name, field=field, preserve_default=False)


def _index(name: str, *columns: str) -> Any:
    index = models.Index(
        fields=["organisation", "role", *columns, "id"], condition=models.Q(closed_at__isnull=True), name=name
    )
    return migrations.AddIndex(model_name="inboxentry", index=index)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_feed"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        _text("case_no", 50),
        _text("item_name", 200),
        _text("task_code", 50),
        _text("division_code", 12),
        _text("applicant_masked", 200),
        _text("state", 30),
        _text("channel", 10),
        migrations.AddField("inboxentry", "provisional", models.BooleanField(default=False)),
        migrations.AddField("inboxentry", "step_name", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("inboxentry", "submitted_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "inboxentry",
            "claimed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FILL_STEPS, migrations.RunSQL.noop),
        # Foreign keys are deferred: their checks are made before the table is altered again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("inboxentry", "submitted_at", models.DateTimeField()),
        _index("inbox_open_kind", "kind", "due_on"),
        _index("inbox_open_submitted", "submitted_at"),
        _index("inbox_open_item", "item_name"),
    ]
