"""Periodic work of the room."""

import logging

from procrastinate.contrib.django import app

from tongban.base.jobs import CALL_OUT, defer
from tongban.cases import commands
from tongban.kernel.problems import Refusal
from tongban.partners.problems import PartnerRefusedError

logger = logging.getLogger(__name__)

#: Minutes without news after which the other system is asked for it.
_ASK_MINUTES = 10


# Cron lines are UTC: 16:20 is 00:20 in Shanghai.
@app.periodic(cron="20 16 * * *", periodic_id="cases.successors")
@app.task(name="cases.move_to_successors", queueing_lock="cases.move_to_successors")
def move_to_successors(timestamp: int) -> None:
    """Give running cases of bodies that ended to those that act for them, on the day a reform takes force."""
    del timestamp
    commands.move_to_successors()


@app.periodic(cron="30 16 * * *", periodic_id="cases.unanswered")  # 00:30 in Shanghai
@app.task(name="cases.show_unanswered", queueing_lock="cases.show_unanswered")
def show_unanswered(timestamp: int) -> None:
    """Put cases whose term to complete has passed back into the inboxes of reception."""
    del timestamp
    commands.show_unanswered()


@app.periodic(cron="10 18 * * *", periodic_id="cases.forget_drafts")  # 02:10 in Shanghai
@app.task(name="cases.forget_drafts", queueing_lock="cases.forget_drafts")
def forget_drafts(timestamp: int) -> None:
    """Forget drafts and uploads that nobody came back for."""
    del timestamp
    commands.forget_drafts()


@app.task(name="cases.make_exchange_batch")
def make_exchange_batch(number: str) -> None:
    """Make a batch for the exchange; after a crash it goes on where it stopped."""
    commands.make_batch(number=number)


@app.periodic(cron="30 17 * * *", periodic_id="cases.exchange")  # 01:30 in Shanghai
@app.task(name="cases.order_exchange_batches", queueing_lock="cases.order_exchange_batches")
def order_exchange_batches(timestamp: int) -> None:
    """Report what changed, for every reach that was begun once."""
    del timestamp
    commands.order_due_batches()


@app.periodic(cron="40 18 * * *", periodic_id="cases.forget_looks")  # 02:40 in Shanghai
@app.task(name="cases.forget_looks", queueing_lock="cases.forget_looks")
def forget_looks(timestamp: int) -> None:
    """Forget who had which case open."""
    del timestamp
    commands.forget_looks()


@app.periodic(cron="*/10 * * * *", periodic_id="cases.resume_exchange")
@app.task(name="cases.resume_exchange_batches", queueing_lock="cases.resume_exchange_batches")
def resume_exchange_batches(timestamp: int) -> None:
    """Go on with batches whose worker died."""
    del timestamp
    commands.resume_batches()


@app.task(name="cases.hand_over", retry=CALL_OUT)
def hand_over(case_no: str) -> None:
    """Hand a case over to the system in which its item is run."""
    commands.hand_over(case_no=case_no)


@app.task(name="cases.ask_for_reports")
def ask_for_reports(case_no: str) -> None:
    """Ask that system what it has reported of a case."""
    try:
        commands.ask_for_reports(case_no=case_no)
    except (PartnerRefusedError, Refusal):
        logger.exception("%s: the system in which it is run gives no answer that can be used", case_no)


@app.periodic(cron="*/5 * * * *", periodic_id="cases.follow_hand_overs")
@app.task(name="cases.follow_hand_overs", queueing_lock="cases.follow_hand_overs")
def follow_hand_overs(timestamp: int) -> None:
    """Every five minutes: queue again what nobody took, and ask where nothing was asked for ten minutes."""
    del timestamp
    commands.follow_hand_overs()
    for case_no in commands.to_be_asked(_ASK_MINUTES):
        defer(ask_for_reports, lock=f"cases.ask_for_reports:{case_no}", case_no=case_no)


@app.periodic(cron="10,40 * * * *", periodic_id="cases.follow_parcels")
@app.task(name="cases.follow_parcels", queueing_lock="cases.follow_parcels")
def follow_parcels(timestamp: int) -> None:
    """Ask the post where the parcels are; what was signed for is served, what came back is to be delivered again."""
    del timestamp
    commands.follow_parcels()


@app.periodic(cron="45 18 * * *", periodic_id="cases.archive_due")  # 02:45 in Shanghai
@app.task(name="cases.archive_due", queueing_lock="cases.archive_due")
def archive_due(timestamp: int) -> None:
    """Archive cases that have been over and served for the configured days."""
    del timestamp
    commands.archive_due()


@app.periodic(cron="15 16 * * *", periodic_id="cases.end_notices")  # 00:15 in Shanghai
@app.task(name="cases.end_notices", queueing_lock="cases.end_notices")
def end_notices(timestamp: int) -> None:
    """Serve what public notices were about whose term ended yesterday."""
    del timestamp
    commands.end_notices()
