"""The signed wire format, retries, the breaker, and the simulators that speak it over real HTTP."""

import json
import time
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.identity.registries import IdentityClaim, VerifierUnavailableError
from tongban.partners import commands, registries, signing, transport
from tongban.partners.breaker import Breaker
from tongban.partners.endpoints import endpoint
from tongban.partners.models import ReceivedNonce
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError, SignatureError
from tongban.partners.simulator import SimulatorVerifier
from tongban.partners.tests import simulated

SECRET = b"shared"
NOW = 1_790_000_000.0


def headers(**changes):
    given: dict[str, Any] = {"client_id": "a", "method": "POST", "path": "/x", "body": b"{}", "now_s": NOW} | changes
    return signing.signed_headers(SECRET, **given)


def verify(sent, *, seen=None, **changes):
    seen = set() if seen is None else seen

    def is_fresh(client, nonce):
        is_new = (client, nonce) not in seen
        seen.add((client, nonce))
        return is_new

    given: dict[str, Any] = {"method": "POST", "path": "/x", "body": b"{}", "now_s": NOW} | changes
    signing.verify(sent, SECRET, is_fresh=is_fresh, **given)


@given(st.binary(max_size=200), st.text("abc/?=1", min_size=1, max_size=20))
def test_what_was_signed_verifies(body, path):
    verify(headers(body=body, path=path), body=body, path=path)


@pytest.mark.parametrize(
    "change",
    [{"body": b"{ }"}, {"path": "/y"}, {"method": "PUT"}, {"now_s": NOW + 301}, {"now_s": NOW - 301}],
    ids=["body", "path", "method", "stale", "from the future"],
)
def test_anything_changed_is_refused_and_uses_no_nonce_up(change):
    seen: set[Any] = set()
    with pytest.raises(SignatureError):
        verify(headers(), seen=seen, **change)
    assert not seen


@pytest.mark.parametrize("name", [signing.CLIENT, signing.TIMESTAMP, signing.NONCE, signing.SIGNATURE])
def test_a_missing_header_is_refused(name):
    sent = headers()
    del sent[name]
    with pytest.raises(SignatureError):
        verify(sent)


def test_a_message_is_taken_once():
    seen: set[Any] = set()
    sent = headers()
    verify(sent, seen=seen)
    with pytest.raises(SignatureError):
        verify(sent, seen=seen)


@pytest.mark.django_db
def test_nonces_are_remembered_in_the_database_and_forgotten_when_useless():
    from datetime import timedelta

    from tongban.base import moment

    assert commands.remember_nonce(client_id="a", nonce="n")
    assert not commands.remember_nonce(client_id="a", nonce="n")
    assert commands.forget_old_nonces(at=moment.now()) == 0
    assert commands.forget_old_nonces(at=moment.now() + timedelta(hours=1)) == 1
    assert not ReceivedNonce.objects.exists()


def test_the_breaker_opens_rests_and_lets_one_try():
    clock = [0.0]
    breaker = Breaker(clock_s=lambda: clock[0], failures_max=2, rest_s=10)
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock[0] = 11
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert breaker.allows()


@pytest.fixture
def simulators(settings, tmp_path):
    with simulated.running(tmp_path) as url:
        settings.SIMULATORS_URL = url
        yield url


def page(url):
    return httpx.get(url, trust_env=False)


def test_a_text_message_arrives_once_per_request(simulators):
    gateway = registries.sms_gateway()
    first = gateway.send(phone="19900000081", text="验证码 <b>123456</b>", request_id="r1")
    again = gateway.send(phone="19900000081", text="验证码 <b>123456</b>", request_id="r1")
    assert first == again
    shown = page(f"{simulators}/sms/inbox?to=19900000081")
    assert shown.text.count("<article>") == 1
    assert "&lt;b&gt;" in shown.text
    assert "模拟器" in shown.text
    assert page(f"{simulators}/sms/inbox?to=19900000081&format=json").json()[0]["text"] == "验证码 <b>123456</b>"
    assert "19900000081" in page(f"{simulators}/sms/").text


def test_mail_arrives(simulators):
    registries.mail_gateway().send(address="a@example.com", subject="办结", text="可以领取了", request_id="m1")
    assert "可以领取了" in page(f"{simulators}/mail/inbox?to=a%40example.com").text


