"""Periodic work of the files room."""

import logging

from procrastinate.contrib.django import app

from tongban.files import commands, uploading

logger = logging.getLogger(__name__)


@app.periodic(cron="50 18 * * *")
@app.task(name="files.remove_orphans", queueing_lock="files.remove_orphans")
def remove_orphans(timestamp: int) -> None:
    """Remove bytes that no row names, every night; `timestamp` is the tick's Unix time."""
    logger.info("removed %s orphaned files (tick %s)", commands.remove_orphans(), timestamp)


@app.periodic(cron="10 18 * * *")
@app.task(name="files.seal_plain", queueing_lock="files.seal_plain")
def seal_plain(timestamp: int) -> None:
    """Encrypt what was kept in plain by earlier versions, every night; `timestamp` is the tick's Unix time."""
    logger.info("encrypted %s older files (tick %s)", commands.seal_plain(), timestamp)


@app.periodic(cron="20 * * * *")
@app.task(name="files.remove_expired_uploads", queueing_lock="files.remove_expired_uploads")
def remove_expired_uploads(timestamp: int) -> None:
    """Remove uploads that nobody finished within a day, every hour; `timestamp` is the tick's Unix time."""
    logger.info("removed %s unfinished uploads (tick %s)", uploading.remove_expired(), timestamp)
