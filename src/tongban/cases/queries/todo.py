"""What waits for the applicant's own hand: materials to complete, fees, results to collect, documents to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.db.models import Case as Rank
from django.db.models import CharField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from tongban.base import moment
from tongban.cases.models import Case
from tongban.cases.policy import WITHHELD
from tongban.cases.queries.access import cases_of
from tongban.cases.states import TO_COMPLETE, State
from tongban.catalogue.queries import definition_of
from tongban.documents.models import Document
from tongban.documents.queries import unread
from tongban.kernel.actor import Actor
from tongban.payments.models import Bill
from tongban.payments.queries import open_bills

#: Fees and documents are looked for in the newest cases; documents older than this nag nobody.
CASES_MAX, READ_DAYS = 500, 60
_ORDER: Final = ("correct", "pay", "collect", "read")
_JOINED: Final = ("organisation", "correction", "item_version", "implementation", "decision")


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing to be done in one case: the most pressing one of it."""

    kind: Literal["correct", "pay", "collect", "read"]
    case: Case
    due_on: date | None = None
    #: Calendar days until `due_on`, 0 today, negative when it has passed.
    days_left: int | None = None
    bill: Bill | None = None
    document: Document | None = None


def my_todo(actor: Actor, *, limit: int = 20) -> list[Todo]:
    """What the applicant, or who acts for it, must do now, the most pressing first: four statements whatever there is.

    At most `limit` (≤ 100) cases, each once.
    """
    mine = cases_of(actor)
    numbers = _subjects(mine)
    bills = {one.subject: one for one in reversed(open_bills(numbers))}
    since = moment.now() - timedelta(days=READ_DAYS)
    papers = {one.subject: one for one in reversed(unread(numbers, since)) if one.kind != "correction"}
    found = [_todo(one, bills, papers) for one in _waiting(mine, bills, papers, limit)]
    wanted = [one for one in found if one is not None]
    return sorted(wanted, key=lambda one: (_ORDER.index(one.kind), one.due_on or date.max, one.case.submitted_at))[
        :limit
    ]


def _subjects(mine: QuerySet[Case]) -> "QuerySet[Case, str]":
    named = mine.annotate(name=Concat(Value("case:"), "case_no", output_field=CharField()))
    return named.order_by("-submitted_at", "-pk").values_list("name", flat=True)[:CASES_MAX]


def _waiting(mine: QuerySet[Case], bills: Iterable[str], papers: Iterable[str], limit: int) -> list[Case]:
    """Cases in which something waits, the most pressing first, so that no limit leaves out what is due."""
    to_pay, to_read = ([one.partition(":")[2] for one in subjects] for subjects in (bills, papers))
    # What is run in a system of others is handed out there.
    collect = Q(state__in=[State.COMPLETED, State.DECIDED_REFUSED], delivered_at__isnull=True, hand_over__isnull=True)
    due = mine.filter(Q(state__in=TO_COMPLETE) | collect | Q(case_no__in=[*to_pay, *to_read]))
    rank = Rank(
        When(state__in=TO_COMPLETE, then=Value(0)),
        When(case_no__in=to_pay, then=Value(1)),
        When(collect, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = due.select_related(*_JOINED).order_by(rank, "correction__due_on", "submitted_at", "pk")
    # Not all that was issued is to be read yet, so a few more cases than asked for are looked at.
    return list(found[: limit + len(to_read)])


def _todo(case: Case, bills: dict[str, Bill], papers: dict[str, Document]) -> Todo | None:
    if case.state in TO_COMPLETE:
        due = case.correction.due_on
        return Todo(kind="correct", case=case, due_on=due, days_left=(due - moment.today()).days)
    bill = bills.get(case.subject)
    if bill is not None:
        return Todo(kind="pay", case=case, bill=bill)
    ended = case.state in {State.COMPLETED, State.DECIDED_REFUSED} and case.delivered_at is None
    if ended and definition_of(case.item_version).runs_in is None:
        return Todo(kind="collect", case=case)
    paper = papers.get(case.subject)
    if paper is None or not case.service.get("electronic_consent"):
        return None
    withheld = paper.kind in WITHHELD and case.delivered_at is None
    return None if withheld else Todo(kind="read", case=case, document=paper)
