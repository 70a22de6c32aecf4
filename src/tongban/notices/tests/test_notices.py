"""Messages: in the caller's transaction, once per channel, and for their reader only."""

from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tongban.base.tests.racing import race
from tongban.identity.models import Account
from tongban.identity.tests import cast
from tongban.kernel.problems import NotFound
from tongban.notices import commands, queries
from tongban.notices.models import Dispatch, Message
from tongban.partners import registries
from tongban.partners.adapters import EmailAdapter, SmsAdapter
from tongban.partners.problems import PartnerRefusedError, PartnerUnreachableError

WORDS: dict[str, Any] = {
    "kind": "case.received",
    "subject_ref": "case:1",
    "title": "已收件",
    "body": "您的申请已收到。",
}


class Gateway(SmsAdapter):
    vendor = "gateway"
    sent: dict[str, str] = {}
    failure: Exception | None = None

    def send(self, *, phone, text, request_id):
        if Gateway.failure:
            raise Gateway.failure
        assert text
        Gateway.sent.setdefault(request_id, phone)
        return f"G-{request_id[:8]}"


class Mail(EmailAdapter):
    vendor = "mail"
    sent: list[tuple[str, str]] = []

    def send(self, *, address, subject, text, request_id):
        assert text
        Mail.sent.append((address, subject))
        return f"M-{request_id[:8]}"


@pytest.fixture
def gateway(monkeypatch, settings):
    monkeypatch.setitem(registries.sms._things, "gateway", Gateway())
    monkeypatch.setitem(registries.email._things, "mail", Mail())
    settings.PARTNERS = {"sms": {"vendor": "gateway"}, "email": {"vendor": "mail"}}
    Gateway.sent, Gateway.failure, Mail.sent = {}, None, []
    return Gateway


@pytest.fixture
def reader(db):
    account = cast.citizen("19900000061")
    account.email = "reader@example.com"
    account.save(update_fields=["email"])
    return account


def test_a_message_goes_to_the_inbox_and_by_every_channel_once(reader, gateway):
    message = commands.send(account=reader, link="/cases/1", **WORDS)
    jobs = ProcrastinateJob.objects.filter(task_name="notices.carry_out")
    assert sorted(job.args["dispatch_id"] for job in jobs) == sorted(d.pk for d in message.dispatches.all())
    assert reader.phone not in str([job.args for job in jobs])
    for dispatch in message.dispatches.all():
        commands.dispatch_now(dispatch_id=dispatch.pk)
        commands.dispatch_now(dispatch_id=dispatch.pk)
    assert list(gateway.sent.values()) == [reader.phone]
    assert Mail.sent == [("reader@example.com", "已收件")]
    assert [m.pk for m in queries.inbox(reader).items] == [message.pk]


def test_no_commit_no_message(reader, gateway):
    def told_and_then_failed():
        with transaction.atomic():
            commands.send(account=reader, **WORDS)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        told_and_then_failed()
    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_somebody_without_an_account_is_told_by_phone(db, gateway):
    message = commands.send(phone="19900000062", **WORDS)
    (dispatch,) = message.dispatches.all()
    assert (dispatch.channel, dispatch.address) == ("sms", "19900000062")


def test_an_unreachable_gateway_leaves_the_dispatch_waiting_under_the_same_number(reader, gateway):
    message = commands.send(account=reader, email="", **WORDS)
    (dispatch,) = message.dispatches.all()
    gateway.failure = PartnerUnreachableError("down")
    with pytest.raises(PartnerUnreachableError):
        commands.dispatch_now(dispatch_id=dispatch.pk)
    gateway.failure = None
    sent = commands.dispatch_now(dispatch_id=dispatch.pk)
    assert sent is not None
    assert sent.state == Dispatch.State.SENT
    assert list(gateway.sent) == [str(dispatch.request_id)]


def test_a_refused_dispatch_is_final(reader, gateway):
    message = commands.send(account=reader, email="", **WORDS)
    gateway.failure = PartnerRefusedError("no such number")
    dispatch = commands.dispatch_now(dispatch_id=message.dispatches.get().pk)
    gateway.failure = None
    assert dispatch is not None
    assert dispatch.state == Dispatch.State.FAILED
    assert commands.dispatch_now(dispatch_id=dispatch.pk) == dispatch
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.attempts) == (Dispatch.State.FAILED, 1)
    assert not gateway.sent


def test_many_workers_send_once(live_database, gateway):
    message = commands.send(phone="19900000063", **WORDS)
    dispatch = message.dispatches.get()
    race([lambda: commands.dispatch_now(dispatch_id=dispatch.pk)] * 4)
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.attempts) == (Dispatch.State.SENT, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_link_stays_on_this_site(link):
    with pytest.raises(ValueError, match="path on this site"):
        commands.send(phone="19900000064", link=link, **WORDS)


def test_somebody_elses_message_is_not_there(client, reader, gateway):
    message = commands.send(account=reader, **WORDS)
    other = cast.citizen("19900000065")
    with pytest.raises(NotFound):
        commands.mark_read(cast.as_actor(other), message_id=message.pk)
    cast.log_in(client, other)
    assert client.post(f"/messages/{message.pk}/open/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_the_inbox_shows_reads_and_leads_on(client, reader, gateway, django_assert_max_num_queries):
    cast.log_in(client, reader)
    assert "还没有消息" in client.get("/messages/").content.decode()
    messages = [commands.send(account=reader, link="/account/", **WORDS) for _ in range(22)]
    with django_assert_max_num_queries(12):
        page = client.get("/messages/").content.decode()
    assert page.count("已收件</h2>") == 20
    assert client.post(f"/messages/{messages[0].pk}/open/")["Location"] == "/account/"
    assert queries.unread(cast.as_actor(reader)) == 21
    client.post("/messages/read/")
    assert queries.unread(cast.as_actor(reader)) == 0
    assert Account.objects.count() == 1
