"""What is to be paid for a system's case, and the way to the cashier for whoever pays it."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Schema

from tongban.base.web.api import Bearer, actor_of, problems
from tongban.base.web.repeating import PARAMETER, repeatable
from tongban.cases import queries
from tongban.cases.api.filing import router
from tongban.kernel.problems import NotFound
from tongban.payments.commands import start_payment
from tongban.payments.models import Bill
from tongban.payments.queries import bills_of


class ChargeOut(Schema):
    """One charge of a bill, with the rule that allows it."""

    name: str
    amount_fen: int
    basis: str


class BillOut(Schema):
    """A demand for a fee."""

    bill_no: str
    organisation: str = Field(description="收费单位。")
    amount_fen: int
    lines: list[ChargeOut]
    state: str = Field(description="open 待缴费，paid 已缴费，void 已作废，refunded 已退费。")
    raised_at: datetime
    settled_at: datetime | None


class BillList(Schema):
    """The bills of a case, in order."""

    items: list[BillOut]


class CashierOut(Schema):
    """Where the payer goes."""

    cashier_url: str = Field(description="统一支付平台的收银台页面，请让缴款人打开。")


@router.get(
    "/cases/{case_no}/bills",
    auth=Bearer("cases:track"),
    response=BillList,
    summary="列出缴款单",
    openapi_extra=problems(401, 403, 404, 422, 429),
)
def list_bills(request: HttpRequest, case_no: str) -> BillList:
    """What is to be paid, was paid or fell away."""
    case = queries.access_case(actor_of(request), case_no)
    return BillList(items=[_bill(one, case.organisation.name) for one in bills_of(case.subject)])


@router.post(
    "/cases/{case_no}/bills/{bill_no}/pay",
    auth=Bearer("cases:submit"),
    response=CashierOut,
    summary="去收银台缴费",
    openapi_extra=problems(401, 403, 404, 409, 422, 429, 503, parameters=[PARAMETER]),
)
@repeatable
def pay_bill(request: HttpRequest, case_no: str, bill_no: str) -> CashierOut:
    """Open the order at the cashier, where the payer pays; the cashier tells us that it was paid."""
    actor = actor_of(request)
    case = queries.access_case(actor, case_no)
    if bill_no not in {one.bill_no for one in bills_of(case.subject)}:
        raise NotFound("这张缴款单", code="bill_not_found")
    return CashierOut(cashier_url=start_payment(actor=actor, bill_no=bill_no))


def _bill(bill: Bill, organisation: str) -> BillOut:
    return BillOut(
        bill_no=bill.bill_no,
        organisation=organisation,
        amount_fen=bill.amount_fen,
        lines=[ChargeOut.model_validate(one) for one in bill.lines],
        state=bill.state,
        raised_at=bill.raised_at,
        settled_at=bill.settled_at,
    )