def test_what_came_survives_a_restart(settings, tmp_path):
    for _ in range(2):
        with simulated.running(tmp_path) as url:
            settings.SIMULATORS_URL = url
            registries.sms_gateway().send(phone="19900000082", text="t", request_id="same")
            assert len(page(f"{url}/sms/inbox?to=19900000082&format=json").json()) == 1


def test_the_simulators_refuse_what_is_not_signed_or_sent_twice(simulators):
    body = json.dumps({"request_id": "x", "phone": "1", "text": "t"}).encode()
    url = f"{simulators}/sms/messages"
    assert httpx.post(url, content=body, trust_env=False).status_code == 401
    secret = endpoint("sms").secret
    signed = signing.signed_headers(
        secret, client_id="tongban", method="POST", path="/sms/messages", body=body, now_s=time.time()
    )
    codes = [httpx.post(url, content=body, headers=signed, trust_env=False).status_code for _ in range(2)]
    assert codes == [200, 401]
    wrong = signing.signed_headers(
        endpoint("payment").secret, client_id="tongban", method="POST", path="/sms/messages", body=body,
        now_s=time.time(),
    )  # fmt: skip
    assert httpx.post(url, content=body, headers=wrong, trust_env=False).status_code == 401


def test_a_malformed_request_is_final(simulators):
    with pytest.raises(PartnerRefusedError, match="400"):
        transport.call(registries.sms_gateway(), "/sms/messages", {"request_id": "x"})


def test_an_absent_partner_is_worth_another_try(settings):
    settings.SIMULATORS_URL = "http://127.0.0.1:9"
    transport._breakers.clear()
    with pytest.raises(PartnerUnreachableError):
        registries.sms_gateway().send(phone="1", text="t", request_id="r")
    with pytest.raises(VerifierUnavailableError):
        SimulatorVerifier().check(IdentityClaim("a", "111", "1", "", "r"))
    transport._breakers.clear()


def test_the_real_name_checker_keeps_to_the_first_name(simulators):
    def claim(name, request_id):
        return SimulatorVerifier().check(IdentityClaim(name, "111", "430212197803120021", "", request_id)).is_match

    assert [claim("陈桂兰", "1"), claim("陈桂兰", "2"), claim("陈桂花", "3")] == [True, True, False]


@pytest.mark.parametrize("path", ["/", "/sms/", "/mail/", "/cashier/", "/realname/", "/postal/"])
def test_every_page_opens(simulators, path):
    answer = page(simulators + path)
    assert answer.status_code == 200
    assert '<meta charset="utf-8">' in answer.text


def test_unknown_pages_and_orders_are_not_there(simulators):
    assert page(f"{simulators}/nothing").status_code == 404
    assert page(f"{simulators}/cashier/orders/PO1").status_code == 404
    assert simulated.click(f"{simulators}/cashier/orders/PO1", "pay").status_code == 404


def test_a_parcel_is_followed_from_the_counter_to_whoever_signs(simulators):
    number = "1012345678901"
    first = registries.post_office().trace(carrier="ems", tracking_no=number)
    assert [one.code for one in first] == ["accepted"]
    address = f"{simulators}/postal/parcels/{number}"
    assert number in page(f"{simulators}/postal/").text
    assert "本人签收" in page(address).text
    for act in ("delivering", "attempted", "family"):
        assert simulated.click(address, act).status_code == 303
    found = registries.post_office().trace(carrier="ems", tracking_no=number)
    assert [(one.code, one.signed_by) for one in found] == [
        ("accepted", ""), ("delivering", ""), ("attempted", ""), ("signed", "family"),
    ]  # fmt: skip
    assert all(one.at.tzinfo for one in found)
    assert "同住成年家属签收" in page(address).text


def test_the_post_office_knows_no_parcel_that_nobody_asked_for(simulators):
    address = f"{simulators}/postal/parcels/1012345678902"
    assert page(address).status_code == 404
    assert simulated.click(address, "lost").status_code == 404


@pytest.mark.parametrize("scans", [None, [{}], [{"code": "eaten", "at": "2026-11-24T01:00:00+00:00"}],
                                   [{"code": "lost", "at": "yesterday"}], [{"code": "lost", "at": "2026-11-24T01:00:00"}]])  # fmt: skip
def test_a_post_office_that_answers_nonsense_is_not_believed(monkeypatch, scans):
    answer = transport.Response(200, {"scans": scans})
    monkeypatch.setattr("tongban.partners.simulator.call", lambda *_args, **_more: answer)
    with pytest.raises(PartnerRefusedError):
        registries.post_office().trace(carrier="ems", tracking_no="1012345678901")
