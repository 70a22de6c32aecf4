import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from tongban.base import reference


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_locked_elements"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWordGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=20)),
                ("side", models.CharField(max_length=7)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=60), size=None),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["person", "company"])), name="life_event_side"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "base",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="entry",
                        serialize=False,
                        to="catalogue.baseitem",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("search", django.contrib.postgres.search.SearchVectorField()),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None),
                ),
                (
                    "places",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None),
                ),
                ("shown", models.JSONField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search", "facets", "places"], name="search_entry_words"
                    ),
                    models.Index(fields=["rank", "base"], name="search_entry_rank"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                ("text", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("pinyin", models.CharField(max_length=60)),
                (
                    "slips",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["slips"], name="search_term_slips"),
                    models.Index(fields=["pinyin"], name="search_term_pinyin"),
                ],
            },
        ),
        reference.watch("catalogue_searchwordgroup", "catalogue"),
        reference.watch("catalogue_lifeevent", "catalogue"),
    ]
