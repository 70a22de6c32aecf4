"""Items in force as they are written into files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from tongban.catalogue.exchange.sheets import Item
from tongban.catalogue.models import Implementation

#: Items that are in memory at a time.
_CHUNK = 200


@dataclass(frozen=True)
class ExportedItems:
    """Every item with a version, by code: of one body, of a division and those in it, or all; read anew each time."""

    organisation: str = ""
    division: str = ""

    def rows(self) -> QuerySet[Implementation]:
        """The implementations, those that were cancelled too."""
        rows = Implementation.objects.filter(current__isnull=False)
        if self.organisation:
            rows = rows.filter(organisation__code=self.organisation)
        if self.division:
            rows = rows.filter(division__code__startswith=self.division.rstrip("0"))
        return rows

    def __iter__(self) -> Iterator[Item]:
        rows = self.rows().select_related("current", "base", "organisation").order_by("task_code")
        for row in rows.iterator(chunk_size=_CHUNK):
            assert row.current is not None
            yield Item(
                task_code=row.task_code,
                organisation=row.organisation.code,
                organisation_name=row.organisation.name,
                level=row.level,
                state=row.state,
                base={
                    "slug": row.base.slug,
                    "official_code": row.base.official_code,
                    "rank": row.base.rank,
                    "sample_fields": row.base.sample_fields,
                },
                # Every field, those too that say nothing: a file tells the whole item.
                definition=row.current.parsed.model_dump(mode="json"),
            )
