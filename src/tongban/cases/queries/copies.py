"""Copies with a watermark that were taken out of a case, as its history tells of them."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from tongban.base.models import Event
from tongban.cases.events import CopyTaken
from tongban.cases.models import Case, MaterialCopy


def words_of_copies(
    case: Case, happened: Iterable[Event], materials: Mapping[str, str], papers: Mapping[str, str]
) -> dict[str, str]:
    """By number: what was copied and for what. `materials`: names by key; `papers`: titles by public identifier."""
    taken = [one.payload for one in happened if one.kind == CopyTaken.kind]
    if not taken:
        return {}
    wanted = [str(one["copy"]) for one in taken]
    rows = {one.copy_no: one for one in MaterialCopy.objects.filter(case=case, copy_no__in=wanted)}
    return {
        str(one["copy"]): _("%(what)s，用于%(purpose)s，编号 %(number)s")
        % {
            "what": materials.get(str(one["material"])) or papers.get(str(one["document"]), ""),
            "purpose": rows[str(one["copy"])].purpose,
            "number": one["copy"],
        }
        for one in taken
    }
