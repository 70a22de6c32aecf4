"""Webhooks end to end: an event is queued once where it gets its place, sent in order, tried again, acted on once."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tongban.base import chain, moment, outbox
from tongban.base.tests.racing import race
from tongban.cases import feed
from tongban.cases.models import Case, FeedEntry
from tongban.cases.tests import story
from tongban.cases.tests.test_api import Caller, body, caller, problem
from tongban.cases.tests.test_feed import follow, relayed
from tongban.identity.models import ApiClient
from tongban.kernel.actor import Actor
from tongban.kernel.problems import NotFound, Refusal
from tongban.notices.models import Message
from tongban.partners import commands, jobs
from tongban.partners.commands import delivering
from tongban.partners.models import WebhookEndpoint, WebhookMessage
from tongban.partners.tests.receiver import receiving

__all__ = ["body", "caller"]


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


@pytest.fixture
def reader(city, receiver):
    """A system that files, reads events and is told of them."""
    found = Caller("cases:submit", "events:read", name="对接系统")
    answer = found.post("/webhooks", {"url": receiver.url})
    assert answer.status_code == 201, answer.content
    receiver.secret = answer.json()["secret"]
    return found


def endpoint_of(system: Caller) -> WebhookEndpoint:
    return WebhookEndpoint.objects.get(client_id=system.row.pk)


def deliver(system: Caller) -> None:
    jobs.deliver_webhooks(endpoint_id=endpoint_of(system).pk)


def test_what_is_sent_is_what_is_read_in_the_same_order(reader, receiver, body):
    number = reader.post("/cases", body).json()["case_no"]
    story.Walk(Case.objects.get(case_no=number)).receive().accept().to_decision().pay().decide()
    relayed()
    deliver(reader)
    said = [json.loads(sent) for _headers, sent in receiver.requests]
    read, _cursor = follow(reader)
    assert said == read
    assert len(said) == 4
    assert receiver.acted == [json.loads(sent) for _headers, sent in receiver.requests]
    assert {headers["Content-Type"] for headers, _sent in receiver.requests} == {
        "application/cloudevents+json; charset=utf-8"
    }
    text = json.dumps(said, ensure_ascii=False)
    for secret in ("陈桂兰", "430212197803120021", "19900000001", "staff:"):
        assert secret not in text


def test_only_chosen_kinds_and_only_what_the_system_may_read_are_sent(city, receiver, body, cast):
    chosen = Caller("cases:submit", "events:read", name="只要受理")
    assert chosen.post("/webhooks", {"url": receiver.url, "kinds": ["CaseAccepted"]}).status_code == 201
    stranger = Caller("events:read", name="别的系统")
    assert stranger.post("/webhooks", {"url": receiver.url}).status_code == 201
    of_body = Caller("events:read", name="部门系统")
    assert of_body.post("/webhooks", {"url": receiver.url}).status_code == 201
    number = chosen.post("/cases", body).json()["case_no"]
    case = Case.objects.get(case_no=number)
    ApiClient.objects.filter(pk=of_body.row.pk).update(organisation=case.organisation)
    story.Walk(case).receive().accept()
    relayed()

    def queued(system):
        return list(WebhookMessage.objects.filter(endpoint__client_id=system.row.pk).values_list("kind", flat=True))

    assert queued(chosen) == ["CaseAccepted"]
    assert queued(stranger) == []
    assert set(queued(of_body)) == {"CaseSubmitted", "CaseReceived", "CaseAccepted"}


def test_a_token_that_lost_its_scope_or_ended_is_told_nothing_more(reader, receiver, body):
    reader.post("/cases", body)
    relayed()
    ApiClient.objects.filter(pk=reader.row.pk).update(scopes=["cases:submit"])
    assert delivering.endpoints_due() == []
    deliver(reader)
    ApiClient.objects.filter(pk=reader.row.pk).update(scopes=["events:read"], revoked_at=moment.now())
    deliver(reader)
    assert receiver.requests == []


def test_an_event_is_queued_with_its_place_or_not_at_all(reader, body):
    number = reader.post("/cases", body).json()["case_no"]
    event = next(one for one in chain.events(f"case:{number}") if one.kind == "CaseSubmitted")
    told = outbox._as_told(event)
    with transaction.atomic():
        feed.take_place(told)
        assert WebhookMessage.objects.count() == 1
        transaction.set_rollback(True)
    assert not WebhookMessage.objects.exists()
    assert not FeedEntry.objects.exists()
    relayed()
    assert WebhookMessage.objects.filter(message_id=f"{number}-{event.seq}").count() == 1
    message = feed.message(event, Case.objects.get(case_no=number), "x")
    commands.queue_webhooks(
        kind=event.kind, message_id=message["id"], message=message, client_id=reader.row.pk, organisation_id=None
    )
    assert WebhookMessage.objects.count() == 1


def test_a_repetition_after_a_lost_answer_is_acted_on_once(reader, receiver, body, freeze):
    """The receiver acted, then its answer was lost: it gets the same identifier again."""
    with freeze(moment.now()):
        reader.post("/cases", body)
        relayed()
        receiver.plan = lambda number: (500 if number == 1 else 204, b"broken after acting", {})
        deliver(reader)
        row = WebhookMessage.objects.get()
        assert (row.state, row.attempts, row.status, row.answer) == ("waiting", 1, 500, "broken after acting")
        deliver(reader)
        assert len(receiver.requests) == 1, "before its time nothing is sent"
    with freeze(row.next_at):
        deliver(reader)
    first, second = receiver.requests
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert len(receiver.acted) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.status) == ("sent", 2, 204)
    assert endpoint_of(reader).failures == 0


def test_fourteen_tries_in_three_days_then_the_next_message_then_a_pause_and_a_notice(
    reader, receiver, body, freeze, cast
):
    """A message that nobody takes is given up; if the next one fails too, all rest until somebody looks."""
    begun = at = moment.now()
    with freeze(begun):
        number = reader.post("/cases", body).json()["case_no"]
        story.Walk(Case.objects.get(case_no=number)).receive()
        relayed()
        receiver.plan = lambda _number: (503, b"", {})
    while not endpoint_of(reader).pause:
        at = max(at, WebhookMessage.objects.filter(state="waiting").order_by("pk").first().next_at)
        with freeze(at):
            deliver(reader)
        assert len(receiver.requests) <= 15
    took = at - begun
    first, second = WebhookMessage.objects.order_by("pk")
    assert (first.state, first.attempts) == ("failed", 14)
    assert (second.state, second.attempts) == ("waiting", 1)
    assert timedelta(days=2.5) < took < timedelta(days=3.3)
    assert endpoint_of(reader).pause == "failures"
    assert delivering.endpoints_due() == []
    assert len({headers["webhook-id"] for headers, _ in receiver.requests[:14]}) == 1
    with freeze(at):
        relayed()
    told = Message.objects.get(kind="partners.webhook_paused")
    assert told.account == cast.account("admin")
    assert told.link == f"/desk/webhooks/{endpoint_of(reader).pk}/"


def test_resuming_sends_what_waited_and_a_retry_what_was_given_up_in_the_old_order(reader, receiver, body, freeze):
    number = reader.post("/cases", body).json()["case_no"]
    story.Walk(Case.objects.get(case_no=number)).receive().accept()
    relayed()
    endpoint = endpoint_of(reader)
    first = WebhookMessage.objects.order_by("pk").first()
    WebhookMessage.objects.filter(pk=first.pk).update(state="failed", attempts=14, settled_at=moment.now())
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(pause="failures", failures=15, paused_at=moment.now())
    assert reader.post(f"/webhooks/{endpoint.pk}/retry", {}).json() == {"messages": 1}
    assert reader.get(f"/webhooks/{endpoint.pk}").json()["state"] == "sending"
    deliver(reader)
    kinds = [one["type"] for one in receiver.acted]
    assert kinds == ["CaseSubmitted", "CaseReceived", "CaseAccepted"]
    problem(reader.post(f"/webhooks/{endpoint.pk}/retry", {}), 409, "webhook_nothing_failed")


def test_a_receiver_that_is_gone_is_not_asked_again(reader, receiver, body):
    reader.post("/cases", body)
    relayed()
    receiver.plan = lambda _number: (410, b"", {})
    deliver(reader)
    assert endpoint_of(reader).pause == "gone"
    deliver(reader)
    assert len(receiver.requests) == 1


def test_a_receiver_may_ask_for_rest(reader, receiver, body, freeze):
    with freeze(moment.now()):
        reader.post("/cases", body)
        relayed()
        receiver.plan = lambda _number: (429, b"", {"Retry-After": "1800"})
        deliver(reader)
        assert WebhookMessage.objects.get().next_at == moment.now() + timedelta(seconds=1800)


def test_one_endpoint_that_is_down_holds_back_no_other(reader, receiver, body):
    with receiving() as healthy:
        answer = reader.post("/webhooks", {"url": healthy.url}).json()
        healthy.secret = answer["secret"]
        receiver.plan = lambda _number: (500, b"", {})
        reader.post("/cases", body)
        relayed()
        assert len(delivering.endpoints_due()) == 2
        for endpoint_id in delivering.endpoints_due():
            jobs.deliver_webhooks(endpoint_id=endpoint_id)
        assert len(healthy.acted) == 1
    assert WebhookMessage.objects.filter(state="waiting").count() == 1


def test_both_secrets_sign_for_a_day(reader, receiver, freeze):
    endpoint = endpoint_of(reader)
    old = receiver.secret
    start = moment.now()
    with freeze(start):
        new = reader.post(f"/webhooks/{endpoint.pk}/secret", {}).json()["secret"]
        assert new != old
        for secret in (old, new):
            receiver.secret = secret
            assert reader.post(f"/webhooks/{endpoint.pk}/ping", {}).status_code == 202
            deliver(reader)
        assert [one["type"] for one in receiver.acted] == ["Ping", "Ping"]
    with freeze(start + timedelta(hours=24, seconds=1)):
        receiver.secret = old
        reader.post(f"/webhooks/{endpoint.pk}/ping", {})
        deliver(reader)
    assert len(receiver.acted) == 2
    assert WebhookMessage.objects.order_by("-pk").first().status == 401


def test_secrets_rest_encrypted_and_are_never_shown_again(reader, receiver):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM partners_webhookendpoint")
        kept = bytes(cursor.fetchone()[0])
    assert receiver.secret.encode() not in kept
    assert receiver.secret not in reader.get("/webhooks").content.decode()


def test_a_system_manages_its_own_addresses_only(reader, receiver, body):
    endpoint = endpoint_of(reader)
    other = Caller("events:read", name="别的系统")
    for answer in (
        other.get(f"/webhooks/{endpoint.pk}"),
        other.get(f"/webhooks/{endpoint.pk}/messages"),
        other.post(f"/webhooks/{endpoint.pk}/secret", {}),
        other.post(f"/webhooks/{endpoint.pk}/ping", {}),
        other.post(f"/webhooks/{endpoint.pk}/retry", {}),
        other.post(f"/webhooks/{endpoint.pk}/resume", {}),
        other.send("DELETE", f"/webhooks/{endpoint.pk}"),
    ):
        problem(answer, 404, "webhook_not_found")
    assert other.get("/webhooks").json() == {"items": []}
    assert endpoint_of(reader).removed_at is None
    assert not WebhookMessage.objects.exists()
    assert reader.send("DELETE", f"/webhooks/{endpoint.pk}").status_code == 204
    assert reader.get(f"/webhooks/{endpoint.pk}").status_code == 404
    reader.post("/cases", body)
    relayed()
    assert not WebhookMessage.objects.exists()


def test_refusals_of_an_address_leave_nothing(reader, receiver, settings):
    def code(**asked):
        return reader.post("/webhooks", asked).json()["code"]

    assert code(url=receiver.url) == "webhook_exists"
    assert code(url="https://example.invalid/", kinds=[]) == "webhook_url_refused"
    assert code(url=receiver.url + "2", kinds=["StepOpened"]) == "webhook_kind_unknown"
    settings.WEBHOOK_NETWORKS = []
    assert code(url="http://127.0.0.1:8000/metadata") == "webhook_url_refused"
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    assert WebhookEndpoint.objects.count() == 1
    for number in range(9):
        assert reader.post("/webhooks", {"url": f"{receiver.url}/{number}"}).status_code == 201
    assert code(url=receiver.url + "/more") == "webhook_limit"
    assert WebhookEndpoint.objects.count() == 10


@pytest.mark.usefixtures("city")
def test_no_officer_manages_webhooks_but_it_staff_around_the_body_and_they_get_no_secret(reader, cast):
    endpoint = endpoint_of(reader)
    for name in cast.names:
        actor = getattr(cast, name)
        if "it_admin" in actor.roles():
            assert commands.resume_webhook(actor=actor, endpoint_id=endpoint.pk) == endpoint
        else:
            with pytest.raises(NotFound):
                commands.resume_webhook(actor=actor, endpoint_id=endpoint.pk)
            with pytest.raises(NotFound):
                commands.retry_failed(actor=actor, endpoint_id=endpoint.pk)
            with pytest.raises(NotFound):
                commands.remove_webhook(actor=actor, endpoint_id=endpoint.pk)
        with pytest.raises(NotFound):
            commands.rotate_secret(actor=actor, endpoint_id=endpoint.pk)
        with pytest.raises(Refusal):
            commands.add_webhook(actor=actor, url="https://example.com/")
    assert endpoint_of(reader).removed_at is None


def test_old_messages_go_and_what_waited_too_long_is_given_up(reader, body, freeze):
    start = moment.now()
    with freeze(start):
        reader.post("/cases", body)
        relayed()
    with freeze(start + timedelta(days=31)):
        commands.expire_old_messages()
        assert WebhookMessage.objects.get().state == "failed"
    with freeze(start + timedelta(days=122)):
        commands.expire_old_messages()
    assert not WebhookMessage.objects.exists()


def test_two_workers_at_once_note_one_outcome(live_city):
    with receiving() as receiver:
        system = Caller("events:read", name="对接系统")
        receiver.secret = system.post("/webhooks", {"url": receiver.url}).json()["secret"]
        endpoint = endpoint_of(system)
        commands.queue_ping(actor=queries_actor(system), endpoint_id=endpoint.pk)
        race([lambda: commands.deliver_next(endpoint_id=endpoint.pk)] * 2)
        assert len(receiver.acted) == 1
    row = WebhookMessage.objects.get()
    assert (row.state, row.attempts) == ("sent", 1)


def queries_actor(system: Caller):
    return Actor(kind="client", client_id=system.row.pk, scopes=frozenset({"events:read"}))


@pytest.mark.django_db
def test_the_queue_is_found_by_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    waiting = WebhookMessage.objects.filter(endpoint_id=1, state="waiting").order_by("pk")[:1]
    assert "webhook_queue" in waiting.explain()
    latest = WebhookMessage.objects.filter(endpoint_id=1).order_by("-pk")[:20]
    assert "webhook_latest" in latest.explain()
