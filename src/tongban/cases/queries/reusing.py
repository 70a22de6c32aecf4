"""What an applicant handed in before and may use again: never another person's, and only what the actor may see."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tongban.base import keys, moment
from tongban.cases.applicants import Applicant
from tongban.cases.materials import still_counts
from tongban.cases.models import CaseMaterial, Draft
from tongban.cases.queries.access import cases_of
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
        "".join(one.name.split()): one.key
        for one in materials_for(definition, draft.answers, draft.form)
        if not one.generated_from_form
    }
    applicant = Applicant.from_json(draft.applicant)
    if not wanted or not applicant.document_number:
        return {}
    index = keys.blind(f"document:{applicant.document_kind}", applicant.document_number)
    rows = (
        CaseMaterial.objects.filter(case__in=cases_of(actor).filter(applicant_index=index), source="file", current=True)
        .select_related("file", "case")
        .order_by("-added_at", "-pk")[:ROWS_MAX]
    )
    here = set(draft.materials.values_list("key", "file__sha256"))
    found: dict[str, list[Reusable]] = defaultdict(list)
    for row in rows:
        key = wanted.get("".join(row.name.split()))
        if key is None or row.file is None or (key, row.file.sha256) in here or _ended(row.file):
            continue
        here.add((key, row.file.sha256))
        found[key].append(_offered(key, row, row.file))
    return {key: sorted(some, key=lambda one: one.checked_at is None)[:OFFERED_MAX] for key, some in found.items()}


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
