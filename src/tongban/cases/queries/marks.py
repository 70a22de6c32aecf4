"""What clerks marked in the materials and the form of a case."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.cases.models import Case, MaterialMark
from tongban.cases.queries.dossier import marks_of
from tongban.files.models import StoredFile


def open_marks(case: Case) -> list[MaterialMark]:
    """The marks that the one notice will start from, oldest first; the caller found the case by `access_case`."""
    return marks_of(case, told=False)


def told_marks(case: Case) -> list[MaterialMark]:
    """The marks that the notice was about, oldest first: what the applicant is shown beside it."""
    return marks_of(case, told=True)


@dataclass(frozen=True, kw_only=True)
class MarkedPage:
    """A page on which the notice marked places; `marks` are numbered as the notice counts them."""

    file: StoredFile
    page: int
    marks: tuple[tuple[int, MaterialMark], ...]


def marked_pages(case: Case) -> dict[str, list[MarkedPage]]:
    """By key of the material: the pages with places that the notice marked, in order."""
    found: dict[tuple[str, int], list[tuple[int, MaterialMark]]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    for one in told_marks(case):
        if one.kind == "material":
            count[one.key] += 1
            if one.file_id and one.page and one.box:
                found[one.key, one.page].append((count[one.key], one))
    pages: dict[str, list[MarkedPage]] = defaultdict(list)
    for (key, page), marks in sorted(found.items(), key=lambda item: item[0]):
        for file in dict.fromkeys(one.file for _number, one in marks if one.file):
            mine = tuple(one for one in marks if one[1].file_id == file.pk)
            pages[key].append(MarkedPage(file=file, page=page, marks=mine))
    return dict(pages)


def words_of_marks(marks: Iterable[MaterialMark]) -> dict[tuple[str, str], str]:
    """What the notice says to begin with of each material or field: its marks' sentences, with their pages.

    Several are numbered as on the page.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in marks:
        where = _("第 %(page)s 页：") % {"page": one.page} if one.page else ""
        found[one.kind, one.key].append(where + one.what)
    return {place: "\n".join(_counted(lines)) for place, lines in found.items()}


def _counted(lines: list[str]) -> list[str]:
    return lines if len(lines) == 1 else [f"（{number}）{line}" for number, line in enumerate(lines, start=1)]
