"""The team at a glance, for whoever heads a unit: who has what in hand, and what nobody has taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.cases import policy
from tongban.cases.models import CaseStep, InboxEntry
from tongban.cases.queries.inbox_filters import KINDS
from tongban.identity.queries import live_appointments, live_delegations
from tongban.kernel.actor import Actor, Role
from tongban.kernel.problems import NotFound

#: "Done" looks back so many days, today among them.
DONE_DAYS = 7
ENTRIES_SHOWN_MAX = 100
MEMBERS_MAX = 200
_WORKING = (Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER)
_DUES = frozenset({"", "today", "late"})


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one person has in hand at a unit; `account_id` None: what nobody has taken.

    `substitute`: who stands in for them there today, empty where nobody does.
    `share`: of the unit's open work, in whole percent, for the bar; the numbers stand beside it.
    """

    account_id: int | None
    name: str
    posts: str
    open: int
    due_today: int
    late: int
    done: int
    share: int
    substitute: str = ""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit that the actor heads, with its members in the order of what they have in hand."""

    organisation_id: int
    name: str
    open: int
    due_today: int
    late: int
    done: int
    loads: tuple[Load, ...]


@dataclass(frozen=True, kw_only=True)
class InHand:
    """One open entry behind a number; `colleagues`: to whom its step can be given."""

    case_no: str
    item_name: str
    applicant: str
    task: str
    step_key: str
    due_on: date
    late: bool
    claimed_by: str
    colleagues: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Member:
    account_id: int
    name: str
    posts: tuple[tuple[str, str], ...]
    substitute: str = ""

    def holds(self, role: str) -> bool:
        return any(one == role for one, _title in self.posts)


def team(actor: Actor) -> tuple[Unit, ...]:
    """The units that the actor heads: four statements, whatever the number of people and cases.

    Raises:
        NotFound: the actor heads none.
    """
    units = _headed(actor)
    members = _members(units)
    inhand = _in_hand(units)
    done = _done(units)
    return tuple(_unit(key, name, members[key], inhand, done) for key, name in sorted(units.items()))


def team_entries(actor: Actor, organisation_id: int, *, account_id: int | None, due: str = "") -> tuple[InHand, ...]:
    """What stands behind a number: of this person (None: of nobody), earliest due date first, at most 100.

    `due`: today, late or empty.

    Raises:
        NotFound: the actor does not head the unit, or `due` is not offered.
    """
    units = _headed(actor)
    if organisation_id not in units or due not in _DUES:
        raise NotFound(_("这个页面"))
    members = _members({organisation_id: units[organisation_id]})[organisation_id]
    entries = _open(organisation_id).filter(claimed_by_id=account_id).select_related("step", "claimed_by")
    today = moment.today()
    if due:
        entries = entries.filter(due_on=today) if due == "today" else entries.filter(due_on__lt=today)
    seen: dict[tuple[str, str], InHand] = {}
    # A reception stands twice, for the window and for the officers of a body: shown once.
    for one in entries.order_by("due_on", "pk")[: 2 * ENTRIES_SHOWN_MAX]:
        seen.setdefault((one.case_no, one.step.key if one.step else one.kind), _row(one, members, today))
    return tuple(seen.values())[:ENTRIES_SHOWN_MAX]


def heads_a_team(actor: Actor) -> bool:
    """Whether the actor heads any unit; no statement."""
    return bool(policy.headed_units(actor))


def _headed(actor: Actor) -> dict[int, str]:
    headed = policy.headed_units(actor)
    if not headed:
        raise NotFound(_("这个页面"))
    return {one.organisation_id: one.organisation_name for one in actor.appointments if one.organisation_id in headed}


def _open(*organisation_ids: int) -> QuerySet[InboxEntry]:
    return InboxEntry.objects.filter(organisation_id__in=organisation_ids, closed_at__isnull=True)


def _members(units: Iterable[int]) -> dict[int, list[_Member]]:
    held = live_appointments(moment.today()).filter(post__organisation_id__in=list(units), post__role__in=_WORKING)
    found: dict[int, dict[int, _Member]] = {one: {} for one in units}
    lent = _substitutes(units)
    for one in held.order_by("account__login", "pk")[: MEMBERS_MAX * 4]:
        at = found[one.post.organisation_id]
        before = at.get(one.account_id)
        posts = (*(before.posts if before else ()), (one.post.role, one.post.title))
        at[one.account_id] = _Member(
            one.account_id, one.account.name, posts, lent.get((one.account_id, one.post.organisation_id), "")
        )
    return {key: list(at.values())[:MEMBERS_MAX] for key, at in found.items()}


def _substitutes(units: Iterable[int]) -> dict[tuple[int, int], str]:
    """Who stands in for whom today: by account and unit, the names of those to whom a post there is lent."""
    found: dict[tuple[int, int], dict[str, None]] = {}
    lent = live_delegations(moment.today()).filter(
        appointment__post__organisation_id__in=list(units), appointment__post__role__in=_WORKING
    )
    for one in lent.select_related("to_account", "appointment__post").order_by("pk"):
        key = (one.appointment.account_id, one.appointment.post.organisation_id)
        found.setdefault(key, {})[one.to_account.name] = None
    return {key: "、".join(names) for key, names in found.items()}


def _in_hand(units: Iterable[int]) -> dict[tuple[int, int | None], tuple[int, int, int]]:
    today = moment.today()
    # Several entries of one case and kind (for the window, for the officers) are one piece of work.
    rows = (
        _open(*units)
        .values("organisation_id", "claimed_by_id")
        .annotate(
            all=Count("case_id", distinct=True),
            today=Count("case_id", distinct=True, filter=Q(due_on=today)),
            late=Count("case_id", distinct=True, filter=Q(due_on__lt=today)),
        )
        .order_by()
    )
    return {(one["organisation_id"], one["claimed_by_id"]): (one["all"], one["today"], one["late"]) for one in rows}


def _done(units: Iterable[int]) -> dict[tuple[int, int | None], int]:
    since = moment.start_of(moment.today() - timedelta(days=DONE_DAYS - 1))
    rows = (
        CaseStep.objects.filter(organisation_id__in=list(units), state="done", done_at__gte=since)
        .values("organisation_id", "done_by_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {(one["organisation_id"], one["done_by_id"]): one["n"] for one in rows}


def _unit(
    key: int,
    name: str,
    members: list[_Member],
    inhand: dict[tuple[int, int | None], tuple[int, int, int]],
    done: dict[tuple[int, int | None], int],
) -> Unit:
    mine = {who: numbers for (unit, who), numbers in inhand.items() if unit == key}
    finished = {who: number for (unit, who), number in done.items() if unit == key}
    people: list[tuple[int | None, str, str, str]] = [(None, "", "", "")]
    people += [
        (one.account_id, one.name, "、".join(dict.fromkeys(t for _r, t in one.posts)), one.substitute)
        for one in members
    ]
    known = {who for who, *_rest in people}
    # Whoever is no longer here but still has something in hand must not disappear from the sums.
    gone = sorted(who for who in {*mine, *finished} - known if who is not None)
    people += [(who, _("已不在岗的人员"), "", "") for who in gone]
    total = sum(numbers[0] for numbers in mine.values())
    loads = [_load(one, mine, finished, total) for one in people]
    loads[1:] = sorted(loads[1:], key=lambda one: (-one.late, -one.open, one.name))
    return Unit(
        organisation_id=key,
        name=name,
        open=total,
        due_today=sum(numbers[1] for numbers in mine.values()),
        late=sum(numbers[2] for numbers in mine.values()),
        done=sum(finished.values()),
        loads=tuple(loads),
    )


def _load(
    person: tuple[int | None, str, str, str],
    mine: dict[int | None, tuple[int, int, int]],
    finished: dict[int | None, int],
    total: int,
) -> Load:
    who, name, posts, substitute = person
    all_open, today, late = mine.get(who, (0, 0, 0))
    return Load(
        account_id=who,
        name=name,
        posts=posts,
        open=all_open,
        due_today=today,
        late=late,
        done=finished.get(who, 0),
        share=round(100 * all_open / total) if total else 0,
        substitute=substitute,
    )


def _row(entry: InboxEntry, members: list[_Member], today: date) -> InHand:
    step = entry.step
    able = tuple(
        (
            one.account_id,
            _("%(name)s（外出，%(who)s代）") % {"name": one.name, "who": one.substitute}
            if one.substitute
            else one.name,
        )
        for one in members
        if step is not None and one.holds(entry.role) and one.account_id != entry.claimed_by_id
    )
    return InHand(
        case_no=entry.case_no,
        item_name=entry.item_name,
        applicant=entry.applicant_masked,
        task=entry.step_name or _(KINDS[entry.kind]),
        step_key=step.key if step else "",
        due_on=entry.due_on,
        late=entry.due_on < today,
        claimed_by=entry.claimed_by.name if entry.claimed_by else "",
        colleagues=able,
    )
