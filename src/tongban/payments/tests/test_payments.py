"""Bills: paid once whatever is notified how often, and by whoever may; the cashier over real HTTP."""

import json
import threading
import time
from typing import Any
from wsgiref.simple_server import make_server

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from tongban.base import chain
from tongban.base.tests.racing import race
from tongban.identity.tests import cast
from tongban.kernel.actor import SYSTEM, Role
from tongban.kernel.problems import Invalid, NotFound
from tongban.partners import signing
from tongban.partners.adapters import PaymentNotification
from tongban.partners.endpoints import endpoint
from tongban.partners.simulators import _QuietHandler, _ThreadingServer
from tongban.partners.tests import simulated
from tongban.payments import commands, queries
from tongban.payments.models import Bill, CashierOrder, Payment
from tongban.payments.problems import PaymentRefusal
from tongban.payments.registries import BillAccess, access

LINES = [
    {"key": "plate", "name": "号牌工本费", "amount_fen": 10000, "basis": "示例依据"},
    {"key": "paper", "name": "行驶证工本费", "amount_fen": 1500, "basis": "示例依据"},
]


class Desk(BillAccess):
    """Subject "test:<account>": that citizen pays, clerks collect."""

    def may_pay(self, actor, subject):
        return subject == f"test:{actor.account_id}"

    def may_collect(self, actor, subject):
        return subject.startswith("test:") and Role.WINDOW_CLERK in actor.roles()

    def page_of(self, subject):
        return f"/account/?{subject}"


@pytest.fixture(autouse=True)
def desk(monkeypatch):
    monkeypatch.setitem(access._things, "test", Desk())


def bill(payer, lines=LINES):
    return commands.raise_bill(
        actor=SYSTEM, subject=f"test:{payer.pk}", organisation=cast.organisation(), lines=lines, payer_name="示例"
    )


def notification(made, transaction_no="TX1", **changes):
    given = {
        "bill_no": made.bill_no, "order_no": "PO1", "transaction_no": transaction_no, "amount_fen": made.amount_fen,
        "paid_at": "2026-11-24T03:00:00+00:00",
    }  # fmt: skip
    return PaymentNotification(**(given | changes))


@pytest.fixture
def payer(db):
    return cast.citizen("19900000091")


@pytest.fixture
def clerk(db):
    return cast.as_actor(cast.staff("clerk", Role.WINDOW_CLERK, at=cast.organisation()))


def test_a_bill_sums_its_lines_in_fen_and_numbers_run_on(payer):
    first, second = bill(payer), bill(payer)
    assert first.amount_fen == 11500
    assert int(second.bill_no) == int(first.bill_no) + 1
    assert not queries.is_settled(first.subject)
    assert bill(payer, [LINES[0] | {"amount_fen": 0}]) is None


@pytest.mark.parametrize("amount", [-1, 1.5, "100", True])
def test_money_is_whole_fen(payer, amount):
    with pytest.raises(ValueError, match="whole number"):
        bill(payer, [LINES[0] | {"amount_fen": amount}])


def test_the_same_word_twice_is_one_payment(payer):
    made = bill(payer)
    for _ in range(3):
        assert commands.confirm_payment(notification=notification(made)).state == Bill.State.PAID
    assert Payment.objects.count() == 1
    kinds = [event.kind for event in chain.events(f"bill:{made.bill_no}")]
    assert kinds == ["BillRaised", "BillPaid"]
    assert queries.is_settled(made.subject)


def test_money_that_comes_twice_is_kept_as_a_surplus(payer, clerk):
    made = bill(payer)
    commands.pay_at_window(actor=clerk, bill_no=made.bill_no, method="cash", received_fen=11500)
    commands.confirm_payment(notification=notification(made))
    assert sorted(Payment.objects.values_list("is_surplus", flat=True)) == [False, True]
    assert Bill.objects.get().state == Bill.State.PAID


def test_a_different_amount_pays_nothing(payer):
    made = bill(payer)
    with pytest.raises(PaymentRefusal) as refused:
        commands.confirm_payment(notification=notification(made, amount_fen=1))
    assert refused.value.code == "amount_differs"
    assert (Bill.objects.get().state, Payment.objects.count()) == (Bill.State.OPEN, 0)


def test_notification_query_and_window_at_once_pay_once(live_database):
    payer = cast.citizen("19900000092")
    clerk = cast.as_actor(cast.staff("clerk", Role.WINDOW_CLERK, at=cast.organisation()))
    made = bill(payer)
    acts: list[Any] = [lambda: commands.confirm_payment(notification=notification(made))] * 3
    acts.append(lambda: commands.pay_at_window(actor=clerk, bill_no=made.bill_no, method="card", received_fen=11500))
    race(acts)
    assert Payment.objects.filter(is_surplus=False).count() == 1
    assert Bill.objects.get().state == Bill.State.PAID


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"received_fen": 11499}, Invalid), ({"received_fen": 20000}, Invalid), ({"method": "online"}, Invalid)],
)
def test_the_window_takes_exactly_what_is_due(payer, clerk, change, refusal):
    made = bill(payer)
    with pytest.raises(refusal):
        commands.pay_at_window(
            actor=clerk, **({"bill_no": made.bill_no, "method": "cash", "received_fen": 11500} | change)
        )
    assert not Payment.objects.exists()


