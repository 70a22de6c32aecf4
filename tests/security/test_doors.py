"""Log-in, limits of tries, payments: what is doubled, forged, replayed or tried too often."""

import json
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from tongban.base import rate
from tongban.base.web.intake import ClientAddressMiddleware
from tongban.identity import commands as identity
from tongban.kernel.problems import Refusal, TooMany
from tongban.partners import signing
from tongban.partners.endpoints import endpoint
from tongban.partners.problems import PartnerRefusedError
from tongban.payments.models import Bill, Payment

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6", "6.6.6.6"),
        (1, "1.1.1.1, 6.6.6.6", "6.6.6.6"),
        (2, "1.1.1.1, 6.6.6.6, 10.0.0.2", "6.6.6.6"),
        (2, "6.6.6.6", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_that_limits_count_by_cannot_be_chosen_by_the_client(rf, proxies, forwarded, seen):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    with override_settings(PROXIES=proxies):
        assert ClientAddressMiddleware(lambda asked: asked.META["REMOTE_ADDR"])(request) == seen


def test_tracking_is_limited_by_number_and_by_address_whatever_headers_say(browser):
    def ask(number: int, **headers: str) -> int:
        sent = {"case_no": f"11430212YL7D5X727C40001310160002026112{number:05}", "query_password": "12345678"}
        return (
            browser()
            .post("/api/v1/track", json.dumps(sent), content_type="application/json", headers=headers)
            .status_code
        )

    answers = [ask(1, **{"X-Forwarded-For": f"10.0.0.{one}"}) for one in range(40)]
    assert answers[0] == 404
    assert answers[-1] == 429
    many = [ask(one, **{"X-Forwarded-For": f"10.0.1.{one}"}) for one in range(2, 40)]
    assert many[-1] == 429


def test_verifying_is_limited_by_address(browser):
    answers = {browser().get(f"/verify/AAAABBBBCCCC{one:04}").status_code for one in range(70)}
    assert answers == {404, 429}


def test_known_and_unknown_names_get_the_same_answer(browser):
    from tests.security.test_addresses import stripped

    def fail(name: str) -> str:
        answer = browser().post("/accounts/login/password/", {"login": name, "password": "wrong wrong wrong"})
        assert answer.status_code == 422
        return stripped(answer, {"a": name.ljust(10)}).replace(name, "_")

    assert fail("lukou.zonghe") == fail("lukou.nobody")
    assert fail("19900000001") == fail("19900000099")


def test_a_password_is_not_guessed_by_many_tries(browser):
    said = [
        browser()
        .post("/accounts/login/password/", {"login": "lukou.zonghe", "password": f"wrong {one}"})
        .content.decode()
        for one in range(10)
    ]
    assert "分钟后再试" in said[-1]
    right = browser().post("/accounts/login/password/", {"login": "lukou.zonghe", "password": "zhuzhou-demo-2026"})
    assert right.status_code == 422


def test_a_session_is_a_new_one_after_log_in_and_none_after_log_out(browser, cast):
    client = browser()
    client.post("/track/", {"case_no": "x", "password": "y"})
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    answer = client.post("/accounts/login/password/", {"login": "19900000001", "password": "zhuzhou-demo-2026"})
    assert answer.status_code == 302
    fresh = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert fresh != planted
    assert client.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = fresh
    assert client.get("/account/").status_code == 302


def test_staff_without_their_second_factor_hold_no_posts(browser, cast):
    client = browser()
    answer = client.post("/accounts/login/password/", {"login": "lukou.zonghe", "password": "zhuzhou-demo-2026"})
    assert answer.status_code == 302
    assert "2fa" in answer["Location"]
    for address in ("/desk/", "/window/", "/account/delegations/"):
        assert client.get(address).status_code == 302


def test_real_names_are_not_found_out_by_trying(cast, browser):
    from tongban.base import moment
    from tongban.identity.queries import actor_for
    from tongban.kernel.actor import SYSTEM

    account = identity.register_citizen(SYSTEM, phone="19900000088")
    actor = actor_for(account, moment.now())
    codes = []
    for _one in range(7):
        with pytest.raises(Refusal) as refused:
            identity.verify_real_name(actor, name="陈桂兰", document_number="430212197803120021")
        codes.append(type(refused.value))
    assert codes[-1] is TooMany


def test_the_old_password_is_not_guessed_at_an_open_session(browser):
    client = browser("citizen")
    for one in range(9):
        answer = client.post("/account/password/", {"current": f"wrong {one}", "password": "a new long pass phrase"})
        assert answer.status_code == 422
    answer = client.post("/account/password/", {"current": "zhuzhou-demo-2026", "password": "a new long pass phrase"})
    assert answer.status_code == 422
    assert "再试" in answer.content.decode()


def notify(
    client: Any, body: dict[str, Any], *, secret: bytes | None = None, headers: dict[str, str] | None = None
) -> int:
    content = json.dumps(body).encode()
    signed = headers or signing.signed_headers(
        secret or endpoint("payment").secret, client_id="tongban", method="POST", path="/payments/notify", body=content,
        now_s=time.time(),
    )  # fmt: skip
    return int(client.post("/payments/notify", content, content_type="application/json", headers=signed).status_code)


def test_a_notification_is_believed_only_from_the_cashier_and_for_the_whole_amount(things, browser):
    client = browser()
    bill = things["bill"]
    body = {
        "bill_no": bill.bill_no,
        "order_no": "O1",
        "transaction_no": "T1",
        "amount_fen": bill.amount_fen,
        "paid_at": "",
    }
    content = json.dumps(body).encode()
    assert notify(client, body, secret=b"guessed") == 401
    assert notify(client, body, headers={"X-Nothing": "1"}) == 401
    assert notify(client, body | {"amount_fen": 1}) == 409
    old = signing.signed_headers(
        endpoint("payment").secret, client_id="tongban", method="POST", path="/payments/notify", body=content,
        now_s=time.time() - 3600,
    )  # fmt: skip
    assert notify(client, body, headers=old) == 401
    assert not Payment.objects.filter(bill=bill).exists()
    good = signing.signed_headers(
        endpoint("payment").secret, client_id="tongban", method="POST", path="/payments/notify", body=content,
        now_s=time.time(),
    )  # fmt: skip
    assert notify(client, body, headers=good) == 200
    assert notify(client, body, headers=good) == 401
    assert notify(client, body, headers=good | {signing.CLIENT: "somebody-else"}) == 401
    assert notify(client, body) == 200
    assert Payment.objects.filter(bill=bill).count() == 1
    assert Bill.objects.get(pk=bill.pk).state == Bill.State.PAID
    assert notify(client, body | {"bill_no": "0", "transaction_no": "T2"}) == 404


def test_an_idempotency_key_is_its_owners(browser, system, cast):
    from tongban.base import idempotency
    from tongban.kernel.actor import Actor

    ran = []

    def work() -> dict[str, int]:
        ran.append(1)
        return {"n": len(ran)}

    one, two = Actor(kind="client", client_id=1), Actor(kind="client", client_id=2)
    assert idempotency.once(actor=one, key="k", fingerprint=1, work=work) == {"n": 1}
    assert idempotency.once(actor=one, key="k", fingerprint=1, work=work) == {"n": 1}
    assert idempotency.once(actor=two, key="k", fingerprint=1, work=work) == {"n": 2}


def test_nobody_fills_the_disk_alone(cast):
    from tongban.cases.tests import story

    rate.hit(bucket="files.store", key=cast.citizen.ref, limit=10**6, per_s=3600)
    from tongban.files import commands as files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_PER_HOUR", {"citizen": 2})
        story.upload(cast.citizen)
        with pytest.raises(TooMany):
            story.upload(cast.citizen)


def test_real_people_never_meet_a_simulator():
    with override_settings(DEMO=False), pytest.raises(PartnerRefusedError):
        endpoint("sms")
    with override_settings(DEMO=False), pytest.raises(PartnerRefusedError):
        endpoint("realname")
    with override_settings(DEMO=False, PARTNERS={"sms": {"url": "https://sms.example", "secret": "s"}}):
        assert endpoint("sms").base_url == "https://sms.example"
