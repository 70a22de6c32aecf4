from django.db import migrations


class Migration(migrations.Migration):
    """Counts of uses need not survive a crash: without a log of their own they cost no flush of the disk a request."""

    dependencies = [
        ("base", "0002_reference_token"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE base_ratewindow SET UNLOGGED",
            "ALTER TABLE base_ratewindow SET LOGGED",
        ),
    ]
