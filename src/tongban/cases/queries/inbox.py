"""Inboxes: what a person at the desk may do next, in the order of the due dates.

One page is one range of one partial index for each of the actor's posts, whatever the number of cases: entries repeat
what the list shows (`tongban.cases.inbox`), nothing is counted exactly, nothing sorted but the rows of the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add, or_
from typing import Any, Final, Literal

from django.conf import settings
from django.db.models import F, IntegerField, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.base.reading import Asked, Prepared
from tongban.cases.models import Case, InboxEntry
from tongban.cases.queries.inbox_filters import KINDS, SORTS, InboxFilters, mine_or_free
from tongban.cases.states import LABELS, TONES, State
from tongban.identity.models import Account
from tongban.identity.queries import names_of
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.problems import Invalid
from tongban.kernel.workdays import WorkCalendar

#: Above this a count is shown as "999+": nobody needs it exact, and counting ten million rows costs everybody time.
COUNT_MAX = 999
#: What a step's own post does; reception and result are for the body's window as well.
_STEP_KIND: Final = "step"


#: What a page reads: the entry, and of what is joined to it the names alone.
_SHOWN: Final = (
    *(one.name for one in InboxEntry._meta.concrete_fields),
    "organisation__name",
    "organisation__short_name",
    "claimed_by__name",
)


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
    #: For whom the actor stands in here, where they have the row's post by delegation alone.
    acting_for: str
    submitted_at: datetime
    due_on: date
    #: Working days left; negative when late.
    left: int
    provisional: bool


def inbox(
    actor: Actor, *, filters: InboxFilters | None = None, cursor: str = "", size: int | None = 50
) -> Page[InboxRow]:
    """What the actor's posts may act on, earliest due date first or in the order asked for; keyset pages, one query.

    Raises:
        Invalid: the cursor is not one of ours, or of another order.
    """
    wanted = filters or InboxFilters()
    count = page_size(size)
    if _is_plain(wanted) and not cursor:
        found = _first_page(actor, wanted, count)
    else:
        found = list(page_entries(actor, filters=wanted, cursor=cursor, size=count))
    after = None
    if len(found) > count:
        last = found[count - 1]
        after = _cursor(wanted.sort, last).encode(settings.SECRET_KEY.encode())
    # One calendar a division, not a row: asking for it looks whether the table has changed.
    calendars = {code: work_calendar(code) for code in {one.division_code for one in found}}
    lent = _lent(actor)
    today = moment.today()
    rows = [_row(actor, one, today, calendars[one.division_code], lent) for one in found[:count]]
    return Page(items=rows, next=after, previous=None)


def page_entries(actor: Actor, *, filters: InboxFilters, cursor: str = "", size: int = 50) -> QuerySet[InboxEntry]:
    """The statement behind a page: its entries and one more, with what is joined to them.

    Raises:
        Invalid: the cursor is not one of ours, or of another order.
    """
    ranges = [_ordered(one, filters, cursor)[: size + 1] for one in _ranges(actor, filters)]
    return _merged(ranges, filters.sort, size) if ranges else InboxEntry.objects.none()


def _merged(ranges: Sequence[QuerySet[InboxEntry]], sort: str, size: int) -> QuerySet[InboxEntry]:
    """The first rows of several ranges, each cut and in order already."""
    joined = ("organisation", "claimed_by")
    if len(ranges) == 1:
        return ranges[0].select_related(*joined).only(*_SHOWN)
    first, *others = [one.values("pk") for one in ranges]
    found = InboxEntry.objects.filter(pk__in=first.union(*others, all=True))
    return found.select_related(*joined).only(*_SHOWN).order_by(*_order(sort))[: size + 1]


def inbox_count(actor: Actor, *, filters: InboxFilters | None = None) -> int:
    """How many entries there are, at most `COUNT_MAX` + 1."""
    if filters is None:
        return inbox_counts(actor)[0]
    ranges = [one.values("pk")[: COUNT_MAX + 1] for one in _ranges(actor, filters)]
    if not ranges:
        return 0
    first, *others = ranges
    return min((first.union(*others, all=True) if others else first).count(), COUNT_MAX + 1)


def inbox_counts(actor: Actor) -> tuple[int, int]:
    """What waits for the actor's posts, and what of it the actor took or nobody did: one statement, as bounded."""
    posts = _posts(actor, InboxFilters())
    everything, mine = (_COUNTS.first(_shape(posts), **_values(actor, posts)) if posts else None) or (0, 0)
    return min(everything, COUNT_MAX + 1), min(mine, COUNT_MAX + 1)


def ask_counts(actor: Actor) -> tuple[Asked, ...]:
    """What `inbox_counts` reads, to be read ahead with other things of a page."""
    posts = _posts(actor, InboxFilters())
    return (_COUNTS.asked(_shape(posts), **_values(actor, posts)),) if posts else ()


