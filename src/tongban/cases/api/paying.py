"""What is to be paid for a system's case, and the way to the cashier for whoever pays it."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Schema

from tongban.base.web.api import actor_of
from tongban.base.web.offering import changing, reading
from tongban.cases import queries
from tongban.cases.api.filing import router
from tongban.cases.models import Case
from tongban.payments.commands import start_payment
from tongban.payments.models import Bill
from tongban.payments.queries import bill_about, bills_of


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


@reading(router, "/cases/{case_no}/bills", BillList, "列出缴款单", scope="cases:track")
def list_bills(request: HttpRequest, case_no: str) -> BillList:
    """What is to be paid, was paid or fell away."""
    return bills_out(queries.access_case(actor_of(request), case_no))


@changing(router, "/cases/{case_no}/bills/{bill_no}/pay", CashierOut, "去收银台缴费", scope="cases:submit", also=(503,))
def pay_bill(request: HttpRequest, case_no: str, bill_no: str) -> CashierOut:
    """Open the order at the cashier, where the payer pays; the cashier tells us that it was paid."""
    actor = actor_of(request)
    case = queries.access_case(actor, case_no)
    bill = bill_about(case.subject, bill_no)
    return CashierOut(cashier_url=start_payment(actor=actor, bill_no=bill.bill_no))


def bills_out(case: Case) -> BillList:
    """The bills of a case that the caller may see."""
    return BillList(items=[_bill(one, case.organisation.name) for one in bills_of(case.subject)])


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
