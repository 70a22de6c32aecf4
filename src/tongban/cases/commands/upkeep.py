"""What the program itself does to cases: successors take over, stored due dates are rebuilt from the events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError

from tongban.base import chain, moment
from tongban.base.calendar import work_calendar
from tongban.cases import clock, events, inbox
from tongban.cases.commands import opening
from tongban.cases.commands.drafts import UPLOAD
from tongban.cases.commands.reusing import CORRECTION
from tongban.cases.models import Case, CaseStep, Correction, Draft, InboxEntry
from tongban.cases.states import ENDED, State
from tongban.catalogue.queries import definition_of
from tongban.directory import queries as directory
from tongban.directory.models import Organisation
from tongban.files import commands as files
from tongban.files.models import StoredFile
from tongban.kernel.actor import SYSTEM, Actor

BATCH = 500
#: A draft that nobody touched for so long is forgotten, with its files: personal data is not kept without a purpose.
DRAFT_KEPT_DAYS = 90
#: A file that was uploaded and handed in nowhere.
UPLOAD_KEPT_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A stored due date that the events do not bear out."""

    case_no: str
    column: str
    stored: date | bool | None
    rebuilt: date | bool | None


def rebuild_clocks(*, repair: bool = False) -> Iterator[Difference]:
    """Compute every due date again from the events, and name (with `repair`, also correct) those that differ.

    To be run after a holiday notice was published: until then dates of the next year are provisional.
    Goes through the cases in batches by key, so that it can run beside the daily work.
    """
    last = 0
    while True:
        batch = list(Case.objects.filter(pk__gt=last).select_related("item_version").order_by("pk")[:BATCH])
        if not batch:
            return
        for case in batch:
            yield from _differences(case, repair=repair)
        last = batch[-1].pk


def dues_from_events(case: Case) -> dict[str, date | bool | None]:
    """The due dates as the events have them, and whether a coming holiday notice may still move them."""
    happened = chain.events(case.subject)
    calendar = work_calendar(case.division_id)
    now = moment.now()
    acceptance = clock.acceptance_clock(happened, calendar, now)
    decision = clock.decision_clock(happened, definition_of(case.item_version), calendar, now)
    kinds = {one.kind for one in happened}
    pending = events.CorrectionRequested.kind in kinds and events.CorrectionSubmitted.kind not in kinds
    acceptance_open = acceptance.provisional and not pending
    return {
        "due_acceptance_on": None if pending else acceptance.due,
        "due_provisional": acceptance_open if decision.due is None else decision.provisional,
        "promised_due_on": decision.promised.due if decision.promised else None,
        "statutory_due_on": decision.statutory.due if decision.statutory else None,
    }


def _differences(case: Case, *, repair: bool) -> Iterator[Difference]:
    rebuilt = dues_from_events(case)
    wrong = {name: value for name, value in rebuilt.items() if getattr(case, name) != value}
    for name, value in wrong.items():
        yield Difference(case_no=case.case_no, column=name, stored=getattr(case, name), rebuilt=value)
    if wrong and repair:
        Case.objects.filter(pk=case.pk).update(**wrong)
        inbox.keep_in_step(case, wrong)
        case.refresh_from_db(fields=list(wrong))
    yield from _step_differences(case, repair=repair)
    yield from _entry_differences(case, repair=repair)


def _step_differences(case: Case, *, repair: bool) -> Iterator[Difference]:
    limits = {one.key: one.limit for one in definition_of(case.item_version).steps}
    calendar = work_calendar(case.division_id)
    for step in CaseStep.objects.filter(case=case, state="open", opened_at__isnull=False):
        assert step.opened_at is not None
        due = clock.step_due(limits[step.key], step.opened_at, calendar)
        rebuilt = due.date if due else case.promised_due_on
        if step.due_on == rebuilt:
            continue
        yield Difference(case_no=case.case_no, column=f"step.{step.key}", stored=step.due_on, rebuilt=rebuilt)
        if repair:
            CaseStep.objects.filter(pk=step.pk).update(due_on=rebuilt)


def _entry_differences(case: Case, *, repair: bool) -> Iterator[Difference]:
    """Inboxes are sorted by these days; they follow from the case, its steps and its decision."""
    for entry in InboxEntry.objects.filter(case=case, closed_at__isnull=True).select_related("step"):
        rebuilt = inbox.due_of(case, entry.kind, entry.step, entry.opened_at)
        if entry.due_on == rebuilt:
            continue
        yield Difference(case_no=case.case_no, column=f"inbox.{entry.kind}", stored=entry.due_on, rebuilt=rebuilt)
        if repair:
            InboxEntry.objects.filter(pk=entry.pk).update(due_on=rebuilt)


