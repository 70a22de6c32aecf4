"""What waits for the applicant's own hand: materials to complete, fees, results to collect, documents to read."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeVar

from django.db.models import Case as Rank
from django.db.models import CharField, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from tongban.base import moment
from tongban.cases.models import Case, Parcel
from tongban.cases.policy import WITHHELD
from tongban.cases.queries.access import cases_of
from tongban.cases.states import TO_COMPLETE, TO_DELIVER
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.documents.queries import unread
from tongban.kernel.actor import Actor
from tongban.payments.models import Bill
from tongban.payments.queries import open_bills

#: Fees and documents are looked for in the newest cases; documents older than this nag nobody.
CASES_MAX, READ_DAYS = 500, 60
#: Cases that are looked at beyond the limit, since some papers were served by hand and need no reading here.
READ_MORE = 100
Kind = Literal["correct", "pay", "collect", "read"]
_ORDER: Final[tuple[Kind, ...]] = ("correct", "pay", "collect", "read")
_JOINED: Final = ("organisation", "correction", "item_version", "implementation", "decision")
T = TypeVar("T", Bill, Document)


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing to be done in one case: the most pressing one of it."""

    kind: Kind
    case: Case
    due_on: date | None = None
    #: Calendar days until `due_on`, 0 today, negative when it has passed.
    days_left: int | None = None
    bill: Bill | None = None
    document: Document | None = None


def my_todo(actor: Actor, *, limit: int = 20) -> list[Todo]:
    """What the applicant, or who acts for it, must do now, the most pressing first: one to three statements.

    At most `limit` (≤ 100) cases, each once.
    """
    waiting = _waiting(actor, limit)
    bills = _first(open_bills(), [case for kind, case in waiting if kind == "pay"])
    papers = _first(_readable(), [case for kind, case in waiting if kind == "read"])
    found = [_todo(kind, case, bills.get(case.subject), papers.get(case.subject)) for kind, case in waiting]
    # What was paid or read in this very moment waits no more.
    return [one for one in found if (one.kind != "pay" or one.bill) and (one.kind != "read" or one.document)]


def todo_count(actor: Actor, *, limit: int = 20) -> int:
    """How many cases `my_todo` gives: one statement."""
    return len(_waiting(actor, limit))


def _waiting(actor: Actor, limit: int) -> list[tuple[Kind, Case]]:
    """Cases in which something waits, the most pressing first, so that no limit leaves out what is due."""
    mine = cases_of(actor)
    newest = mine.order_by("-submitted_at", "-pk").values("pk")[:CASES_MAX]
    named = Concat(Value("case:"), OuterRef("case_no"), output_field=CharField())
    to_pay = Exists(open_bills().order_by().filter(subject=named))
    readable = _readable().order_by().filter(subject=named)
    to_read = Exists(readable.exclude(kind__in=WITHHELD)) | Q(Exists(readable), delivered_at__isnull=False)
    # What is run in a system of others is handed out there.
    posted = Exists(Parcel.objects.filter(case=OuterRef("pk"), ended_at__isnull=True))
    collect = Q(state__in=TO_DELIVER, delivered_at__isnull=True, hand_over__isnull=True) & ~posted
    rank = Rank(
        When(state__in=TO_COMPLETE, then=Value(0)),
        When(Q(pk__in=newest) & Q(to_pay), then=Value(1)),
        When(collect, then=Value(2)),
        When(Q(pk__in=newest) & to_read, then=Value(3)),
        default=None,
        output_field=IntegerField(),
    )
    found = mine.annotate(rank=rank).filter(rank__isnull=False).select_related(*_JOINED)
    rows = found.order_by("rank", "correction__due_on", "submitted_at", "pk")[: limit + READ_MORE]
    kinds: list[tuple[Kind, Case]] = [(_ORDER[one.rank], one) for one in rows]
    return [(kind, one) for kind, one in kinds if _is_theirs(kind, one)][:limit]


def _is_theirs(kind: Kind, case: Case) -> bool:
    """Whether it waits for the applicant here: what another system runs is handed out there, and who did not agree to
    electronic service holds the paper itself.
    """
    if kind == "collect":
        return definition_of(case.item_version).runs_in is None
    return kind != "read" or bool(case.service.get("electronic_consent"))


def _readable() -> QuerySet[Document]:
    since = moment.now() - timedelta(days=READ_DAYS)
    return unread().filter(issued_at__gte=since).exclude(kind="correction")


def _first(things: QuerySet[T], cases: list[Case]) -> dict[str, T]:
    """The first of these things of each case; asks nothing where there are no cases."""
    if not cases:
        return {}
    found: dict[str, T] = {}
    withheld = {one.subject for one in cases if one.delivered_at is None}
    for one in things.filter(subject__in=[case.subject for case in cases]):
        if getattr(one, "kind", "") in WITHHELD and one.subject in withheld:
            continue
        found.setdefault(one.subject, one)
    return found


def _todo(kind: Kind, case: Case, bill: Bill | None, paper: Document | None) -> Todo:
    if kind != "correct":
        return Todo(kind=kind, case=case, bill=bill, document=paper)
    due = case.correction.due_on
    return Todo(kind=kind, case=case, due_on=due, days_left=(due - moment.today()).days)
