"""The inbox of cases as the desk shows it: lines in bands by due date, filters as chips."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base import moment
from tongban.base.reading import Asked
from tongban.cases.choosing import choosing
from tongban.cases.queries.inbox import InboxRow, ask_counts, ask_inbox, inbox, inbox_count, inbox_counts
from tongban.cases.queries.inbox_filters import CHANNELS, InboxFilters
from tongban.desk.registries import Band, Batch, Due, Line, Panel, Sheet, Tab
from tongban.identity.queries import ask_colleagues
from tongban.kernel.actor import Actor, Role

#: Posts that have cases to work on.
WORKING = frozenset({Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LEADER})


class CasesPanel(Panel):
    """待我办的办件."""

    key = "cases"
    label = "收件箱"

    def open_to(self, actor: Actor) -> bool:
        """Whoever holds a post that works on cases."""
        return bool(actor.roles() & WORKING)

    def count(self, actor: Actor) -> int:
        """What waits for the actor's posts, at most 1,000."""
        return inbox_count(actor)

    def asks(self, actor: Actor) -> Iterable[Asked]:
        """What `count` reads; the tabs of the sheet show the same."""
        return ask_counts(actor)

    def reads(self, actor: Actor, query: Mapping[str, str]) -> Iterable[Asked]:
        """The first page, where nothing is filtered, and the colleagues whom a filter offers.

        Raises:
            Invalid: a filter that is not offered.
        """
        rows = ask_inbox(actor, filters=InboxFilters.read(query), size=_size(query.get("size", "")))
        return (*(() if query.get("cursor") else rows), *ask_colleagues(actor))

    def sheet(self, actor: Actor, query: Mapping[str, str]) -> Sheet:
        """One page of the inbox.

        Raises:
            Invalid: a filter or cursor that is not offered.
        """
        filters = InboxFilters.read(query)
        choices = choosing(actor, filters, query.get("cols", ""))
        page = inbox(actor, filters=filters, cursor=query.get("cursor", ""), size=_size(query.get("size", "")))
        acts = ((_("窗口收件"), reverse("cases:window")),) if Role.WINDOW_CLERK in actor.roles() else ()
        return Sheet(
            bands=_bands(page.items, filters),
            tabs=_tabs(actor, filters),
            chips=choices.chips,
            menus=choices.menus,
            questions=choices.questions,
            kept=choices.kept,
            orders=choices.orders,
            columns=choices.columns,
            choose=choices.choose,
            next=page.next,
            previous=page.previous,
            empty=_empty(filters),
            acts=acts,
            batch=_batch(actor),
        )


def _size(asked: str) -> int:
    """How many lines a page is to have: at most 100, 50 where nothing (or no number) is asked."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 50


def _batch(actor: Actor) -> tuple[Batch, ...]:
    offered = [("claim", _("领办"), "c"), ("release", _("退回待领"), "")]
    if actor.roles() & {Role.WINDOW_CLERK, Role.CASE_OFFICER}:
        offered = [("receive", _("收件"), ""), ("accept", _("受理"), ""), *offered]
    return tuple(
        Batch(label=label, href=reverse("cases:batch", args=[act]), shortcut=shortcut)
        for act, label, shortcut in offered
    )


def _bands(rows: Sequence[InboxRow], filters: InboxFilters) -> tuple[Band, ...]:
    today, words = moment.today(), _Words()
    if filters.sort != "due":
        return (Band(heading="", lines=tuple(_line(row, today, words) for row in rows)),) if rows else ()
    return tuple(
        Band(heading=words.headings[place], lines=tuple(_line(row, today, words) for row in group))
        for place, group in groupby(rows, key=lambda row: _place(row, today))
    )


class _Words:
    """What stands in many rows of a page, looked up once."""

    def __init__(self) -> None:
        self.headings = (_("已超期限"), _("今天到期"), _("三个工作日内"), _("三个工作日以后"))
        self.late, self.today, self.left, self.me = _("超 %d 天"), _("今天"), _("剩 %d 天"), _("我")
        self.sources = {key: _(words) for key, words in CHANNELS.items()}


def _place(row: InboxRow, today: date) -> int:
    """Under which heading the row stands."""
    if row.due_on <= today:
        return 0 if row.due_on < today else 1
    return 2 if row.left <= 3 else 3


def _address(case_no: str) -> str:
    before, after = _around_number()
    return f"{before}{quote(case_no)}{after}"


@cache
def _around_number() -> tuple[str, str]:
    """What stands around the number in a case's address: a page has a hundred of them."""
    before, _at, after = reverse("cases:case", args=["@"]).partition("@")
    return before, after


def _line(row: InboxRow, today: date, words: _Words) -> Line:
    due: Due = "late" if row.due_on < today else "wait" if row.due_on == today else "run"
    told = {"late": words.late % -row.left, "wait": words.today, "run": words.left % row.left}
    return Line(
        key=row.case_no,
        href=_address(row.case_no),
        due=due,
        due_words=told[due],
        due_on=row.due_on,
        title=row.item_name,
        subject=row.applicant,
        state_tone=row.tone,
        state_label=row.state_label,
        task=row.task,
        acting_for=row.acting_for,
        source=words.sources.get(row.channel, ""),
        who=words.me if row.claimed_by_me else row.claimed_by,
        number=f"{row.case_no[-8:-4]} {row.case_no[-4:]}",
        begun_on=moment.local_date(row.submitted_at),
    )


def _tabs(actor: Actor, filters: InboxFilters) -> tuple[Tab, ...]:
    base = reverse("desk:panel", args=["cases"])
    all_count, mine_count = inbox_counts(actor)
    everything = Tab(label=_("本岗位"), href=base, current=not filters.mine, count=_bounded(all_count))
    mine = Tab(
        label=_("待我办"),
        href=f"{base}?mine=1",
        current=filters.mine,
        count=_bounded(mine_count),
    )
    return (everything, mine)


def _empty(filters: InboxFilters) -> tuple[str, str]:
    if filters.without("sort") == InboxFilters():
        return _("都办完了"), _("现在没有等您办理的办件。新的办件到了会出现在这里。")
    return _("没有符合筛选条件的办件"), _("点“清空”看全部待办。")


def _bounded(count: int) -> str:
    return "999+" if count > 999 else str(count)
