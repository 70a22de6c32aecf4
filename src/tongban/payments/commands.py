"""Raising bills and taking money for them: each bill is paid once, whatever is notified how often."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.base import chain, moment, numbering
from tongban.directory.models import Organisation
from tongban.kernel.actor import SYSTEM, Actor
from tongban.kernel.money import yuan
from tongban.kernel.problems import Invalid, NotFound
from tongban.partners import registries as partners
from tongban.partners.adapters import PaymentNotification
from tongban.partners.problems import PartnerError
from tongban.payments import events
from tongban.payments.models import Bill, CashierOrder, Payment
from tongban.payments.problems import PaymentRefusal
from tongban.payments.queries import access_bill, rights_on

logger = logging.getLogger(__name__)

WINDOW_METHODS = (Payment.Method.CASH, Payment.Method.CARD, Payment.Method.CODE)
_RECONCILED_MAX = 200


def raise_bill(
    *, actor: Actor, subject: str, organisation: Organisation, lines: Iterable[Mapping[str, Any]], payer_name: str
) -> Bill | None:
    """Raise a bill; None where the lines come to nothing, for there is nothing to pay.

    The caller has checked that the actor may.

    Args:
        actor: who raises it.
        subject: what it is for ("case:1143…").
        organisation: to whom the money belongs.
        lines: mappings with key, name, amount_fen (whole fen, not negative) and basis.
        payer_name: who has to pay.

    Raises:
        ValueError: an amount is not a whole number of fen: a mistake of the programmer.
    """
    kept = [_line(line) for line in lines]
    total_fen = sum(line["amount_fen"] for line in kept)
    if total_fen == 0:
        return None
    with transaction.atomic():
        day = moment.today()
        number = numbering.take("payments.bill", f"{day:%Y%m%d}")
        bill = Bill.objects.create(
            bill_no=f"{organisation.division_id[:6]}{day:%Y%m%d}{number:06}",
            subject=subject,
            organisation=organisation,
            payer_name=payer_name,
            amount_fen=total_fen,
            lines=kept,
            raised_at=moment.now(),
        )
        _record(bill, events.BILL_RAISED, {"amount_fen": total_fen, "organisation": organisation.pk}, actor)
    return bill


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    amount_fen = line["amount_fen"]
    if not isinstance(amount_fen, int) or isinstance(amount_fen, bool) or amount_fen < 0:
        raise ValueError(f"amount_fen must be a whole number of fen, not {amount_fen!r}")
    return {
        "key": str(line.get("key", "")),
        "name": str(line["name"]),
        "amount_fen": amount_fen,
        "basis": str(line.get("basis", "")),
    }


def _record(bill: Bill, kind: str, payload: dict[str, Any], actor: Actor) -> None:
    chain.append(
        subject=f"bill:{bill.bill_no}",
        kind=kind,
        payload={"about": bill.subject} | payload,
        actor=actor,
        at=moment.now(),
    )


def start_payment(*, actor: Actor, bill_no: str) -> str:
    """Open an order at the cashier and return the address of its page.

    The same bill started again, in another tab or after a lost answer, comes to the same order.

    Raises:
        NotFound: absent, or not the actor's to pay.
        PaymentRefusal: `bill_not_open`, `cashier_unavailable` (503).
    """
    bill = access_bill(actor, bill_no)
    if not rights_on(bill.subject).may_pay(actor, bill.subject):
        raise NotFound(_("这张缴款单"))
    _require_open(bill)
    try:
        order = partners.cashier().create_order(
            bill_no=bill.bill_no,
            amount_fen=bill.amount_fen,
            subject="、".join(line["name"] for line in bill.lines),
            return_url=settings.BASE_URL + reverse("payments_bill", args=[bill.bill_no]),
            notify_url=settings.BASE_URL + reverse("payments_notify"),
            request_id=f"{bill.bill_no}-{bill.raised_at.timestamp():.6f}",
        )
    except PartnerError as error:
        raise PaymentRefusal(
            "cashier_unavailable", _("收银台暂时打不开，缴款单没有变化。请过几分钟再试，或者到窗口缴费。"), status=503
        ) from error
    with transaction.atomic():
        _order, is_new = CashierOrder.objects.get_or_create(
            order_no=order.order_no, defaults={"bill": bill, "opened_at": moment.now()}
        )
        if is_new:
            _record(bill, events.PAYMENT_STARTED, {"order_no": order.order_no}, actor)
    return order.cashier_url


def _require_open(bill: Bill) -> None:
    if bill.state != Bill.State.OPEN:
        raise PaymentRefusal(
            "bill_not_open", _("这张缴款单%(label)s，不需要再缴。") % {"label": Bill.State(bill.state).label}
        )


def confirm_payment(*, notification: PaymentNotification) -> Bill:
    """Take the cashier's word that a bill was paid; the same word again changes nothing.

    Money that comes for a bill settled already is kept as a surplus, to be returned. The bill's row is locked, so
    that the notification, its repeat and the query for lost ones never both pay it.

    Raises:
        NotFound: no such bill.
        PaymentRefusal: `amount_differs`.
    """
    with transaction.atomic():
        bill = _lock(notification.bill_no)
        known = Payment.objects.filter(transaction_no=notification.transaction_no).first()
        if known is not None:
            return bill
        if notification.amount_fen != bill.amount_fen:
            logger.error("bill %s: %s fen notified", bill.bill_no, notification.amount_fen)
            raise PaymentRefusal(
                "amount_differs",
                _("到账 %(amount_fen)s 与应缴 %(amount_fen_2)s 不符，没有记为已缴。请收费单位与收银台核对。")
                % {"amount_fen": yuan(notification.amount_fen), "amount_fen_2": yuan(bill.amount_fen)},
            )
        _take(
            bill,
            method=Payment.Method.ONLINE,
            transaction_no=notification.transaction_no,
            paid_at=_moment(notification.paid_at),
            actor=SYSTEM,
        )
    return bill


def _lock(bill_no: str) -> Bill:
    bill = Bill.objects.select_for_update().filter(bill_no=bill_no).first()
    if bill is None:
        raise NotFound(_("这张缴款单"))
    return bill


def _moment(text: str) -> datetime:
    """Read the cashier's moment; one without a zone or not readable becomes the moment of arrival."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return moment.now()
    return at.astimezone(UTC) if at.tzinfo else moment.now()


