"""A body's own system sees what its officials see at the desk: what waits, what is found, what a unit has in hand."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from tongban.base.web.api import link_page
from tongban.cases import commands, queries, searching
from tongban.cases.api.acting import (
    HandledOut,
    Key,
    TongbanPost,
    act_on_case,
    do_act,
    keep_act,
    look_at_desk,
    post_holder,
    read_at_desk,
)
from tongban.cases.api.examples import Body
from tongban.cases.models import Case
from tongban.cases.queries.search import meant, search_by_item
from tongban.cases.queries.team import InHand
from tongban.cases.states import LABELS, State
from tongban.kernel.paging import Page


class InboxFilter(Schema):
    """The filters and sorts of the desk's inbox, with the values that stand in its addresses."""

    kind: str = Field("", max_length=20, description="reception 收件受理，step 审查决定，issue 制发，delivery 送达。")
    due: str = Field("", max_length=20, description="late 已超期，today 今天，soon 两个、week 五个工作日内到期。")
    item: str = Field("", max_length=50, description="事项编码的开头。")
    name: str = Field("", max_length=50, description="事项名称的一部分。")
    state: str = Field("", max_length=30, description="办件状态。")
    channel: str = Field("", max_length=20, description="web 网上，mobile 手机，window 窗口，api 系统。")
    claimed: str = Field("", max_length=15, description="me 我领办的，nobody 没人领办的，或者同事的账号编号。")
    since: str = Field("", max_length=10, description="提交日期从哪天起。")
    until: str = Field("", max_length=10, description="提交日期到哪天止。")
    mine: bool = Field(False, description="只列我领办的和没人领办的。")
    sort: Literal["due", "submitted", "-submitted", "item"] = Field("due", description="due 期限，item 事项。")
    cursor: str = Field("", max_length=1000, description="上一页的 next。")
    size: int = Field(50, ge=1, le=100)


class WaitingOut(Schema):
    """One thing to do: the case, what, until when; names masked as in lists."""

    case_no: str
    item_name: str
    applicant: str
    state: str
    state_label: str
    task: str
    channel: str
    organisation: str
    claimed_by: str = Field(description="领办人姓名；没有人领办的为空。")
    claimed_by_me: bool
    submitted_at: datetime
    due_on: date
    left: int = Field(description="还剩几个工作日；超期的是负数。")
    provisional: bool = Field(description="期限按暂定工作日历计算。")


class InboxOut(Schema):
    """A page of what waits; `next` is a cursor or null."""

    items: list[WaitingOut]
    next: str | None


class SearchIn(Body):
    """What is looked for: a case number or its end, an applicant's whole name, document or phone; or an item's name."""

    words: str = Field(min_length=2, max_length=100)
    by: Literal["case", "item"] = "case"
    cursor: str = Field(default="", max_length=1000, description="上一页的 next。")
    size: int = Field(default=20, ge=1, le=100)


class HitOut(Schema):
    """A case that was found; names masked as in lists."""

    case_no: str
    item_name: str
    applicant: str
    organisation: str
    state: str
    state_label: str
    submitted_at: datetime


class Hits(Schema):
    """What was found, the last submitted first; `next` is a cursor or null."""

    items: list[HitOut]
    next: str | None


class LoadOut(Schema):
    """What one person has in hand at the unit; `account_id` null: what nobody has taken."""

    account_id: int | None
    name: str
    posts: str
    open: int
    due_today: int
    late: int
    done: int = Field(description="近 7 天办完的环节。")
    share: int = Field(description="占本单位在办的百分比。")
    substitute: str = Field(description="今天代办的同事；没有的为空。")


class UnitOut(Schema):
    """A unit that the post-holder heads."""

    organisation_id: int
    name: str
    open: int
    due_today: int
    late: int
    done: int
    loads: list[LoadOut]


class TeamOut(Schema):
    """The units that the post-holder heads."""

    units: list[UnitOut]


