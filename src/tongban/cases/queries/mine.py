"""What an applicant has: cases, drafts, and what is to be done now; and the way in by number and password."""

import hmac
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from tongban.base import rate
from tongban.cases.models import Case, CaseMaterial, Draft
from tongban.cases.policy import may_give_up
from tongban.cases.queries.access import cases_of, drafts_of
from tongban.cases.states import ENDED, State
from tongban.kernel.actor import Actor
from tongban.kernel.paging import Cursor, Page, page_size
from tongban.kernel.problems import NotFound

__all__ = ["handed_in", "may_give_up", "my_cases", "my_drafts", "my_todo", "track"]

#: Tries by number and password within the window, per case and per address.
TRACK_TRIES_MAX = 10
TRACK_WINDOW_S = 600


def my_cases(
    actor: Actor, *, cursor: str = "", size: int | None = None, company_id: int | None = None, open_only: bool = False
) -> Page[Case]:
    """The actor's cases as an applicant, newest first; those of one company where it is named."""
    cases = cases_of(actor).select_related("organisation", "item_version", "implementation", "correction", "decision")
    if company_id is not None:
        cases = cases.filter(company_id=company_id)
    if open_only:
        cases = cases.exclude(state__in=ENDED - {State.DECIDED_REFUSED})
    secret = settings.SECRET_KEY.encode()
    count = page_size(size)
    if cursor:
        at, key = Cursor.decode(cursor, secret).values
        before = datetime.fromisoformat(str(at))
        cases = cases.filter(Q(submitted_at__lt=before) | Q(submitted_at=before, pk__lt=int(key)))
    rows = list(cases.order_by("-submitted_at", "-pk")[: count + 1])
    after = None
    if len(rows) > count:
        last = rows[count - 1]
        after = Cursor((last.submitted_at.isoformat(), last.pk)).encode(secret)
    return Page(items=rows[:count], next=after, previous=None)


def my_todo(actor: Actor, *, limit: int = 20) -> list[Case]:
    """Cases in which the applicant must do something now: complete materials, or collect a result."""
    waiting = Q(state=State.CORRECTION_PENDING) | Q(
        state__in=[State.COMPLETED, State.DECIDED_REFUSED], delivered_at__isnull=True
    )
    found = cases_of(actor).filter(waiting).select_related("organisation", "correction", "item_version")
    return list(found.order_by("submitted_at", "pk")[:limit])


def my_drafts(actor: Actor, *, limit: int = 20) -> list[Draft]:
    """The actor's drafts that were not submitted, last written first."""
    drafts = drafts_of(actor).filter(case__isnull=True)
    return list(drafts.select_related("item_version__implementation__organisation").order_by("-updated_at")[:limit])


def handed_in(case: Case) -> list[CaseMaterial]:
    """Everything that was handed in with a case, replaced files too, in order; the caller has checked who asks."""
    return list(CaseMaterial.objects.filter(case=case).select_related("file").order_by("pk"))


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
