"""Which cases may go to the archive, and which are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.paging import page
from tongban.cases import policy
from tongban.cases.models import Archive, Case
from tongban.cases.queries.access import cases_of
from tongban.cases.states import LABELS, TO_ARCHIVE, TO_DELIVER, State
from tongban.directory.models import Organisation
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Page
from tongban.payments.models import Bill
from tongban.payments.queries import bills_of

#: Cases that the clock reads at a time.
_BLOCK: Final = 500
#: What of a case its row tells: nothing that would have to be decrypted.
_SHOWN: Final = ("case_no", "item_name", "applicant_name_masked", "state", "completed_at", "submitted_at")


@dataclass(frozen=True, kw_only=True)
class ArchiveRow:
    """A case that waits for the archive, or is in it."""

    case_no: str
    item_name: str
    applicant: str
    state_label: str
    completed_on: date
    archive_no: str = ""
    archived_at: datetime | None = None


def missing_before_archive(case: Case) -> str:
    """What must happen before a case that is over can be archived, as a sentence; empty where nothing is missing."""
    if State(case.state) in TO_DELIVER and case.delivered_at is None:
        return _("结果还没有送达，不能归档。请先送达。")
    if any(one.state == Bill.State.OPEN for one in bills_of(case.subject)):
        return _("还有没缴清的缴款单，不能归档。请先收费或者作废缴款单。")
    if case.parcels.filter(ended_at__isnull=True).exists():
        return _("还有邮件在途，不能归档。请先登记邮件结果。")
    return ""


def archivable_units(actor: Actor) -> list[int]:
    """Keys of the bodies whose cases the actor may archive."""
    return sorted({one.organisation_id for one in actor.appointments if one.role in policy.ARCHIVE_ROLES})


def takes_archive(actor: Actor, case: Case) -> bool:
    """Whether the package of the case may be given to the actor, once there is one."""
    return case.organisation_id in archivable_units(actor)


def ready_to_archive(actor: Actor, *, cursor: str = "", size: int | None = 50) -> Page[ArchiveRow]:
    """Cases of the actor's bodies that may be archived, the longest over first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    found = _ready(archivable_units(actor)).only(*_SHOWN)
    return page(found, order=("completed_at", "id"), cursor=cursor, size=size).map(_row)


def archived(actor: Actor, *, cursor: str = "", size: int | None = 50) -> Page[ArchiveRow]:
    """Archived cases of the actor's bodies that it may see, the last archived first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    found = Archive.objects.filter(organisation_id__in=archivable_units(actor), case__in=cases_of(actor))
    found = found.select_related("case").only("archive_no", "archived_at", *(f"case__{name}" for name in _SHOWN))
    return page(found, order=("-id",), cursor=cursor, size=size).map(lambda one: _row(one.case, one))


def ready_before(before: datetime) -> Iterator[str]:
    """Numbers of cases that have been over and served since before a moment, body by body, the longest over first."""
    for body in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        found = left = _ready([body]).filter(
            Q(delivered_at__lt=before) | Q(delivered_at__isnull=True), completed_at__lt=before
        )
        while rows := list(left.values_list("completed_at", "pk", "case_no")[:_BLOCK]):
            yield from (case_no for _at, _key, case_no in rows)
            at, key, _case_no = rows[-1]
            assert at is not None
            left = _later(found, at, key)


def archive_of(case: Case) -> Archive | None:
    """The archive of a case, without its contents; None while it is in no archive."""
    return Archive.objects.filter(case=case).defer("contents").first() if case.state == State.ARCHIVED else None


def _ready(units: list[int]) -> "QuerySet[Case]":
    """What is run in a system of others is archived there."""
    found = Case.objects.filter(
        organisation_id__in=units, state__in=sorted(TO_ARCHIVE), completed_at__isnull=False, hand_over__isnull=True
    )
    return found.exclude(state__in=sorted(TO_DELIVER), delivered_at__isnull=True).order_by("completed_at", "pk")


def _later(found: "QuerySet[Case]", at: datetime, key: int) -> "QuerySet[Case]":
    return found.filter(Q(completed_at__gt=at) | Q(completed_at=at, pk__gt=key))


def _row(case: Case, kept: Archive | None = None) -> ArchiveRow:
    return ArchiveRow(
        case_no=case.case_no,
        item_name=case.item_name,
        applicant=case.applicant_name_masked,
        state_label=str(LABELS[State(case.state)]),
        completed_on=moment.local_date(case.completed_at or case.submitted_at),
        archive_no=kept.archive_no if kept else "",
        archived_at=kept.archived_at if kept else None,
    )