def test_a_paid_bill_is_not_collected_or_voided_again(payer, clerk):
    made = bill(payer)
    commands.confirm_payment(notification=notification(made))
    acts: list[Any] = [
        lambda: commands.pay_at_window(actor=clerk, bill_no=made.bill_no, method="cash", received_fen=11500),
        lambda: commands.void_bill(actor=clerk, bill_no=made.bill_no),
        lambda: commands.start_payment(actor=cast.as_actor(payer), bill_no=made.bill_no),
    ]
    for act in acts:
        with pytest.raises(PaymentRefusal):
            act()
    assert Payment.objects.count() == 1


def test_a_void_bill_asks_for_nothing(payer):
    made = bill(payer)
    commands.void_bill(actor=SYSTEM, bill_no=made.bill_no)
    assert commands.void_bill(actor=SYSTEM, bill_no=made.bill_no).state == Bill.State.VOID
    assert queries.is_settled(made.subject)


def test_somebody_elses_bill_is_not_there(client, payer, clerk):
    made = bill(payer)
    other = cast.citizen("19900000093")
    with pytest.raises(NotFound):
        commands.start_payment(actor=cast.as_actor(other), bill_no=made.bill_no)
    with pytest.raises(NotFound):
        commands.start_payment(actor=clerk, bill_no=made.bill_no)
    with pytest.raises(NotFound):
        commands.pay_at_window(actor=cast.as_actor(payer), bill_no=made.bill_no, method="cash", received_fen=11500)
    cast.log_in(client, other)
    assert client.get(f"/payments/{made.bill_no}/").status_code == 404
    assert client.post(f"/payments/{made.bill_no}/pay/").status_code == 404


def test_an_unsigned_or_replayed_notification_is_refused(client, payer):
    made = bill(payer)
    body = json.dumps(notification(made).__dict__).encode()
    assert client.post("/payments/notify", body, content_type="application/json").status_code == 401
    sent = signing.signed_headers(
        endpoint("payment").secret, client_id="cashier", method="POST", path="/payments/notify", body=body,
        now_s=time.time(),
    )  # fmt: skip
    codes = [
        client.post("/payments/notify", body, content_type="application/json", headers=sent).status_code
        for _ in range(2)
    ]
    assert codes == [200, 401]
    assert Payment.objects.count() == 1


def test_a_silent_cashier_changes_nothing(payer, settings):
    settings.SIMULATORS_URL = "http://127.0.0.1:9"
    made = bill(payer)
    with pytest.raises(PaymentRefusal) as refused:
        commands.start_payment(actor=cast.as_actor(payer), bill_no=made.bill_no)
    assert refused.value.status == 503
    assert not CashierOrder.objects.exists()


@pytest.fixture
def platform(live_database, settings, tmp_path):
    """The platform itself on a port, and the cashier on another: both ways over HTTP."""
    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=_ThreadingServer, handler_class=_QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.BASE_URL = f"http://127.0.0.1:{server.server_port}"
    with simulated.running(tmp_path) as url:
        settings.SIMULATORS_URL = url
        yield settings.BASE_URL
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.mark.parametrize(
    ("act", "state", "events"),
    [("pay", "paid", 1), ("twice", "paid", 1), ("silent", "open", 0), ("fail", "open", 0)],
)
def test_a_citizen_pays_at_the_cashier(platform, client, act, state, events):
    payer = cast.citizen("19900000094")
    made = bill(payer)
    cast.log_in(client, payer)
    assert "去缴费" in client.get(f"/payments/{made.bill_no}/").content.decode()
    url = client.post(f"/payments/{made.bill_no}/pay/")["Location"]
    assert client.post(f"/payments/{made.bill_no}/pay/")["Location"] == url
    assert "¥ 115.00" in httpx.get(url, trust_env=False).text
    simulated.click(url, act)
    made.refresh_from_db()
    assert made.state == state
    kinds = [event.kind for event in chain.events(f"bill:{made.bill_no}")]
    assert kinds.count("BillPaid") == events
    # Who comes back sees the truth, also where the notification was lost.
    shown = client.get(f"/payments/{made.bill_no}/").content.decode()
    assert ("已缴费" in shown) == (act != "fail")
    assert commands.reconcile() == 0


def test_a_lost_notification_is_found_by_the_clock(platform):
    payer = cast.citizen("19900000095")
    made = bill(payer)
    simulated.click(commands.start_payment(actor=cast.as_actor(payer), bill_no=made.bill_no), "silent")
    assert commands.reconcile() == 1
    assert commands.reconcile() == 0
    assert Payment.objects.count() == 1
