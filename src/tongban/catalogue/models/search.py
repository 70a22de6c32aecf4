"""What the search keeps: one row an item in use, words that people may have meant, equal words, events of life."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tongban.base.reference import ReferenceRow


class SearchEntry(models.Model):
    """An item that takes cases, as lists show it and as it is found; written anew with whatever it is made from.

    Not reference data by itself: it changes in the transaction that changes the item, its bodies or its versions.
    """

    base = models.OneToOneField("catalogue.BaseItem", models.CASCADE, primary_key=True, related_name="entry")
    rank = models.PositiveSmallIntegerField()
    #: Keys of words by the space they stand in (`searching.words`).
    search = SearchVectorField()
    #: What it can be narrowed by: "t:person", "l:4", "o:scjgj" (`searching.narrowing`).
    facets = ArrayField(models.CharField(max_length=80))
    #: "at:" divisions of its bodies, "in:" those and all above them.
    places = ArrayField(models.CharField(max_length=16))
    #: A list's line: numbers and names, no words of a language.
    shown = models.JSONField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["search", "facets", "places"], name="search_entry_words"),
            models.Index(fields=["rank", "base"], name="search_entry_rank"),
        ]

    def __str__(self) -> str:
        return str(self.shown.get("name", ""))


class SearchTerm(models.Model):
    """A word or phrase by which something can be found, to be offered to whoever has made a slip."""

    text = models.CharField(max_length=20, primary_key=True)
    pinyin = models.CharField(max_length=60)
    #: The text with a character left out, and so its pinyin (`words.slips`).
    slips = ArrayField(models.CharField(max_length=60))

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["slips"], name="search_term_slips"),
            models.Index(fields=["pinyin"], name="search_term_pinyin"),
        ]

    def __str__(self) -> str:
        return self.text


class SearchWordGroup(ReferenceRow):
    """Words that mean the same to those who search: 驾照 and 驾驶证."""

    words = ArrayField(models.CharField(max_length=20))

    def __str__(self) -> str:
        return "、".join(self.words)


class LifeEvent(ReferenceRow):
    """An event in the life of a person or company, with the items that belong to it, by slug, in their order."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=20)
    #: Whose: `person` or `company`.
    side = models.CharField(max_length=7)
    position = models.PositiveSmallIntegerField()
    items = ArrayField(models.SlugField(max_length=60))

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(name="life_event_side", condition=models.Q(side__in=["person", "company"])),
        ]

    def __str__(self) -> str:
        return self.name
