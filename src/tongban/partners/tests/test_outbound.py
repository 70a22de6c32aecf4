"""Posting to addresses that others named: never to inner networks, never further than checked, never without end."""

import socket
import time

import pytest

from tongban.kernel.problems import Invalid
from tongban.partners import outbound
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError
from tongban.partners.tests.receiver import receiving

INNER = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "::7f00:1", "nonsense",
]  # fmt: skip


@pytest.fixture
def closed(settings):
    settings.WEBHOOK_NETWORKS = []


@pytest.mark.parametrize("address", INNER)
def test_no_inner_address_is_allowed(closed, address):
    assert not outbound.allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1"])
def test_addresses_of_the_internet_are_allowed(closed, address):
    assert outbound.allowed(address)


def test_a_network_is_opened_by_name_but_never_the_one_where_clouds_keep_keys(settings):
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16", "169.254.0.0/16", "100.64.0.0/10"]
    assert outbound.allowed("10.20.3.4")
    assert not outbound.allowed("10.21.3.4")
    assert not outbound.allowed("169.254.169.254")
    assert not outbound.allowed("100.100.100.200")


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/", "https://", "https://u:p@example.com/", "https://example.com/#x", "https://例.cn/", "x",
     "https://example.com:0/", "https://example.com:99999/", "https://exa mple.com/", "https://e.com\\@127.0.0.1/",
     "//example.com", "https://example.com/" + "a" * 500, "http:///x", "https://[::1"],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url):
    with pytest.raises(Invalid) as refused:
        outbound.check_url(url)
    assert refused.value.code == "webhook_url_refused"
    assert "url" in refused.value.fields


def test_http_is_for_development_only(settings):
    settings.WEBHOOK_HTTP = False
    with pytest.raises(Invalid):
        outbound.check_url("http://example.com/")
    assert outbound.check_url("https://example.com/").hostname == "example.com"


@pytest.mark.parametrize("written", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "localhost"])
def test_no_way_of_writing_the_own_machine_helps(closed, written):
    with pytest.raises(Invalid):
        outbound.checked_address(outbound.check_url(f"https://{written}/"))


def test_a_name_with_one_inner_address_is_refused_as_a_whole(closed, monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    with pytest.raises(Invalid):
        outbound.checked_address(outbound.check_url("https://rebind.example/"))


def test_the_connection_goes_to_the_checked_address_and_names_the_host(monkeypatch):
    """A name that changes its address after the check (DNS rebinding) leads nowhere else: it is asked once."""
    asked = []
    real = socket.getaddrinfo

    def once(host, port, *rest, **more):
        asked.append(host)
        return real("127.0.0.1" if host == "receiver.example" else host, port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        reply = outbound.post(f"http://receiver.example:{port}/hook?a=1", body=b"{}", headers={})
    assert reply.status == 401
    assert [one for one in asked if one == "receiver.example"] == ["receiver.example"]
    assert receiver.requests[0][0]["Host"] == f"receiver.example:{port}"


def test_no_redirect_is_followed_and_the_answer_is_cut():
    with receiving() as receiver:
        receiver.plan = lambda _n: (302, "应".encode() * 5000, {"Location": receiver.url})
        receiver.secret = "whsec_AAAA"
        from tongban.partners import standard_webhooks

        sent = standard_webhooks.signed_headers(["whsec_AAAA"], message_id="1", body=b"{}", now_s=time.time())
        reply = outbound.post(receiver.url, body=b"{}", headers=sent)
        assert len(receiver.requests) == 1
    assert (reply.status, reply.text) == (302, "应" * 500)


def test_who_does_not_answer_in_time_is_unreachable():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        began = time.monotonic()
        with pytest.raises(PartnerUnreachableError):
            outbound.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", body=b"{}", headers={}, total_s=0.3)
    assert time.monotonic() - began < 3


def test_a_closed_door_is_unreachable_and_a_forbidden_one_refused(settings):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(PartnerUnreachableError):
            outbound.post(f"http://127.0.0.1:{bound.getsockname()[1]}/", body=b"{}", headers={})
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(PartnerRefusedError):
        outbound.post("http://127.0.0.1:1/", body=b"{}", headers={})
