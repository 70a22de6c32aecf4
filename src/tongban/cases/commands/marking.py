"""Marking what is wrong while looking: a draft of the one notice, shared by the colleagues of the case."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import refusals
from tongban.cases.commands import opening
from tongban.cases.models import Case, Correction, MaterialMark
from tongban.cases.queries.marks import words_of_marks
from tongban.cases.refusals import CaseRefusal
from tongban.cases.states import Act
from tongban.catalogue.queries import definition_of, materials_for
from tongban.files.models import StoredFile
from tongban.files.queries import page_count
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid, NotFound

#: Open marks of one case.
MARKS_MAX: Final = 100
#: Characters of what a notice says of one material or field: all its marks fit in.
NOTICE_MAX: Final = 1000
#: Characters of one mark.
WHAT_MIN: Final = 4
WHAT_MAX: Final = 200
#: Smallest side of a marked place, as part of the page: anything smaller was a slip of the hand.
_SIDE_MIN: Final = 0.005


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where on a handed-in file: its page from 1, and left, top, width, height as parts of that page (0 to 1)."""

    file: uuid.UUID
    page: int | None = None
    box: tuple[float, ...] = ()


@transaction.atomic
def mark_defect(
    *,
    actor: Actor,
    case_no: str,
    kind: Literal["material", "field"],
    key: str,
    what: str,
    place: Place | None = None,
) -> MaterialMark:
    """Note what is wrong with a material or form field of the guide, for the one notice. The same mark twice is one.

    Raises:
        Invalid: no words, not asked by the guide, or no such place in the file.
        CaseRefusal: the notice was given, or there are too many marks.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.MARK_DEFECT)
    before_notice(case)
    if actor.account_id is None:
        raise refusals.not_yours(Act.MARK_DEFECT)
    words = what.strip()
    if not WHAT_MIN <= len(words) <= WHAT_MAX:
        raise Invalid(
            _("请写清楚哪里不对、怎么改，%(least)s 至 %(most)s 字。") % {"least": WHAT_MIN, "most": WHAT_MAX},
            code="mark_words",
        )
    _check_asked(case, kind, key)
    file = _file(case, key, place) if place is not None and kind == "material" else None
    page, box = (place.page, list(place.box)) if file is not None and place is not None else (None, [])
    marks = list(case.marks.filter(removed_at__isnull=True))
    for one in marks:
        if (one.kind, one.key, one.file_id, one.page, one.box, one.what) == (
            kind, key, file.pk if file else None, page, box, words,
        ):  # fmt: skip
            return one
    made = MaterialMark(
        case=case, kind=kind, key=key, file=file, page=page, box=box, what=words,
        made_by_id=actor.account_id, made_at=moment.now(),
    )  # fmt: skip
    if len(marks) >= MARKS_MAX or len(words_of_marks([*marks, made])[kind, key]) > NOTICE_MAX:
        raise CaseRefusal(
            "marks_too_many",
            _("标注太多，补正告知里写不下。请删去重复的，或者把几处合成一条。"),
        )
    made.save()
    return made


@transaction.atomic
def remove_mark(*, actor: Actor, case_no: str, mark_id: uuid.UUID) -> None:
    """Take a mark off before the notice; taken off already changes nothing.

    Raises:
        NotFound: there is no such mark on this case.
        CaseRefusal: the notice was given, with which its marks are fixed.
        NotFound, CaseRefusal: not to be seen, not in this state, no post for it.
    """
    case = opening.take(actor, case_no, Act.MARK_DEFECT)
    before_notice(case)
    found = case.marks.filter(public_id=mark_id).first()
    if found is None:
        raise NotFound(_("这条标注"), code="mark_not_found")
    if found.removed_at is None:
        found.removed_at = moment.now()
        found.save(update_fields=["removed_at"])


def before_notice(case: Case) -> None:
    """Refuse once the one notice was given: neither a second one nor anything for it.

    Raises:
        CaseRefusal: `correction_once`.
    """
    if Correction.objects.filter(case=case).exists():
        raise CaseRefusal(
            "correction_once",
            _(
                "本件已经一次性告知过补正内容，不能再次告知。材料已补齐的请受理；仍不符合的请依法作出决定。（《行政许可法》第三十二条）"
            ),
        )


def fix(case: Case, named: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Tie the open marks of what the notice names to it; part of giving the notice."""
    told = Q(pk__in=[])
    for one in named:
        told |= Q(kind=one["kind"], key=one["key"])
    case.marks.filter(told, removed_at__isnull=True).update(told_at=at)


def _check_asked(case: Case, kind: str, key: str) -> None:
    definition = definition_of(case.item_version)
    asked = (
        {one.key for one in materials_for(definition, case.answers, case.form) if not one.generated_from_form}
        if kind == "material"
        else set(definition.form.get("properties", {}))
    )
    if key not in asked:
        raise Invalid(_("办事指南没有要求这一项，不能标注。"), code="mark_not_asked")


def _file(case: Case, key: str, place: Place) -> StoredFile:
    row = case.materials.filter(key=key, current=True, file__public_id=place.file).select_related("file").first()
    wrong = Invalid(_("标注的位置不在这份材料上。请刷新页面后重新标。"), code="mark_place")
    if row is None or row.file is None:
        raise wrong
    if place.page is not None and not 1 <= place.page <= max(1, page_count(row.file)):
        raise wrong
    if place.box and (place.page is None or not _is_box(place.box)):
        raise wrong
    return row.file


def _is_box(box: tuple[float, ...]) -> bool:
    if len(box) != 4:
        return False
    left, top, width, height = box
    inside = left >= 0 and top >= 0 and left + width <= 1.001 and top + height <= 1.001
    return inside and width >= _SIDE_MIN and height >= _SIDE_MIN
