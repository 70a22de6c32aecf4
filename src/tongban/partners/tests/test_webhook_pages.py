"""The page of webhooks: IT staff see what failed, send it again, test, go on after a pause, remove."""

from datetime import timedelta

import pytest
from django.test import Client

from tongban.base import moment
from tongban.directory.models import Organisation
from tongban.identity import commands as identity
from tongban.identity.tests.cast import log_in
from tongban.kernel.actor import SYSTEM
from tongban.partners.models import WebhookEndpoint, WebhookMessage

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def admin(cast):
    return log_in(Client(), cast.account("admin"))


@pytest.fixture
def endpoint(city):
    body = Organisation.objects.get(ref="430200:sjj")
    client, _token = identity.issue_api_client(
        SYSTEM, name="省统计平台", organisation=body, scopes=["events:read"], valid_to=moment.today()
    )
    return WebhookEndpoint.objects.create(
        client=client, url="https://example.com/hook", secret="whsec_geheim", created_at=moment.now()
    )


def message(endpoint, number, state="failed", **values):
    now = moment.now()
    given = {"attempts": 14, "status": 500, "answer": f"故障<{number}>", "tried_at": now, "settled_at": now} | values
    return WebhookMessage.objects.create(
        endpoint=endpoint, message_id=f"m-{number}", kind="CaseAccepted", body="{}", state=state, queued_at=now,
        next_at=now + timedelta(days=1), **given,
    )  # fmt: skip


def test_an_empty_list_says_how_systems_register(admin):
    page = admin.get("/desk/webhooks/").content.decode()
    assert "还没有系统登记推送地址" in page
    assert "POST /api/v1/webhooks" in page


def test_the_page_shows_the_queue_the_last_answers_and_no_secret(admin, endpoint, django_assert_max_num_queries):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(pause="failures", failures=15)
    for number in range(30):
        message(endpoint, number)
    message(endpoint, 99, state="sent", status=204, answer="")
    listed = admin.get("/desk/webhooks/").content.decode()
    assert "省统计平台" in listed
    assert "连续失败，已暂停" in listed
    with django_assert_max_num_queries(14):
        page = admin.get(f"/desk/webhooks/{endpoint.pk}/?state=failed").content.decode()
    assert "故障&lt;29&gt;" in page
    assert "HTTP 500" in page
    assert "m-99" not in page
    assert page.count("webhooks__id") == 20
    assert "whsec_" not in page + listed


def test_one_or_all_failed_messages_are_sent_again(admin, endpoint):
    first, second, third = (message(endpoint, number) for number in range(3))
    act = f"/desk/webhooks/{endpoint.pk}/retry/"
    assert admin.post(act, {"message": str(second.pk)}).status_code == 302
    second.refresh_from_db()
    assert (second.state, second.attempts) == ("waiting", 0)
    assert admin.post(act).status_code == 302
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {"waiting"}
    refused = admin.post(act)
    assert refused.status_code == 409
    assert "没有可以重发的消息" in refused.content.decode()
    assert admin.post(act, {"message": "x"}).status_code == 404
    assert {first.pk, third.pk} < set(WebhookMessage.objects.values_list("pk", flat=True))


def test_a_test_message_a_pause_and_removal(admin, endpoint):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(pause="gone", failures=1, paused_at=moment.now())
    for act in ("ping", "resume", "remove"):
        assert admin.post(f"/desk/webhooks/{endpoint.pk}/{act}/", follow=True).status_code == 200
    endpoint.refresh_from_db()
    assert (endpoint.pause, endpoint.failures) == ("", 0)
    assert endpoint.removed_at is not None
    assert WebhookMessage.objects.get().kind == "Ping"
    assert admin.get(f"/desk/webhooks/{endpoint.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "leader", "supervisor", "citizen"])
def test_nobody_else_comes_near(cast, endpoint, who):
    client = log_in(Client(), cast.account(who))
    failed = message(endpoint, 1)
    assert client.get("/desk/webhooks/").status_code == 404
    assert client.get(f"/desk/webhooks/{endpoint.pk}/").status_code == 404
    assert client.post(f"/desk/webhooks/{endpoint.pk}/retry/").status_code == 404
    failed.refresh_from_db()
    assert failed.state == "failed"
