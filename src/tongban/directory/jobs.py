"""Periodic work of the directory."""

from procrastinate.contrib.django import app

from tongban.base import moment
from tongban.directory import commands
from tongban.kernel.actor import SYSTEM


# Five past midnight in Shanghai; the schedule counts in UTC.
@app.periodic(cron="5 16 * * *")
@app.task(name="directory.put_names_in_force", pass_context=False)
def put_names_in_force(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands the planned time to every periodic task
    """Show the names of organisations that are in force from today."""
    commands.put_names_in_force(actor=SYSTEM, on=moment.today())
