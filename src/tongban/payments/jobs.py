"""Periodic work of the payments room."""

import logging

from procrastinate.contrib.django import app

from tongban.payments import commands

logger = logging.getLogger(__name__)


@app.periodic(cron="*/2 * * * *")
@app.task(name="payments.reconcile", queueing_lock="payments.reconcile")
def reconcile(timestamp: int) -> None:
    """Find payments whose notification was lost; `timestamp` is the tick's Unix time."""
    found = commands.reconcile()
    if found:
        logger.info("found %s payments whose notification was lost (tick %s)", found, timestamp)
