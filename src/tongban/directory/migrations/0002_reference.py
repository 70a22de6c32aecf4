from django.db import migrations

from tongban.base import reference


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
        ("base", "0002_reference_token"),
    ]

    operations = [
        reference.watch("directory_division", "directory"),
        reference.watch("directory_organisation", "directory"),
        reference.watch("directory_organisationname", "directory"),
        reference.watch("directory_organisationsuccession", "directory"),
    ]
