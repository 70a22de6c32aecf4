"""Cases in the desk's search: by number, applicant, document and phone; and by item."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.base import moment
from tongban.cases import commands
from tongban.cases.models import Case
from tongban.cases.panel import WORKING
from tongban.cases.queries.search import meant, search_by_item, search_cases
from tongban.cases.states import LABELS, TONES, State
from tongban.desk.registries import Found, Hit, Searchable
from tongban.kernel.actor import Actor, Role
from tongban.kernel.paging import Page

SEEING = WORKING | {Role.SUPERVISOR}


class CasesByApplicant(Searchable):
    """Cases by their number or its end, and by the applicant's whole name, document or phone."""

    key = "cases"
    label = gettext_lazy("办件")

    def open_to(self, actor: Actor) -> bool:
        """Whoever may see cases at all."""
        return bool(actor.roles() & SEEING)

    def personal(self, words: str) -> bool:
        """Whether the words are somebody's number, which no address and no log may carry."""
        return meant(words).personal

    def search(self, actor: Actor, words: str, cursor: str) -> Found:
        """Cases that the actor may see; a search by somebody's number is logged.

        Raises:
            Invalid: the cursor is not one of ours.
        """
        return _found(find_cases(actor, words=words, cursor=cursor))


class CasesByItem(Searchable):
    """Cases by a part of their item's name."""

    key = "items"
    label = gettext_lazy("事项的办件")

    def open_to(self, actor: Actor) -> bool:
        """Whoever works on cases of an own body."""
        return bool(actor.roles() & WORKING)

    def search(self, actor: Actor, words: str, cursor: str) -> Found:
        """Cases of the items of the actor's own bodies.

        Raises:
            Invalid: the cursor is not one of ours.
        """
        return _found(search_by_item(actor, words=words, cursor=cursor))


def find_cases(actor: Actor, *, words: str, cursor: str = "", size: int | None = 20) -> Page[Case]:
    """Cases that the words name and the actor may see; a search by somebody's number is logged.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    page = search_cases(actor, words=words, cursor=cursor, size=size)
    what = meant(words)
    if what.personal:
        ways = tuple(sorted(what.ways & {"document", "phone"}))
        commands.log_search(actor=actor, by=ways, found=len(page.items))
    return page


def _found(page: Page[Case]) -> Found:
    return Found(hits=tuple(_hit(one) for one in page.items), next=page.next)


def _hit(case: Case) -> Hit:
    state = State(case.state)
    return Hit(
        href=reverse("cases:case", args=[case.case_no]),
        title=case.item_name,
        subject=case.applicant_name_masked,
        state_tone=TONES[state],
        state_label=_(LABELS[state]),
        place=case.organisation.short_name or case.organisation.name,
        number=case.case_no,
        day=moment.local_date(case.submitted_at),
    )
