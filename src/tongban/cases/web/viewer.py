"""What lies in the middle of the case page: a document, or the chosen material page by page."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tongban.cases import queries
from tongban.cases.models import CaseMaterial, MaterialMark
from tongban.files.queries import page_count


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Something handed in for a material; `leaves` are the numbers of the pages that can be looked at here."""

    row: CaseMaterial
    leaves: range
    marks: tuple[tuple[int, MaterialMark], ...]

    @property
    def pages(self) -> list[tuple[int, list[tuple[int, MaterialMark]]]]:
        """Each page with the marks that lie on it, numbered."""
        return [(page, [one for one in self.marks if one[1].page == page and one[1].box]) for page in self.leaves]

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
    marks = _numbered(page, selected)
    sheets = [] if document or selected is None else [_sheet(row, marks) for row in selected.given]
    kept = {row.file_id for row in selected.given} if selected else set()
    return {
        "document": document,
        "selected": selected,
        "sheets": sheets,
        "leaves_total": sum(len(one.leaves) for one in sheets),
        "loose_marks": [one for one in marks if one[1].file_id not in kept],
    }


def _numbered(page: queries.CasePage, selected: queries.MaterialView | None) -> list[tuple[int, MaterialMark]]:
    if selected is None:
        return []
    found = [one for one in page.marks if one.kind == "material" and one.key == selected.material.key]
    return list(enumerate(found, start=1))


def _sheet(row: CaseMaterial, marks: list[tuple[int, MaterialMark]]) -> Sheet:
    leaves = range(1, (page_count(row.file) if row.file else 0) + 1)
    mine = tuple(one for one in marks if row.file_id and one[1].file_id == row.file_id)
    return Sheet(row=row, leaves=leaves, marks=mine)
