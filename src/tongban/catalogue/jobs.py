"""Periodic work of the room."""

import time

from procrastinate.contrib.django import app

from tongban.base import moment
from tongban.catalogue import commands


@app.periodic(cron="* * * * *", periodic_id="catalogue.issue_due")
@app.task(name="catalogue.issue_due", queueing_lock="catalogue.issue_due")
def issue_due(timestamp: int) -> None:
    """Put approved changes in force at the second that they name; what was missed comes first."""
    del timestamp
    issue()


@app.task(name="catalogue.issue_soon")
def issue_soon() -> None:
    """The same, for a change approved less than a minute before its time."""
    issue()


def issue() -> None:
    """Wait for the time of each change that falls due before the clock comes again, and put it in force."""
    for number, at in commands.due_changes():
        wait_s = (at - moment.now()).total_seconds()
        if wait_s > 0:
            time.sleep(wait_s)
        commands.issue_due(number)
