"""What happens to the catalogue, for systems that keep a copy of it."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from tongban.base.web.api import link_page
from tongban.base.web.offering import open_reading
from tongban.catalogue import queries
from tongban.catalogue.feed import message
from tongban.kernel.paging import Page

router = Router(tags=["items"])


class ChangeFilter(Schema):
    """From where on, and how many."""

    after: str | None = Field(None, max_length=1000, description="上一次回答里的 next；不给则从最早的变化开始。")
    size: int = Field(20, ge=1, le=100)


class ChangeData(Schema):
    """What the event says; the definition itself is read under its code."""

    seq: int = Field(description="同一事项的第几件事；同一事项的变化按此顺序到达。")
    task_code: str = Field("", description="实施编码；目录事项的变化没有。")
    catalog_code: str = Field("", description="基本编码；只有目录事项的变化（BaseItem…）才有。")
    number: int | None = Field(None, description="发布的版本号。")
    digest: str = Field("", description="发布内容的摘要，与 GET /items/{task_code} 的 digest 相同。")
    reason: str = Field("", description="暂停、取消的原因。")
    successors: list[str] = Field([], description="拆分、合并后替代它的基本编码。")


class ChangeOut(Schema):
    """One thing that happened, as CloudEvents 1.0 (structured JSON)."""

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(description="同一变化永远同一个值。")
    source: str
    type: str = Field(description="docs/reference/events.md 中的事件名称，例如 ItemVersionPublished。")
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: ChangeData


class ChangePage(Schema):
    """Changes in order. `next` is always given: keep it and ask again with it as `after`."""

    items: list[ChangeOut]
    next: str
    more: bool = Field(description="后面是否还有；没有时隔一段时间再问。")


@open_reading(router, "/items/changes", ChangePage, "读取事项变化")
def list_item_changes(request: HttpRequest, response: HttpResponse, filters: Query[ChangeFilter]) -> ChangePage:
    """Every version, suspension, resumption and cancellation of items and of the directory; none is ever skipped."""
    found = queries.changes(after=filters.after, size=filters.size)
    if found.more:
        link_page(request, response, Page([], next=found.next), parameter="after")
    return ChangePage(
        items=[ChangeOut(**message(one.event)) for one in found.entries], next=found.next, more=found.more
    )
