"""What hangs on a case and is read with every page of it, by statements that are compiled once.

The caller found the case by `access_case`.
"""

from collections import defaultdict

from tongban.base.reading import Asked, Prepared
from tongban.cases.models import (
    Case,
    CaseMaterial,
    CaseStep,
    Correction,
    Decision,
    MaterialMark,
    Signature,
    StepFile,
)


def steps_of(case: Case) -> tuple[CaseStep, ...]:
    """The steps in their order, each with its body, who took it and who did it."""
    found = tuple(_STEPS.rows(case=case.pk))
    for one in found:
        one.case = case
    return found


def ask_steps(case: Case) -> Asked:
    """What `steps_of` reads, to be read ahead with other things of a page."""
    return _STEPS.asked(case=case.pk)


def steps_with_files(case: Case) -> tuple[CaseStep, ...]:
    """The same, each with what is attached to its opinion and who added it, in the order in which it came."""
    attached = defaultdict(list)
    for file in _STEP_FILES.rows(case=case.pk):
        attached[file.step_id].append(file)
    steps = steps_of(case)
    for one in steps:
        one.attached = tuple(attached[one.pk])
    return steps


def handed_in(case: Case) -> list[CaseMaterial]:
    """What was handed in, replaced files too, in the order in which it came; the caller has checked who asks."""
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


def ask_dossier(case: Case) -> tuple[Asked, ...]:
    """What all this reads, to be read ahead in one statement."""
    told = correction_of(case) is not None
    by_case = (_STEPS, _STEP_FILES, _MATERIALS, _SIGNATURE)
    return (*(one.asked(case=case.pk) for one in by_case), _MARKS.asked(told, case=case.pk))


_STEP_FILES = Prepared(
    lambda case: StepFile.objects.filter(step__case_id=case).select_related("file", "added_by").order_by("pk")
)
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
