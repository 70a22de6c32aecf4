"""What hangs on a case and is read with every page of it, by statements that are compiled once.

The caller found the case by `access_case`.
"""

from tongban.base.reading import Prepared
from tongban.cases.models import Case, CaseMaterial, CaseStep, Correction, Decision, MaterialMark, Signature


def steps_of(case: Case) -> tuple[CaseStep, ...]:
    """The steps in their order, each with its body, who took it and who did it."""
    found = tuple(_STEPS.rows(case=case.pk))
    for one in found:
        one.case = case
    return found


def materials_of(case: Case) -> list[CaseMaterial]:
    """What was handed in, replaced files too, in the order in which it came."""
    return _MATERIALS.rows(case=case.pk)


def signature_of(case: Case) -> Signature | None:
    """The signature under the application."""
    return _SIGNATURE.first(case=case.pk)


def correction_of(case: Case) -> Correction | None:
    """The one notice of what is missing, if it was given; read with the case."""
    return getattr(case, "correction", None)


def decision_of(case: Case) -> Decision | None:
    """The decision, if it was taken; read with the case."""
    return getattr(case, "decision", None)


def marks_of(case: Case, *, told: bool) -> list[MaterialMark]:
    """Marks on materials, oldest first: those of the notice that was given, or those for the notice to come."""
    return _MARKS.rows(told, case=case.pk)


_STEPS = Prepared(
    lambda case: CaseStep.objects.filter(case_id=case).select_related("organisation", "claimed_by", "done_by")
)
_MATERIALS = Prepared(lambda case: CaseMaterial.objects.filter(case_id=case).select_related("file").order_by("pk"))
_SIGNATURE = Prepared(lambda case: Signature.objects.filter(case_id=case, purpose="application").order_by("pk")[:1])
_MARKS = Prepared(
    lambda told, case: (
        MaterialMark.objects.filter(
            case_id=case, told_at__isnull=not told, **{} if told else {"removed_at__isnull": True}
        )
        .select_related("made_by", "file")
        .order_by("pk")
    )
)
