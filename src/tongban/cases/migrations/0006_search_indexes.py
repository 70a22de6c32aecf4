"""Blind indexes of the applicant's name and phone, filled for the cases that stand; a number found by its end."""

from typing import Any

from django.db import migrations, models

import tongban.base.fields
from tongban.base import keys

BATCH = 500
REVERSED = "CREATE INDEX case_no_reversed ON cases_case (reverse(case_no) text_pattern_ops)"


def fill(apps: Any, schema: Any) -> None:
    """Index what is encrypted: it has to be read for that, case by case."""
    case = apps.get_model("cases", "Case").objects.using(schema.connection.alias)
    last = 0
    while True:
        rows = list(case.filter(pk__gt=last).only("pk", "applicant").order_by("pk")[:BATCH])
        if not rows:
            return
        for one in rows:
            one.applicant_name_index = keys.blind("name", one.applicant["name"])
            phone = one.applicant.get("phone", "")
            one.applicant_phone_index = keys.blind("phone", phone) if phone else None
        case.bulk_update(rows, ["applicant_name_index", "applicant_phone_index"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_team")]

    operations = [
        migrations.AddField(
            "case",
            "applicant_name_index",
            tongban.base.fields.BlindIndexField(db_index=True, max_length=32, null=True),
        ),
        migrations.AddField(
            "case",
            "applicant_phone_index",
            tongban.base.fields.BlindIndexField(blank=True, db_index=True, max_length=32, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "case", "applicant_name_index", tongban.base.fields.BlindIndexField(db_index=True, max_length=32)
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["implementation", "-submitted_at", "-id"], name="case_of_implementation"),
        ),
        migrations.RunSQL(REVERSED, "DROP INDEX case_no_reversed"),
    ]
