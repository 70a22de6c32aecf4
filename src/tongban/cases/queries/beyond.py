"""Reports that more was asked for than the guide lists, for those who supervise and for the applicant."""

from django.db.models import QuerySet

from tongban.base import paging
from tongban.cases.models import BeyondGuideReport, Case
from tongban.cases.queries.access import visible_to
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Page

#: What a list counts at most.
_COUNT_MAX = 1000


def supervises(actor: Actor) -> bool:
    """Whether the actor has a post that looks into such reports."""
    return Role.SUPERVISOR in actor.roles()


def beyond_guide(actor: Actor, *, cursor: str = "") -> Page[BeyondGuideReport]:
    """The reports of the actor's reach, the newest first, with case and body; none for who does not supervise.

    Raises:
        Invalid: the cursor is not one of ours (`bad_cursor`).
    """
    rows = _of(actor).select_related("case", "case__organisation")
    return paging.page(rows, order=("-id",), cursor=cursor or None)


def beyond_guide_count(actor: Actor) -> int:
    """How many reports the actor may look into, at most 1,000."""
    return _of(actor).order_by()[:_COUNT_MAX].count()


def beyond_guide_of(case: Case) -> list[BeyondGuideReport]:
    """What the applicant reported on a case that the caller may see, the newest first."""
    rows = BeyondGuideReport.objects.filter(case=case, source=BeyondGuideReport.Source.APPLICANT)
    return list(rows.order_by("-id"))


def _of(actor: Actor) -> QuerySet[BeyondGuideReport]:
    if not supervises(actor):
        return BeyondGuideReport.objects.none()
    return BeyondGuideReport.objects.filter(case__in=Case.objects.filter(visible_to(actor)))
