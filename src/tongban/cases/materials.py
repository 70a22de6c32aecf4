"""Which materials an application needs, which of them government already knows, and what is still missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from tongban.base import moment
from tongban.cases.signing import SignedMaterial
from tongban.catalogue.models import Definition, Material
from tongban.catalogue.queries import materials_for
from tongban.files.models import StoredFile
from tongban.licences.models import Licence
from tongban.licences.queries import held_by

#: Days for which a comparison with the original counts where the original names no last day: whether the paper still
#: says what is so, nobody knows after a year. Our own rule; the law names none.
CHECK_COUNTS_DAYS: Final = 365


def still_counts(*, checked_at: datetime, valid_to: date | None, today: date) -> bool:
    """Whether an original that a clerk saw then need not be shown again (domain.md 2.8: B, again without the original).

    `valid_to`: last day for which the original is valid, where it names one.
    """
    end = valid_to or moment.local_date(checked_at) + timedelta(days=CHECK_COUNTS_DAYS)
    return today <= end


def level_of(file: StoredFile) -> str:
    """B while the comparison with its original counts, else C."""
    checked = file.checked_at if file.trust_level == "B" else None
    counts = checked is not None and still_counts(checked_at=checked, valid_to=file.valid_to, today=moment.today())
    return "B" if counts else "C"


@dataclass(frozen=True, kw_only=True)
class MaterialState:
    """One material of the list, and how it stands: what is known is never asked for again (免交)."""

    material: Material
    how: Literal["licence", "form", "files", "paper", "missing", "optional"]
    files: tuple[StoredFile, ...] = ()
    licence: Licence | None = None
    #: Whether a window clerk compared what was handed in with the original on paper.
    compared: bool = False

    @property
    def satisfied(self) -> bool:
        """Whether the application may be submitted as far as this material goes."""
        return self.how != "missing"

    @property
    def trust_level(self) -> str:
        """A from the issuing body, B original seen by the clerk, C uploaded, D promised (domain: 可信等级)."""
        files = "B" if self.compared or all(level_of(one) == "B" for one in self.files) else "C"
        return {"licence": "A", "paper": "B", "form": "D", "files": files}.get(self.how, "")


def check_list(
    *,
    definition: Definition,
    answers: Mapping[str, Any],
    form: Mapping[str, Any],
    files: Iterable[tuple[str, StoredFile]],
    holder_code: str,
    paper: Iterable[str] = (),
) -> list[MaterialState]:
    """The materials of this situation in the guide's order, each with how it stands.

    `files`: pairs of material key and file. `holder_code`: document number or credit code under which the licence
    library is asked. `paper`: keys of materials that a window clerk saw on paper.
    """
    wanted = list(materials_for(definition, answers, form))
    given: dict[str, list[StoredFile]] = defaultdict(list)
    for key, file in files:
        given[key].append(file)
    types = {one.licence_type for one in wanted if one.licence_type}
    licences = _live_licences(holder_code, types) if types and holder_code else {}
    seen = set(paper)
    return [_state(one, tuple(given.get(one.key, ())), licences.get(one.licence_type or ""), seen) for one in wanted]


def _state(
    material: Material, files: tuple[StoredFile, ...], licence: Licence | None, paper: set[str]
) -> MaterialState:
    if material.generated_from_form:
        return MaterialState(material=material, how="form")
    if licence is not None and not files:
        return MaterialState(material=material, how="licence", licence=licence)
    if files:
        return MaterialState(material=material, how="files", files=files, compared=material.key in paper)
    if material.key in paper:
        return MaterialState(material=material, how="paper", compared=True)
    return MaterialState(material=material, how="missing" if material.need == "required" else "optional")


def _live_licences(holder_code: str, types: set[str]) -> dict[str, Licence]:
    found: dict[str, Licence] = {}
    for licence in held_by(holder_code):
        if licence.type_id in types and licence.is_live:
            found.setdefault(licence.type_id, licence)
    return found


def signed_materials(states: Iterable[MaterialState]) -> list[SignedMaterial]:
    """The materials as they enter the signed content: files by their SHA-256, licences by their identifier."""
    found: list[SignedMaterial] = []
    for one in states:
        key, name = one.material.key, one.material.name
        if one.how == "licence" and one.licence is not None:
            found.append(SignedMaterial(key=key, name=name, source="licence", reference=one.licence.licence_id))
        elif one.how == "files":
            found.extend(SignedMaterial(key=key, name=name, source="file", reference=file.sha256) for file in one.files)
        elif one.how in {"form", "paper"}:
            found.append(SignedMaterial(key=key, name=name, source=one.how, reference=""))
    return found
