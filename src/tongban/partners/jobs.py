"""Periodic work of the partners room."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tongban.partners import commands


@app.periodic(cron="17 19 * * *")
@app.task(queueing_lock="partners.forget_old_nonces", pass_context=False)
def forget_old_nonces(timestamp: int) -> None:
    """Forget nonces of messages that their timestamp makes unusable; `timestamp` is the tick's Unix time."""
    commands.forget_old_nonces(at=datetime.fromtimestamp(timestamp, UTC))
