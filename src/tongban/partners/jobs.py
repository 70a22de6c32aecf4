"""Background work of the partners room."""

from datetime import UTC, datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tongban.partners import commands
from tongban.partners.commands.delivering import endpoints_due

#: Messages that one job sends before it lets others have the worker.
_MESSAGES_A_JOB = 50


@app.periodic(cron="17 19 * * *")
@app.task(queueing_lock="partners.forget_old_nonces", pass_context=False)
def forget_old_nonces(timestamp: int) -> None:
    """Forget nonces of messages that their timestamp makes unusable; `timestamp` is the tick's Unix time."""
    commands.forget_old_nonces(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * * */5", periodic_id="partners.start_webhooks")
@app.task(name="partners.start_webhooks", queueing_lock="partners.start_webhooks")
def start_webhooks(timestamp: int) -> None:
    """Every five seconds, give each webhook whose next message is due a job of its own."""
    del timestamp
    for endpoint_id in endpoints_due():
        _start(endpoint_id)


@app.task(name="partners.deliver_webhooks")
def deliver_webhooks(endpoint_id: int) -> None:
    """Send an endpoint's messages in order until one does not get through."""
    for _ in range(_MESSAGES_A_JOB):
        if not commands.deliver_next(endpoint_id=endpoint_id):
            return


@app.periodic(cron="25 19 * * *", periodic_id="partners.expire_webhooks")  # 03:25 in Shanghai
@app.task(name="partners.expire_webhooks", queueing_lock="partners.expire_webhooks")
def expire_webhooks(timestamp: int) -> None:
    """Forget old messages."""
    del timestamp
    commands.expire_old_messages()


def _start(endpoint_id: int) -> None:
    """Queue the endpoint's job unless one waits already; one works at a time."""
    name = f"partners.webhook:{endpoint_id}"
    try:
        with transaction.atomic():
            deliver_webhooks.configure(lock=name, queueing_lock=name).defer(endpoint_id=endpoint_id)
    except AlreadyEnqueued:
        return
