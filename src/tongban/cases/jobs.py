"""Periodic work of the room."""

from procrastinate.contrib.django import app

from tongban.cases import commands


# Cron lines are UTC: 16:20 is 00:20 in Shanghai.
@app.periodic(cron="20 16 * * *", periodic_id="cases.successors")
@app.task(name="cases.move_to_successors", queueing_lock="cases.move_to_successors")
def move_to_successors(timestamp: int) -> None:
    """Give running cases of bodies that ended to those that act for them, on the day a reform takes force."""
    del timestamp
    commands.move_to_successors()
