"""The worker process: background jobs and the relay of the outbox.

Runs until SIGTERM or SIGINT. A job that was in hand when a worker died is taken up again by any living one
(`base.jobs.revive_jobs`).
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from procrastinate.contrib.django import app as current_app

_log = logging.getLogger(__name__)

_CONCURRENCY = 4
_RELAY_IDLE_S = 0.5
_RELAY_TROUBLE_S_MAX = 30.0
#: Jobs in hand get this long to finish after SIGTERM.
_GRACE_S = 8.0
#: After this the process ends whatever hangs: the supervisor, or the system, is waiting.
_GRACE_S_MAX = 12.0


def relay_until(stopped: threading.Event, relay: Callable[[], int]) -> None:
    """Call `relay` until stopped: at once again while it finds work, else after a pause, longer after trouble.

    Args:
        stopped: ends the loop, also in the middle of a pause.
        relay: hands out what waits in the outbox and returns how much that was.
    """
    pause_s = _RELAY_IDLE_S
    while not stopped.is_set():
        try:
            close_old_connections()
            moved = relay()
            pause_s = _RELAY_IDLE_S
        except DatabaseError:
            _log.exception("The relay of the outbox failed; trying again in %.1f s.", pause_s)
            # A connection that broke is of no use any more; a healthy one is opened again at once.
            connection.close()
            moved = 0
            pause_s = min(pause_s * 2, _RELAY_TROUBLE_S_MAX)
        if not moved:
            stopped.wait(pause_s)
    connection.close()


async def _work() -> None:
    with current_app.replace_connector(current_app.connector.get_worker_connector()) as app:  # type: ignore[attr-defined]
        async with app.open_async():
            await app.run_worker_async(
                name="tongban",
                concurrency=_CONCURRENCY,
                shutdown_graceful_timeout=_GRACE_S,
                delete_jobs="successful",
            )


def _end_for_certain() -> None:
    os._exit(1)


def run() -> None:
    """Work until told to stop; Django must be set up."""
    from tongban.base import jobs, outbox

    jobs.be_patient()
    stopped = threading.Event()
    relay = threading.Thread(target=relay_until, args=(stopped, outbox.relay), name="relay", daemon=True)
    relay.start()
    _log.info("Worker ready.")
    try:
        asyncio.run(_work())
    finally:
        stopped.set()
        last_resort = threading.Timer(_GRACE_S_MAX - _GRACE_S, _end_for_certain)
        last_resort.daemon = True
        last_resort.start()
        relay.join(_GRACE_S_MAX - _GRACE_S)
