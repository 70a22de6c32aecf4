"""Background work of the notices room."""

from procrastinate.contrib.django import app

from tongban.base.jobs import CALL_OUT
from tongban.notices import commands


@app.task(name="notices.carry_out", retry=CALL_OUT)
def carry_out(dispatch_id: int) -> None:
    """Send one message by one channel; tried again while the partner cannot be reached."""
    commands.dispatch_now(dispatch_id=dispatch_id)