def ask_inbox(actor: Actor, *, filters: InboxFilters, size: int) -> tuple[Asked, ...]:
    """What the first page of `inbox` reads; nothing where it is no inbox as everybody opens it."""
    posts = _posts(actor, filters)
    if not posts or not _is_plain(filters):
        return ()
    return (_PAGE.asked(_shape(posts), filters.mine, filters.sort, page_size(size), **_values(actor, posts)),)


def ask_place(actor: Actor, case_no: str) -> tuple[Asked, ...]:
    """What `neighbours` reads first."""
    posts = _posts(actor, InboxFilters())
    return (_ENTRY.asked(_shape(posts), number=case_no, **_values(actor, posts)),) if posts else ()


def neighbours(actor: Actor, case_no: str) -> tuple[str | None, str | None]:
    """Numbers of the cases before and after this one in the actor's inbox: two statements."""
    posts = _posts(actor, InboxFilters())
    shape, values = _shape(posts), _values(actor, posts)
    entry = _ENTRY.first(shape, number=case_no, **values) if posts else None
    if entry is None:
        return None, None
    found = _AROUND.rows(shape, number=case_no, day=entry.due_on, key=entry.pk, **values)
    places = {(one.due_on, one.pk): one.case_no for one in found}
    here = (entry.due_on, entry.pk)
    before = max((place for place in places if place < here), default=None)
    after = min((place for place in places if place > here), default=None)
    return (places[before] if before else None), (places[after] if after else None)


def may_act_on(actor: Actor, case: Case) -> bool:
    """Whether the case is in one of the actor's inboxes."""
    return _entries(actor).filter(case=case).exists()


def _entries(actor: Actor) -> QuerySet[InboxEntry]:
    mine = Q(pk__in=[])
    for post in actor.appointments:
        mine |= Q(organisation_id=post.organisation_id, role=post.role)
    return InboxEntry.objects.filter(mine, closed_at__isnull=True)


@dataclass(frozen=True, slots=True)
class _Post:
    """One range of the index: a role at an organisation, perhaps of one kind of entry only."""

    organisation_id: int
    role: str
    kind: str


def _posts(actor: Actor, filters: InboxFilters) -> list[_Post]:
    held = sorted({(one.organisation_id, str(one.role)) for one in actor.appointments})
    found = []
    for organisation_id, role in held:
        if filters.org and int(filters.org) != organisation_id:
            continue
        kind = filters.kind
        # A body's window and officer entries of one reception look the same to somebody who holds both posts.
        if role == Role.CASE_OFFICER and (organisation_id, str(Role.WINDOW_CLERK)) in held:
            if kind not in {"", _STEP_KIND}:
                continue
            kind = _STEP_KIND
        found.append(_Post(organisation_id, role, kind))
    return found


def _ranges(actor: Actor, filters: InboxFilters) -> list[QuerySet[InboxEntry]]:
    """One range of the index for each post, so that none is read but what the page shows."""
    condition = filters.condition(actor)
    return [_range(one.organisation_id, one.role, one.kind).filter(condition) for one in _posts(actor, filters)]


def _range(organisation: Any, role: str, kind: str) -> QuerySet[InboxEntry]:
    of_post = Q(organisation_id=organisation, role=role, closed_at__isnull=True)
    return InboxEntry.objects.filter(of_post & (Q(kind=kind) if kind else Q()))


def _is_plain(filters: InboxFilters) -> bool:
    """Whether it is an inbox as everybody opens it, all day: these are read by prepared statements."""
    return filters.without("mine", "sort") == InboxFilters()


def _shape(posts: Sequence[_Post]) -> tuple[tuple[str, str], ...]:
    return tuple((one.role, one.kind) for one in posts)


def _values(actor: Actor, posts: Sequence[_Post]) -> dict[str, int]:
    return {f"body{number}": one.organisation_id for number, one in enumerate(posts)} | {
        "account": actor.account_id or 0
    }


def _plain_ranges(
    shape: tuple[tuple[str, str], ...], mine: bool, account: Any, bodies: Mapping[str, Any]
) -> list[QuerySet[InboxEntry]]:
    condition = mine_or_free(account) if mine else Q()
    return [_range(bodies[f"body{number}"], role, kind).filter(condition) for number, (role, kind) in enumerate(shape)]