def _take(bill: Bill, *, method: str, transaction_no: str, paid_at: datetime, actor: Actor) -> Payment:
    is_surplus = bill.state != Bill.State.OPEN
    payment = Payment.objects.create(
        bill=bill,
        method=method,
        transaction_no=transaction_no,
        amount_fen=bill.amount_fen,
        paid_at=paid_at,
        received_by_ref=actor.ref,
        is_surplus=is_surplus,
    )
    if not is_surplus:
        bill.state, bill.settled_at = Bill.State.PAID, moment.now()
        bill.save(update_fields=["state", "settled_at"])
    payload = {"amount_fen": payment.amount_fen, "method": method, "payment": payment.pk}
    _record(bill, events.SURPLUS_RECEIVED if is_surplus else events.BILL_PAID, payload, actor)
    return payment


def pay_at_window(*, actor: Actor, bill_no: str, method: str, received_fen: int) -> Payment:
    """Take money at the window: exactly what is due.

    Args:
        actor: the clerk.
        bill_no: which bill.
        method: cash, card or code.
        received_fen: what was received, after change was given.

    Raises:
        NotFound: absent, or not the clerk's to collect.
        Invalid: fields `method` or `received_fen`.
        PaymentRefusal: `bill_not_open`: somebody paid it already.
    """
    bill = access_bill(actor, bill_no)
    if not rights_on(bill.subject).may_collect(actor, bill.subject):
        raise NotFound(_("这张缴款单"))
    wrong: dict[str, str] = {}
    if method not in WINDOW_METHODS:
        wrong["method"] = _("请选择现金、刷卡或扫码。")
    if received_fen != bill.amount_fen:
        wrong["received_fen"] = _("应收 %(amount_fen)s，请按应收金额收款，找零后再确认。") % {
            "amount_fen": yuan(bill.amount_fen)
        }
    if wrong:
        raise Invalid(fields=wrong)
    with transaction.atomic():
        bill = _lock(bill_no)
        _require_open(bill)
        return _take(bill, method=method, transaction_no=f"WIN-{bill.bill_no}", paid_at=moment.now(), actor=actor)


def void_bill(*, actor: Actor, bill_no: str) -> Bill:
    """Withdraw an open bill (the case ended, the fee was waived); void already changes nothing.

    The caller has checked that the actor may.

    Raises:
        NotFound: no such bill.
        PaymentRefusal: `bill_not_open`: it was paid; the money has to be returned instead.
    """
    with transaction.atomic():
        bill = _lock(bill_no)
        if bill.state == Bill.State.VOID:
            return bill
        _require_open(bill)
        bill.state, bill.settled_at = Bill.State.VOID, moment.now()
        bill.save(update_fields=["state", "settled_at"])
        _record(bill, events.BILL_VOIDED, {}, actor)
    return bill


def ask_cashier(*, bill_no: str) -> Bill:
    """Ask the cashier whether a bill was paid, in case its notification was lost.

    Raises:
        NotFound: no such bill.
        PartnerError: the cashier did not answer.
        PaymentRefusal: `amount_differs`.
    """
    bill = Bill.objects.filter(bill_no=bill_no).first()
    if bill is None:
        raise NotFound(_("这张缴款单"))
    if bill.state != Bill.State.OPEN:
        return bill
    for order_no in CashierOrder.objects.filter(bill=bill).order_by("-pk").values_list("order_no", flat=True):
        found = partners.cashier().paid(order_no=order_no)
        if found is not None and found.bill_no == bill_no:
            return confirm_payment(notification=found)
    return bill


def reconcile() -> int:
    """Ask the cashier about the open bills whose payment was started; returns how many were found paid."""
    waiting = CashierOrder.objects.filter(bill__state=Bill.State.OPEN).order_by("-pk")
    numbers = list(dict.fromkeys(waiting.values_list("bill__bill_no", flat=True)[:_RECONCILED_MAX]))
    return sum(ask_cashier(bill_no=bill_no).state == Bill.State.PAID for bill_no in numbers)
