"""What an applicant has: cases, drafts, what was handed in; and the way in by number and password."""

import hmac
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q

from tongban.base import rate
from tongban.base.paging import page
from tongban.cases.models import Case, Draft
from tongban.cases.policy import may_give_up
from tongban.cases.queries.access import cases_of, drafts_of
from tongban.cases.states import ENDED, State
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Page
from tongban.kernel.problems import NotFound

__all__ = ["MyFilters", "may_give_up", "my_cases", "my_drafts", "of_party", "track"]

#: Tries by number and password within the window, per case and per address.
TRACK_TRIES_MAX = 10
TRACK_WINDOW_S = 600
#: Characters of a search among one's own cases.
TEXT_MAX = 60


@dataclass(frozen=True, kw_only=True)
class MyFilters:
    """What of one's cases a list shows.

    `party`: "self", "company-5", "person-7" (keys of those one acts for); whom one does not act for finds nothing.
    `phase`: "open" for those that run, "ended" for those that are over. `text`: part of the item's name, or a number.
    """

    party: str = ""
    phase: Literal["", "open", "ended"] = ""
    text: str = ""


def my_cases(
    actor: Actor,
    *,
    cursor: str = "",
    size: int | None = None,
    filters: MyFilters | None = None,
    open_only: bool = False,
) -> Page[Case]:
    """The cases of the actor and of those it acts for, newest first.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    cases = cases_of(actor).select_related("organisation", "item_version", "implementation", "correction", "decision")
    cases = cases.filter(_chosen(actor, filters or MyFilters()))
    # Entries made in error are found by their number only.
    cases = cases.filter(~Q(state=State.DELETED) | Q(case_no=_number(filters.text if filters else "")))
    if open_only:
        cases = cases.exclude(state__in=ENDED - {State.DECIDED_REFUSED})
    return page(cases, order=("-submitted_at", "-id"), cursor=cursor, size=size)


def of_party(actor: Actor, one: Case | Draft, party: str) -> bool:
    """Whether a case or draft that the actor sees is that party's ("" is everybody's)."""
    if party == "self":
        return one.company_id is None and actor.mandate_of(one.person_id) is None
    kind, _dash, key = party.partition("-")
    if kind == "company":
        return str(one.company_id) == key
    return not party or (one.company_id is None and str(one.person_id) == key)


def _number(text: str) -> str:
    return "".join(text[:TEXT_MAX].split()).upper()


def _chosen(actor: Actor, filters: MyFilters) -> Q:
    kind, _dash, key = filters.party.partition("-")
    chosen = Q()
    if filters.party == "self":
        chosen = Q(company__isnull=True) & ~Q(person_id__in=[one.person_id for one in actor.principals])
    elif kind == "company" and key.isdecimal():
        chosen = Q(company_id=int(key[:18]))
    elif kind == "person" and key.isdecimal():
        chosen = Q(person_id=int(key[:18]), company__isnull=True)
    elif filters.party:
        chosen = Q(pk__in=[])
    if filters.phase:
        ended = Q(state__in=ENDED)
        chosen &= ended if filters.phase == "ended" else ~ended
    text = filters.text.strip()[:TEXT_MAX]
    if text:
        chosen &= Q(item_name__icontains=text) | Q(case_no=_number(text))
    return chosen


def my_drafts(actor: Actor, *, limit: int = 20) -> list[Draft]:
    """The actor's drafts that were not submitted, last written first."""
    drafts = drafts_of(actor).filter(case__isnull=True)
    return list(drafts.select_related("item_version__implementation__organisation").order_by("-updated_at")[:limit])


def track(case_no: str, password: str, *, address: str) -> Case:
    """The case for whoever has its number and query password, without logging in (查进度).

    `address`: the asker's network address, for the limit of tries. Wrong number and wrong password look alike.

    Raises:
        NotFound: no such case, or another password.
        TooMany: too many tries.
    """
    number = case_no.replace(" ", "").replace("-", "").upper()[:60]
    sentence = "查询次数过多，请 10 分钟后再试，或登录后在“我的办件”里查看。"
    rate.hit(bucket="track.address", key=address, limit=TRACK_TRIES_MAX * 3, per_s=TRACK_WINDOW_S, message=sentence)
    rate.hit(bucket="track.case", key=number, limit=TRACK_TRIES_MAX, per_s=TRACK_WINDOW_S, message=sentence)
    case = (
        Case.objects.select_related("organisation", "item_version", "implementation", "division")
        .filter(case_no=number)
        .first()
    )
    known = case.query_password if case else "x" * 8
    right = hmac.compare_digest(known.encode(), password.strip().encode())
    if case is None or not right:
        raise NotFound("这个办件（或查询密码不对）", code="case_not_found")
    return case
