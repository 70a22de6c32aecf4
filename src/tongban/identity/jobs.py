"""Periodic work of the identity room."""

import logging
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from tongban.identity import commands

logger = logging.getLogger(__name__)


@app.periodic(cron="25 18 * * *")
@app.task(name="identity.forget", queueing_lock="identity.forget")
def forget(timestamp: int) -> None:
    """Delete used codes and ended sessions every night; `timestamp` is the tick's Unix time."""
    logger.info("deleted %s old codes", commands.forget_old_codes(at=datetime.fromtimestamp(timestamp, UTC)))
