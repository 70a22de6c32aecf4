"""What waits for the applicants of a system's cases."""

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.cases import queries
from tongban.cases.api.filing import router


class TodoFilter(Schema):
    """How many."""

    size: int = Field(20, ge=1, le=100)


class TodoOut(Schema):
    """The most pressing thing that waits in one case."""

    kind: Literal["correct", "pay", "collect", "read"] = Field(
        description="correct 补正材料，pay 缴费，collect 领取结果，read 阅读送达的文书。"
    )
    case_no: str
    item_name: str
    due_on: date | None
    days_left: int | None = Field(description="到期还剩几天（自然日），今天为 0，已过为负。")
    bill_no: str | None
    amount_fen: int | None
    document_id: str | None


class TodoList(Schema):
    """The most pressing first."""

    items: list[TodoOut]


@router.get(
    "/todo",
    auth=Bearer("cases:track"),
    response=TodoList,
    summary="列出等申请人办的事",
    openapi_extra=problems(401, 403, 422, 429),
)
def list_todo(request: HttpRequest, filters: Query[TodoFilter]) -> TodoList:
    """What the applicants of this system's cases must do now, each case once."""
    return TodoList(
        items=[
            TodoOut(
                kind=one.kind,
                case_no=one.case.case_no,
                item_name=one.case.item_name,
                due_on=one.due_on,
                days_left=one.days_left,
                bill_no=one.bill.bill_no if one.bill else None,
                amount_fen=one.bill.amount_fen if one.bill else None,
                document_id=str(one.document.public_id) if one.document else None,
            )
            for one in queries.my_todo(actor_of(request), limit=filters.size)
        ]
    )
