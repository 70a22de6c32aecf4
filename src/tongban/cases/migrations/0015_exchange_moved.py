"""When the last page of a batch was done."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0014_completion'),
    ]

    operations = [
        migrations.AddField(
            model_name='exchangebatch',
            name='moved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
