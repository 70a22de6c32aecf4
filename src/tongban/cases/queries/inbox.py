"""Inboxes: what a person at the desk may do next, in the order of the due dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases.models import Case, InboxEntry
from tongban.cases.states import LABELS, TONES, State
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.problems import Invalid
from tongban.kernel.workdays import WorkCalendar

#: Days of the coarse filter "due soon".
SOON_WORKDAYS = 2
#: Above this a count is shown as "999+": nobody needs it exact, and counting ten million rows costs everybody time.
COUNT_MAX = 999

KINDS: Mapping[str, str] = {"reception": "收件受理", "step": "审查决定", "issue": "制发结果", "delivery": "送达"}


@dataclass(frozen=True, kw_only=True)
class InboxFilters:
    """Filters as they stand in the address; an unknown value is refused.

    `kind`: reception, step, issue, delivery. `due`: late, soon. `mine`: only steps that I took, or nobody did.
    """

    kind: str = ""
    due: str = ""
    item: str = ""
    mine: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "InboxFilters":
        """The filters of an address.

        Raises:
            Invalid: a value that is not offered.
        """
        kind, due = query.get("kind", ""), query.get("due", "")
        if kind not in {"", *KINDS} or due not in {"", "late", "soon"}:
            raise Invalid("筛选条件不正确，请从页面上的筛选项中选择。", code="filter_unknown")
        return cls(kind=kind, due=due, item=query.get("item", "")[:50], mine=query.get("mine", "") == "1")


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """One row: the case, what is to be done, until when."""

    entry_id: int
    case_no: str
    item_name: str
    applicant: str
    state: str
    state_label: str
    tone: str
    task: str
    channel: str
    organisation: str
    claimed_by: str
    claimed_by_me: bool
    due_on: date
    #: Working days left; negative when late.
    left: int
    provisional: bool


def inbox(
    actor: Actor, *, filters: InboxFilters | None = None, cursor: str = "", size: int | None = 50
) -> Page[InboxRow]:
    """What the actor's posts may act on, earliest due date first; keyset pages, one query a page.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    entries = _filtered(_entries(actor), actor, filters or InboxFilters())
    secret = settings.SECRET_KEY.encode()
    count = page_size(size)
    if cursor:
        due, key = Cursor.decode(cursor, secret).values
        day = date.fromisoformat(str(due))
        entries = entries.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=int(key)))
    found = list(
        entries.select_related("case", "organisation", "step__claimed_by").order_by("due_on", "pk")[: count + 1]
    )
    after = None
    if len(found) > count:
        last = found[count - 1]
        after = Cursor((last.due_on.isoformat(), last.pk)).encode(secret)
    # One calendar a division, not a row: asking for it looks whether the table has changed.
    calendars = {code: work_calendar(code) for code in {one.case.division_id for one in found}}
    rows = [_row(actor, one, calendars[one.case.division_id]) for one in found[:count]]
    return Page(items=rows, next=after, previous=None)


def inbox_count(actor: Actor, *, filters: InboxFilters | None = None) -> int:
    """How many entries there are, at most `COUNT_MAX` + 1."""
    return _filtered(_entries(actor), actor, filters or InboxFilters())[: COUNT_MAX + 1].count()


def neighbours(actor: Actor, case_no: str) -> tuple[str | None, str | None]:
    """Numbers of the cases before and after this one in the actor's inbox."""
    entry = _entries(actor).filter(case__case_no=case_no).order_by("due_on", "pk").first()
    if entry is None:
        return None, None
    others = _entries(actor).exclude(case__case_no=case_no)
    earlier = others.filter(Q(due_on__lt=entry.due_on) | Q(due_on=entry.due_on, pk__lt=entry.pk))
    later = others.filter(Q(due_on__gt=entry.due_on) | Q(due_on=entry.due_on, pk__gt=entry.pk))
    return (
        earlier.order_by("-due_on", "-pk").values_list("case__case_no", flat=True).first(),
        later.order_by("due_on", "pk").values_list("case__case_no", flat=True).first(),
    )


def may_act_on(actor: Actor, case: Case) -> bool:
    """Whether the case is in one of the actor's inboxes."""
    return _entries(actor).filter(case=case).exists()


def _entries(actor: Actor) -> QuerySet[InboxEntry]:
    mine = Q(pk__in=[])
    for post in actor.appointments:
        mine |= Q(organisation_id=post.organisation_id, role=post.role)
    return InboxEntry.objects.filter(mine, closed_at__isnull=True)


def _filtered(entries: QuerySet[InboxEntry], actor: Actor, filters: InboxFilters) -> QuerySet[InboxEntry]:
    # A body's window and officer entries of one reception look the same to somebody who holds both posts.
    entries = entries.exclude(
        Q(role="case_officer") & Q(kind__in=["reception", "issue", "delivery"]) & Q(organisation_id__in=_double(actor))
    )
    if filters.kind:
        entries = entries.filter(kind=filters.kind)
    if filters.item:
        entries = entries.filter(case__implementation__task_code__startswith=filters.item)
    if filters.due == "late":
        entries = entries.filter(due_on__lt=moment.today())
    elif filters.due == "soon":
        entries = entries.filter(due_on__lte=work_calendar().add(moment.today(), SOON_WORKDAYS).date)
    if filters.mine:
        entries = entries.filter(Q(step__claimed_by_id=actor.account_id) | Q(step__claimed_by__isnull=True))
    return entries


def _double(actor: Actor) -> list[int]:
    clerk = {one.organisation_id for one in actor.appointments if one.role == "window_clerk"}
    officer = {one.organisation_id for one in actor.appointments if one.role == "case_officer"}
    return sorted(clerk & officer)


def _row(actor: Actor, entry: InboxEntry, calendar: WorkCalendar) -> InboxRow:
    case, step = entry.case, entry.step
    state = State(case.state)
    today = moment.today()
    late = entry.due_on < today
    left = -calendar.count(entry.due_on, today) if late else calendar.count(today, entry.due_on)
    claimed = step.claimed_by if step else None
    return InboxRow(
        entry_id=entry.pk,
        case_no=case.case_no,
        item_name=case.item_name,
        applicant=case.applicant_name_masked,
        state=case.state,
        state_label=LABELS[state],
        tone=TONES[state],
        task=step.name if step else KINDS[entry.kind],
        channel=case.channel,
        organisation=entry.organisation.short_name or entry.organisation.name,
        claimed_by=claimed.name if claimed else "",
        claimed_by_me=claimed is not None and claimed.pk == actor.account_id,
        due_on=entry.due_on,
        left=left,
        provisional=case.due_provisional,
    )
