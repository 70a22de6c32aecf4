"""The calendar is reference data like the rest: the database tells of its changes, no row of its own does."""

from django.db import migrations

from tongban.base.reference import watch


class Migration(migrations.Migration):
    dependencies = [("base", "0003_rate_unlogged")]

    operations = [
        watch("base_calendarday", "calendar"),
        watch("base_calendaryear", "calendar"),
        migrations.DeleteModel("CalendarVersion"),
    ]
