"""What lies in the middle of the case page: a document, or the chosen material page by page."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tongban.cases import queries
from tongban.cases.models import CaseMaterial
from tongban.files.queries import page_count


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Something handed in for a material; `leaves` are the numbers of the pages that can be looked at here."""

    row: CaseMaterial
    leaves: range

    @property
    def shown(self) -> bool:
        """Whether there are pages to look at; a file without any is downloaded."""
        return bool(self.leaves)


def viewed(page: queries.CasePage, query: QueryDict) -> dict[str, Any]:
    """What stands in the middle: a document, the chosen material, or the first one with a file."""
    document = next((one for one in page.documents if str(one.public_id) == query.get("doc", "")), None)
    wanted = next((one for one in page.materials if one.material.key == query.get("show", "")), None)
    first = next((one for one in page.materials if one.files), None)
    selected = wanted or first or next(iter(page.materials), None)
    sheets = [] if document or selected is None else [_sheet(row) for row in selected.given]
    return {
        "document": document,
        "selected": selected,
        "sheets": sheets,
        "leaves_total": sum(len(one.leaves) for one in sheets),
    }


def _sheet(row: CaseMaterial) -> Sheet:
    return Sheet(row=row, leaves=range(1, (page_count(row.file) if row.file else 0) + 1))
