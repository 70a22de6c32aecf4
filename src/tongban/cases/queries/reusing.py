"""What an applicant handed in before and may use again: never another person's, and only what the actor may see."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tongban.base import keys, moment
from tongban.cases.applicants import Applicant
from tongban.cases.materials import still_counts
from tongban.cases.models import Case, CaseMaterial, Draft
from tongban.cases.queries.access import cases_of
from tongban.cases.queries.corrections import named_materials
from tongban.cases.states import TO_COMPLETE, State
from tongban.catalogue.queries import definition_of, materials_for
from tongban.files.models import StoredFile
from tongban.kernel.actor import Actor

#: Earlier files looked through, newest first, and offered for one material.
ROWS_MAX: Final = 200
OFFERED_MAX: Final = 5


@dataclass(frozen=True, kw_only=True)
class Reusable:
    """A file of an earlier case for a material of the same name."""

    key: str
    file: StoredFile
    given_at: datetime
    item_name: str
    #: When a clerk compared it with the original; None where nobody did, or too long ago to count.
    checked_at: datetime | None
    valid_to: date | None


def reusable(actor: Actor, draft: Draft) -> dict[str, list[Reusable]]:
    """By key of the draft's materials: what the same applicant handed in for a material of that name, newest first.

    Of cases that the actor may see; compared ones first. What is in the draft already, and of which the original is no
    longer valid, is left out. The caller found the draft by `access_draft`.
    """
    definition = definition_of(draft.item_version)
    wanted = {
        one.key: one.name for one in materials_for(definition, draft.answers, draft.form) if not one.generated_from_form
    }
    here = set(draft.materials.values_list("key", "file__sha256"))
    return _reusable(actor, Applicant.from_json(draft.applicant), wanted, here)


def reusable_in_correction(actor: Actor, case: Case) -> dict[str, list[Reusable]]:
    """By key of the materials that the open notice of the case names: the same; empty where nothing is to be completed.

    What was handed in with this case is left out, however often: the notice found it wanting. The caller found the
    case by `access_case`.
    """
    if State(case.state) not in TO_COMPLETE:
        return {}
    wanted = {one["key"]: one["name"] for one in named_materials(case)}
    here = {(key, sha256) for sha256 in case.materials.values_list("file__sha256", flat=True) for key in wanted}
    return _reusable(actor, Applicant.from_json(case.applicant), wanted, here)


def _reusable(
    actor: Actor, applicant: Applicant, materials: Mapping[str, str], here: set[tuple[str, str]]
) -> dict[str, list[Reusable]]:
    """`materials`: names by key; `here`: pairs of key and digest that are left out."""
    wanted = {_plain(name): key for key, name in materials.items()}
    if not wanted or not applicant.document_number:
        return {}
    index = keys.blind(f"document:{applicant.document_kind}", applicant.document_number)
    rows = (
        CaseMaterial.objects.filter(case__in=cases_of(actor).filter(applicant_index=index), source="file", current=True)
        .select_related("file", "case")
        .order_by("-added_at", "-pk")[:ROWS_MAX]
    )
    offered = [
        _offered(wanted[_plain(row.name)], row, row.file)
        for row in rows
        if _plain(row.name) in wanted and row.file is not None and not _ended(row.file)
    ]
    found: dict[str, list[Reusable]] = defaultdict(list)
    # Compared ones first: of the same bytes handed in twice, the one whose original was seen is offered.
    for one in sorted(offered, key=lambda one: one.checked_at is None):
        what = (one.key, one.file.sha256)
        if what not in here and len(found[one.key]) < OFFERED_MAX:
            here.add(what)
            found[one.key].append(one)
    return {key: some for key, some in found.items() if some}


def _plain(name: str) -> str:
    return "".join(name.split())


def _ended(file: StoredFile) -> bool:
    return file.valid_to is not None and file.valid_to < moment.today()


def _offered(key: str, row: CaseMaterial, file: StoredFile) -> Reusable:
    checked = (file.checked_at or row.added_at) if row.trust_level == "B" else None
    if checked is not None and not still_counts(checked_at=checked, valid_to=file.valid_to, today=moment.today()):
        checked = None
    return Reusable(
        key=key,
        file=file,
        given_at=row.added_at,
        item_name=row.case.item_name,
        checked_at=checked,
        valid_to=file.valid_to,
    )
