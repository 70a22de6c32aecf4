"""The filters and sorts of an inbox as they stand in the address; values that are not offered are refused."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import MAXYEAR, date, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases.states import LABELS
from tongban.kernel.actor import Actor
from tongban.kernel.problems import Invalid

#: Days of the coarse filter "due soon".
SOON_WORKDAYS = 2
WEEK_WORKDAYS = 5
TEXT_MAX = 50

KINDS: Final[Mapping[str, str]] = {
    "reception": gettext_noop("收件受理"),
    "step": gettext_noop("审查决定"),
    "issue": gettext_noop("制发结果"),
    "delivery": gettext_noop("送达"),
}
DUES: Final[Mapping[str, str]] = {
    "late": gettext_noop("已超期"),
    "today": gettext_noop("今天到期"),
    "soon": gettext_noop("两个工作日内到期"),
    "week": gettext_noop("五个工作日内到期"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "web": gettext_noop("网上"),
    "mobile": gettext_noop("手机"),
    "window": gettext_noop("窗口"),
    "api": gettext_noop("系统"),
}
CLAIMS: Final[Mapping[str, str]] = {"me": gettext_noop("我领办的"), "nobody": gettext_noop("没人领办的")}
#: Sort -> column; all are offered with an index of their own. A minus: the latest first.
SORTS: Final[Mapping[str, str]] = {
    "due": "due_on",
    "submitted": "submitted_at",
    "-submitted": "-submitted_at",
    "item": "item_name",
}


@dataclass(frozen=True, kw_only=True)
class InboxFilters:
    """Filters as they stand in the address; an unknown value is refused.

    `kind`, `due`, `channel`, `state`, `sort`: of the tables above. `item`: beginning of a task code; `name`: part of
    an item's name. `mine`: only what I took, or nobody did. `claimed`: me, nobody or the key of a colleague's account.
    `org`: key of an organisation. `since`, `until`: first and last day of submission.
    """

    kind: str = ""
    due: str = ""
    item: str = ""
    name: str = ""
    state: str = ""
    channel: str = ""
    claimed: str = ""
    org: str = ""
    since: str = ""
    until: str = ""
    mine: bool = False
    sort: str = "due"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "InboxFilters":
        """The filters of an address.

        Raises:
            Invalid: a value that is not offered.
        """
        given = {one.name: query.get(one.name, "").strip() for one in fields(cls)}
        offered = {
            "kind": KINDS,
            "due": DUES,
            "state": {str(state) for state in LABELS},
            "channel": CHANNELS,
            "sort": SORTS,
        }
        strange = any(given[name] not in {"", *values} for name, values in offered.items())
        strange |= given["claimed"] not in {"", *CLAIMS} and not _is_key(given["claimed"])
        strange |= bool(given["org"]) and not _is_key(given["org"])
        strange |= any(given[name] and _day(given[name]) is None for name in ("since", "until"))
        if strange:
            raise Invalid(_("筛选条件不正确，请从页面上的筛选项中选择。"), code="filter_unknown")
        texts: dict[str, Any] = {name: value[:TEXT_MAX] for name, value in given.items()}
        return cls(**texts | {"mine": given["mine"] == "1", "sort": given["sort"] or "due"})

    def without(self, *names: str) -> "InboxFilters":
        """The same filters without these."""
        plain = InboxFilters()
        return replace(self, **{name: getattr(plain, name) for name in names})

    def having(self, name: str, value: str) -> "InboxFilters":
        """The same filters with this one as it would stand in the address."""
        return InboxFilters.read(self.as_query() | {name: value})

    def as_query(self) -> dict[str, str]:
        """What stands in the address: everything that differs from the plain inbox."""
        plain = InboxFilters()
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: "1" if value is True else str(value) for name, value in found.items() if value != getattr(plain, name)
        }

    def condition(self, actor: Actor) -> Q:
        """The filters as a condition on entries, besides kind and organisation, which choose the index's range."""
        found = _claimed(self, actor) & _due(self.due)
        if self.item:
            found &= Q(task_code__startswith=self.item)
        if self.name:
            found &= Q(item_name__contains=self.name)
        if self.state:
            found &= Q(state=self.state)
        if self.channel:
            found &= Q(channel=self.channel)
        since, until = _day(self.since), _day(self.until)
        if since is not None:
            found &= Q(submitted_at__gte=moment.start_of(since))
        if until is not None:
            found &= Q(submitted_at__lt=moment.start_of(until + timedelta(days=1)))
        return found


def mine_or_free(account: Any) -> Q:
    """What this account took, or nobody did."""
    return Q(claimed_by_id=account) | Q(claimed_by__isnull=True)


def _claimed(filters: InboxFilters, actor: Actor) -> Q:
    found = Q()
    if filters.mine:
        found &= mine_or_free(actor.account_id)
    if filters.claimed == "me":
        found &= Q(claimed_by_id=actor.account_id)
    elif filters.claimed == "nobody":
        found &= Q(claimed_by__isnull=True)
    elif filters.claimed:
        found &= Q(claimed_by_id=int(filters.claimed))
    return found


def _due(due: str) -> Q:
    today = moment.today()
    if due == "late":
        return Q(due_on__lt=today)
    if due == "today":
        return Q(due_on=today)
    if due in {"soon", "week"}:
        days = SOON_WORKDAYS if due == "soon" else WEEK_WORKDAYS
        return Q(due_on__lte=work_calendar().add(today, days).date)
    return Q()


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The first and last days of the calendar have no moment in every zone.
    return found if 1 < found.year < MAXYEAR else None
