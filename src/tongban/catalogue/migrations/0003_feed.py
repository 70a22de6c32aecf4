import django.db.models.deletion
from django.db import migrations, models

from tongban.base import append_only

#: What happened before the line was kept, in the order of its writing; nobody follows yet.
_BEFORE = """
INSERT INTO catalogue_feedentry (event_id)
SELECT id FROM base_event
WHERE kind IN ('ItemVersionPublished', 'ItemSuspended', 'ItemResumed', 'ItemCancelled') ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0004_calendar_watched"),
        ("catalogue", "0002_reference"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.event",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        append_only.forbid("catalogue_feedentry"),
        migrations.RunSQL(_BEFORE, migrations.RunSQL.noop),
    ]