class ColleagueOut(Schema):
    """Somebody to whom a step can be given."""

    account_id: int
    name: str


class InHandOut(Schema):
    """One thing behind a number, and to whom its step can be given."""

    case_no: str
    item_name: str
    applicant: str
    task: str
    step_key: str = Field(description="环节；收件受理、制发、送达的为空，不能转派。")
    due_on: date
    late: bool
    claimed_by: str
    colleagues: list[ColleagueOut]


class InHandList(Schema):
    """What stands behind a number, earliest due date first, at most 100."""

    items: list[InHandOut]


class InHandFilter(Schema):
    """Of whom, and how urgent."""

    account_id: Key | None = Field(None, description="账号编号；不给则列没有人领办的。")
    due: Literal["", "today", "late"] = ""


class AssignIn(Body):
    """Key of the colleague's account."""

    account_id: Key


@read_at_desk("inbox", InboxOut, "列出待办")
def list_inbox(
    request: HttpRequest, response: HttpResponse, post: TongbanPost, filters: Query[InboxFilter]
) -> InboxOut:
    """What the post may act on, earliest due date first or in the order asked for."""
    asked = {name: str(value) for name, value in filters.dict().items()} | {"mine": "1" if filters.mine else ""}
    wanted = queries.InboxFilters.read(asked)
    page = queries.inbox(post_holder(request, post), filters=wanted, cursor=filters.cursor, size=filters.size)
    link_page(request, response, page)
    return InboxOut(items=[WaitingOut.model_validate(one) for one in page.items], next=page.next)


@look_at_desk("search", Hits, "搜索办件")
def search_cases(request: HttpRequest, post: TongbanPost, body: SearchIn) -> Hits:
    """Find cases that the post-holder may see: sent as a body, so that nobody's number stands in an address."""
    actor = post_holder(request, post)
    find = searching.find_cases if body.by == "case" else search_by_item
    page: Page[Case] = find(actor, words=body.words, cursor=body.cursor, size=body.size)
    if body.by == "case" and meant(body.words).personal:
        keep_act(request, post, "search", f"search:{actor.ref}")
    return Hits(items=[_hit(one) for one in page.items], next=page.next)


@read_at_desk("team", TeamOut, "查看本单位各人的在办")
def read_team(request: HttpRequest, post: TongbanPost) -> TeamOut:
    """Load by person, of the unit that the post heads."""
    return TeamOut(units=[UnitOut.model_validate(one) for one in queries.team(post_holder(request, post))])


@read_at_desk("team/{organisation_id}/cases", InHandList, "查看某人的在办")
def list_in_hand(
    request: HttpRequest, organisation_id: int, post: TongbanPost, filters: Query[InHandFilter]
) -> InHandList:
    """What stands behind a number of the team."""
    actor = post_holder(request, post)
    found = queries.team_entries(actor, organisation_id, account_id=filters.account_id, due=filters.due)
    return InHandList(items=[_in_hand(one) for one in found])


@act_on_case("steps/{step_key}/assign", "转派环节")
def assign_step(request: HttpRequest, case_no: str, step_key: str, post: TongbanPost, body: AssignIn) -> HandledOut:
    """Give an open step to a colleague, by who heads the unit."""
    return do_act(request, post, case_no, "assign_step", commands.assign_step, body, step_key=step_key)


def _hit(case: Case) -> HitOut:
    return HitOut(
        case_no=case.case_no,
        item_name=case.item_name,
        applicant=case.applicant_name_masked,
        organisation=case.organisation.name,
        state=case.state,
        state_label=LABELS[State(case.state)],
        submitted_at=case.submitted_at,
    )


def _in_hand(row: InHand) -> InHandOut:
    people = [{"account_id": key, "name": name} for key, name in row.colleagues]
    return InHandOut.model_validate(asdict(row) | {"colleagues": people})
