from django.db import migrations

from tongban.base import reference


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("base", "0002_reference_token"),
    ]

    operations = [
        reference.watch("catalogue_baseitem", "catalogue"),
        reference.watch("catalogue_implementation", "catalogue"),
        reference.watch("catalogue_itemversion", "catalogue"),
    ]
