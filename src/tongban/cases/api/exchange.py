"""Rows of the national exchange tables, for the system that reports them."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from tongban.base.web.api import actor_of, link_page
from tongban.base.web.offering import changing, reading
from tongban.cases import commands, queries
from tongban.cases.api.examples import Body
from tongban.cases.models import ExchangeBatch
from tongban.kernel.paging import Page

router = Router(tags=["数据汇聚"])
_SCOPE = "cases:exchange"


class RowFilter(Schema):
    """From where on, and how many."""

    after: str | None = Field(None, max_length=1000, description="上一次回答里的 next；不给则从最早的批次开始。")
    size: int = Field(20, ge=1, le=100)


class RowOut(Schema):
    """One row: its table, and every column of docs/reference/exchange.md by name, the envelope first."""

    table: str
    columns: dict[str, str | int | None]


class RowPageOut(Schema):
    """Rows in order. `next` is always given: keep it and ask again with it as `after`."""

    items: list[RowOut]
    next: str
    more: bool = Field(description="后面是否还有；没有时等下一个批次。")


class BatchIn(Body):
    """Which batch."""

    mode: Literal["changes", "full", "resend"] = Field("changes", description="增量、全量、按编号重报。")
    case_numbers: list[str] = Field(default_factory=list, max_length=200, description="重报的办件编号。")


class BatchOut(Schema):
    """One batch as far as it is."""

    number: str
    kind: Literal["changes", "full", "resend"]
    state: Literal["making", "made"]
    begun_at: datetime
    made_at: datetime | None
    cases: int = Field(description="核对的办件数。")
    rows: int = Field(description="上报的行数。")
    held: int = Field(description="因字段不符合规定没有上报的办件数。")


class FaultOut(Schema):
    """One value that does not fit; the value itself is not told."""

    case_no: str
    table: str
    column: str
    reason: str = Field(description="docs/reference/exchange.md 中的原因代码。")


class BatchPageOut(BatchOut):
    """The batch, its rows by table, and a page of what was held back."""

    tables: dict[str, int]
    faults: list[FaultOut]
    next: str | None


class FaultFilter(Schema):
    """From where on."""

    cursor: str | None = Field(None, max_length=1000)


@reading(router, "/exchange/rows", RowPageOut, "读取国家交换表的行", scope=_SCOPE)
def list_exchange_rows(request: HttpRequest, response: HttpResponse, filters: Query[RowFilter]) -> RowPageOut:
    """Rows of every made batch of this system's body, oldest first; none is skipped. Each call is written down."""
    page = commands.read_rows(actor=actor_of(request), after=filters.after, size=filters.size)
    if page.more:
        link_page(request, response, Page([], next=page.next), parameter="after")
    items = [RowOut(table=one.table, columns=queries.enveloped(one, one.batch)) for one in page.rows]
    return RowPageOut(items=items, next=page.next, more=page.more)


@changing(router, "/exchange/batches", {201: BatchOut}, "开始新的批次", scope=_SCOPE)
def order_exchange_batch(request: HttpRequest, body: BatchIn) -> Status[BatchOut]:
    """Order a batch of this system's body; it is made in the background."""
    batch = commands.order_batch(actor=actor_of(request), mode=body.mode, case_numbers=body.case_numbers)
    return Status(201, BatchOut(**_batch(batch)))


@reading(router, "/exchange/batches/{batch_no}", BatchPageOut, "查看批次", scope=_SCOPE)
def read_exchange_batch(request: HttpRequest, batch_no: str, filters: Query[FaultFilter]) -> BatchPageOut:
    """How far the batch is, its rows by table, and which cases were held back because of what."""
    page = queries.batch_page(actor_of(request), batch_no, cursor=filters.cursor)
    faults = [
        FaultOut(case_no=one.case.case_no, table=one.table, column=one.column, reason=one.reason)
        for one in page.faults.items
    ]
    return BatchPageOut(**_batch(page.batch), tables=page.tables, faults=faults, next=page.faults.next)


def _batch(batch: ExchangeBatch) -> dict[str, Any]:
    names = ("number", "kind", "state", "begun_at", "made_at", "cases", "rows", "held")
    return {name: getattr(batch, name) for name in names}