def move_to_successors(*, actor: Actor = SYSTEM) -> int:
    """Give running cases of bodies that were merged or dissolved to the bodies that act for them; the number moved.

    Each case is moved in a transaction of its own with an event; run again, it finds nothing left to do.
    """
    today = moment.today()
    moved = 0
    for old in Organisation.objects.filter(valid_to__isnull=False, valid_to__lte=today).order_by("pk"):
        new = directory.acting(old, today)
        if new is None or new.pk == old.pk:
            continue
        for case_no in _open_cases_of(old):
            moved += _move(actor, case_no, old, new)
    return moved


def _open_cases_of(old: Organisation) -> list[str]:
    ended = [str(state) for state in ENDED]
    mine = set(Case.objects.filter(organisation=old).exclude(state__in=ended).values_list("case_no", flat=True))
    steps = CaseStep.objects.filter(organisation=old, state__in=["waiting", "open"])
    entries = InboxEntry.objects.filter(organisation=old, closed_at__isnull=True)
    mine |= set(steps.exclude(case__state__in=ended).values_list("case__case_no", flat=True))
    mine |= set(entries.values_list("case__case_no", flat=True))
    return sorted(mine)


@transaction.atomic
def _move(actor: Actor, case_no: str, old: Organisation, new: Organisation) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(case_no=case_no)
    if case.organisation_id == old.pk:
        opening.save(case, organisation=new)
    CaseStep.objects.filter(case=case, organisation=old, state__in=["waiting", "open"]).update(organisation=new)
    InboxEntry.objects.filter(case=case, organisation=old, closed_at__isnull=True).update(organisation=new)
    opening.tell(case, events.BodySucceeded(old=old.code, new=new.code), actor=actor)
    return True


def show_unanswered() -> int:
    """Put cases whose term to complete has passed back into the inboxes of reception, once; the number put there.

    Each in a transaction of its own; run again, or cut off, it goes on where it stopped.
    """
    waiting = InboxEntry.objects.filter(case=OuterRef("case"), closed_at__isnull=True)
    overdue = Correction.objects.filter(
        ~Exists(waiting), answered_at__isnull=True, due_on__lt=moment.today(), case__state=State.CORRECTION_PENDING
    )
    numbers = overdue.order_by("pk").values_list("case__case_no", flat=True)
    shown = 0
    while batch := list(numbers[:BATCH]):
        now = sum(_show(one) for one in batch)
        if not now:
            break
        shown += now
    return shown


@transaction.atomic
def _show(case_no: str) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(case_no=case_no)
    shown = InboxEntry.objects.filter(case=case, closed_at__isnull=True).exists()
    if shown or State(case.state) != State.CORRECTION_PENDING:
        return False
    inbox.open_reception(case, moment.now())
    return True


def forget_drafts(*, actor: Actor = SYSTEM) -> int:
    """Forget drafts that nobody touched for 90 days and uploads that were handed in nowhere for 7; the number gone.

    Each in a transaction of its own; run again, or cut off, it goes on where it stopped.
    """
    now = moment.now()
    old = Draft.objects.filter(case__isnull=True, updated_at__lt=now - timedelta(days=DRAFT_KEPT_DAYS))
    gone = sum(_forget(actor, key) for key in old.order_by("pk").values_list("pk", flat=True)[:BATCH])
    loose = StoredFile.objects.filter(
        owner_kind__in=(UPLOAD, CORRECTION), stored_at__lt=now - timedelta(days=UPLOAD_KEPT_DAYS)
    )
    for file in loose.order_by("pk")[:BATCH]:
        try:
            files.discard(file, actor=actor)
        except ProtectedError:
            continue  # an answer that is still being written holds it
        gone += 1
    return gone


@transaction.atomic
def _forget(actor: Actor, key: int) -> bool:
    draft = Draft.objects.select_for_update().filter(pk=key, case__isnull=True).first()
    if draft is None:
        return False
    given = [one.file for one in draft.materials.select_related("file")]
    draft.delete()
    for file in given:
        files.discard(file, actor=actor)
    return True
