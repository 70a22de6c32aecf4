"""Fees of a case: billed by the guide's rates, checked where the item says that payment comes first."""

from typing import Literal

from tongban.base import moment
from tongban.base.calendar import work_calendar
from tongban.cases import papers
from tongban.cases.applicants import Applicant
from tongban.cases.models import Case
from tongban.cases.refusals import CaseRefusal
from tongban.catalogue.queries import definition_of, fees_for
from tongban.kernel.actor import Actor
from tongban.payments import commands as payments
from tongban.payments.queries import bills_of, is_settled

Before = Literal["decision", "delivery"]
#: By when the notice asks for payment; nothing is lost by paying later, the case only waits.
PAYMENT_WORKDAYS = 10


def raise_bill_if_due(actor: Actor, case: Case, *, before: Before) -> None:
    """Bill what the guide charges in this situation, once, when its time has come."""
    definition = definition_of(case.item_version)
    if definition.pay_before != before:
        return
    fees = fees_for(definition, case.answers, case.form)
    if not fees:
        return
    bill = payments.raise_bill(
        actor=actor,
        subject=case.subject,
        organisation=case.organisation,
        payer_name=Applicant.from_json(case.applicant).name,
        lines=[
            {"key": one.fee.key, "name": one.fee.name, "amount_fen": one.amount_fen, "basis": one.fee.basis}
            for one in fees
        ],
    )
    if bill is None:
        return
    now = moment.now()
    due_on = work_calendar(case.division_id).add(moment.local_date(now), PAYMENT_WORKDAYS).date
    content = papers.fee_notice(case, bill_no=bill.bill_no, fees=fees, due_on=due_on)
    papers.issue(actor=actor, case=case, kind="fee_notice", content=content, at=now)


def drop_bills(actor: Actor, case: Case) -> None:
    """Void what is still open when the applicant withdraws: nothing is owed for what was not done."""
    for bill in bills_of(case.subject):
        if bill.state == "open":
            payments.void_bill(actor=actor, bill_no=bill.bill_no)


def check_settled(case: Case, *, before: Before) -> None:
    """Refuse to go on while a bill that is due by now is open.

    Raises:
        CaseRefusal: it is not paid.
    """
    if definition_of(case.item_version).pay_before == before and not is_settled(case.subject):
        raise CaseRefusal("fee_unpaid", "申请人还没有缴费，暂时不能办这一步。请提醒申请人在网上或窗口缴清后再办。")