class _Bounded(Subquery):
    """How many rows a range has, counted no further than it is cut."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _counts(shape: tuple[tuple[str, str], ...], account: Any, **bodies: Any) -> QuerySet[Account, tuple[int, int]]:
    totals = []
    for mine in (False, True):
        ranges = _plain_ranges(shape, mine, account, bodies)
        totals.append(
            reduce(add, [_Bounded(one.order_by("due_on", "pk").values("pk")[: COUNT_MAX + 1]) for one in ranges])
        )
    return Account.objects.filter(pk=account).values_list(*totals)


def _page(
    shape: tuple[tuple[str, str], ...], mine: bool, sort: str, size: int, account: Any, **bodies: Any
) -> QuerySet[InboxEntry]:
    ranges = [one.order_by(*_order(sort))[: size + 1] for one in _plain_ranges(shape, mine, account, bodies)]
    return _merged(ranges, sort, size)


def _entry(shape: tuple[tuple[str, str], ...], number: Any, account: Any, **bodies: Any) -> QuerySet[InboxEntry]:
    ranges = [one.filter(case__case_no=number) for one in _plain_ranges(shape, False, account, bodies)]
    return reduce(or_, ranges).order_by("due_on", "pk")[:1]


def _around(
    shape: tuple[tuple[str, str], ...], number: Any, day: Any, key: Any, account: Any, **bodies: Any
) -> QuerySet[InboxEntry]:
    """The last entry before a place and the first after it, of each post."""
    earlier = Q(due_on__lte=day) & (Q(due_on__lt=day) | Q(pk__lt=key))
    later = Q(due_on__gte=day) & (Q(due_on__gt=day) | Q(pk__gt=key))
    found = []
    for one in _plain_ranges(shape, False, account, bodies):
        others = one.exclude(case_no=number).values("pk")
        found.append(others.filter(earlier).order_by("-due_on", "-pk")[:1])
        found.append(others.filter(later).order_by("due_on", "pk")[:1])
    first, *rest = found
    return InboxEntry.objects.filter(pk__in=first.union(*rest, all=True))


_ENTRY: Prepared[InboxEntry] = Prepared(_entry)
_AROUND: Prepared[InboxEntry] = Prepared(_around)
_COUNTS: Prepared[tuple[int, int]] = Prepared(_counts)
_PAGE: Prepared[InboxEntry] = Prepared(_page)


def _first_page(actor: Actor, filters: InboxFilters, size: int) -> list[InboxEntry]:
    posts = _posts(actor, filters)
    shape = _shape(posts)
    return _PAGE.rows(shape, filters.mine, filters.sort, size, **_values(actor, posts)) if posts else []


def _order(sort: str) -> tuple[str, str]:
    column = SORTS[sort]
    return column, "-pk" if column.startswith("-") else "pk"


def _ordered(entries: QuerySet[InboxEntry], filters: InboxFilters, cursor: str) -> QuerySet[InboxEntry]:
    column = SORTS[filters.sort]
    if cursor:
        entries = entries.filter(
            _beyond(column.lstrip("-"), "<" if column.startswith("-") else ">", _place(filters.sort, cursor))
        )
    return entries.order_by(*_order(filters.sort))


def _beyond(column: str, sign: Literal["<", ">"], place: tuple[Any, int]) -> Any:
    """Rows after (or before) a place, compared as a pair, so that the index is entered exactly there."""
    compare = TupleLessThan if sign == "<" else TupleGreaterThan
    return compare(Tuple(F(column), F("pk")), place)


def _cursor(sort: str, last: InboxEntry) -> Cursor:
    value = getattr(last, SORTS[sort].lstrip("-"))
    return Cursor((sort, value if isinstance(value, str) else value.isoformat(), last.pk))


def _place(sort: str, cursor: str) -> tuple[Any, int]:
    values = Cursor.decode(cursor, settings.SECRET_KEY.encode()).values
    if len(values) != 3 or values[0] != sort:
        raise Invalid("翻页位置无效，请从第一页重新查看。", code="bad_cursor")
    text = str(values[1])
    readers: dict[str, Any] = {"due": date.fromisoformat, "item": str}
    return readers.get(sort, datetime.fromisoformat)(text), int(values[2])


def _lent(actor: Actor) -> dict[tuple[int, str], str]:
    """The posts that the actor has by delegation alone (body and role), with the name of who lent each."""
    own = {(one.organisation_id, one.role) for one in actor.appointments if one.delegated_from is None}
    lent = {
        (one.organisation_id, one.role): one.delegated_from
        for one in actor.appointments
        if one.delegated_from is not None and (one.organisation_id, one.role) not in own
    }
    names = names_of(lent.values()) if lent else {}
    return {post: names.get(account, "") for post, account in lent.items()}


def _row(
    actor: Actor, entry: InboxEntry, today: date, calendar: WorkCalendar, lent: Mapping[tuple[int, str], str]
) -> InboxRow:
    state = State(entry.state)
    late = entry.due_on < today
    left = -calendar.count(entry.due_on, today) if late else calendar.count(today, entry.due_on)
    return InboxRow(
        entry_id=entry.pk,
        case_no=entry.case_no,
        item_name=entry.item_name,
        applicant=entry.applicant_masked,
        state=entry.state,
        state_label=LABELS[state],
        tone=TONES[state],
        task=entry.step_name or KINDS[entry.kind],
        channel=entry.channel,
        organisation=entry.organisation.short_name or entry.organisation.name,
        claimed_by=entry.claimed_by.name if entry.claimed_by else "",
        acting_for=lent.get((entry.organisation_id, entry.role), ""),
        claimed_by_me=entry.claimed_by_id is not None and entry.claimed_by_id == actor.account_id,
        submitted_at=entry.submitted_at,
        due_on=entry.due_on,
        left=left,
        provisional=entry.provisional,
    )
