"""What happened to cases, for systems that keep up with it."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tongban.base.web.api import Bearer, actor_of, link_page, problems
from tongban.cases import queries
from tongban.cases.feed import message
from tongban.kernel.paging import Page

router = Router(tags=["事件"])


class EventFilter(Schema):
    """From where on, and how many."""

    after: str | None = Field(None, max_length=1000, description="上一次回答里的 next；不给则从最早的事件开始。")
    size: int = Field(20, ge=1, le=100)


class EventData(Schema):
    """Which case; what else there is to know is read there."""

    case_no: str
    task_code: str
    organisation_code: str
    seq: int = Field(description="办件的第几件事；同一办件的事件按此顺序到达。")


class EventOut(Schema):
    """One thing that happened, as CloudEvents 1.0 (structured JSON), without personal data."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="同一事件永远同一个值。")
    source: str
    type: str = Field(description="docs/reference/events.md 中的事件名称，例如 CaseAccepted。")
    subject: str
    time: datetime = Field(description="法律上的时刻。")
    datacontenttype: Literal["application/json"] = "application/json"
    data: EventData


class EventPage(Schema):
    """Events in order. `next` is always given: keep it and ask again with it as `after`."""

    items: list[EventOut]
    next: str
    more: bool = Field(description="后面是否还有；没有时隔一段时间再问。")


@router.get(
    "/events",
    auth=Bearer("events:read"),
    response=EventPage,
    summary="读取办件事件",
    operation_id="list_events",
    openapi_extra=problems(401, 403, 422, 429),
)
def list_events(request: HttpRequest, response: HttpResponse, filters: Query[EventFilter]) -> EventPage:
    """Events of the cases that this system filed and of those in its organisation's charge; none is ever skipped."""
    found = queries.feed(actor_of(request), after=filters.after, size=filters.size)
    if found.more:
        link_page(request, response, Page([], next=found.next), parameter="after")
    return EventPage(
        items=[EventOut(**message(one.event, one.case, one.organisation.code)) for one in found.entries],
        next=found.next,
        more=found.more,
    )
