"""Background and periodic work: deferring, retrying calls out, and the room's own periodic jobs.

Cron lines are read in UTC; a sixth field counts seconds.
"""

import json
import logging
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.tasks import Task

from tongban.base import calendar, moment, outbox, seals, writing
from tongban.base.models import Delivery, IdempotencyKey, RateWindow

__all__ = ["CALL_OUT", "FinalError", "RetryCallsOut", "RetryableError", "app", "be_patient", "defer"]

logger = logging.getLogger(__name__)

_ROWS_MAX = 20_000
_RELAY_ROUNDS_MAX = 50
_JOBS_KEPT_HOURS = 7 * 24
_ATTEMPTS_MAX = 20


class RetryableError(Exception):
    """A call out failed in a way that may pass: time out, refused connection, 5xx, 429."""


class FinalError(Exception):
    """A call out failed in a way that trying again cannot mend: 4xx, a wrong signature, a number that is none."""


class RetryCallsOut(BaseRetryStrategy):
    """Retries jobs on `RetryableError` only, waiting 10 s, 20 s, 40 s … up to an hour, `attempts_max` times."""

    def __init__(self, *, attempts_max: int = 10, first_wait_s: int = 10, wait_s_max: int = 3_600) -> None:
        self.attempts_max = attempts_max
        self.first_wait_s = first_wait_s
        self.wait_s_max = wait_s_max

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Say when to try again; None gives the job up as failed."""
        if not isinstance(exception, RetryableError) or job.attempts + 1 >= self.attempts_max:
            return None
        wait_s = min(self.first_wait_s * 2**job.attempts, self.wait_s_max)
        return RetryDecision(retry_in={"seconds": wait_s})


class Patient(BaseRetryStrategy):
    """Tries a job again that met the database while it restarted, whatever else the job is tried again for."""

    def __init__(self, own: BaseRetryStrategy | None) -> None:
        self.own = own

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Say when to try again: after 1 s, 2 s, 4 s … up to five minutes; else as the job itself says."""
        if isinstance(exception, OperationalError | InterfaceError) and job.attempts + 1 < _ATTEMPTS_MAX:
            return RetryDecision(retry_in={"seconds": min(2**job.attempts, 300)})
        return self.own.get_retry_decision(exception=exception, job=job) if self.own else None


def be_patient() -> None:
    """Make every job patient, as the worker begins; periodic ones come again by themselves."""
    for task in app.tasks.values():
        if task.queueing_lock is None and not isinstance(task.retry_strategy, Patient):
            task.retry_strategy = Patient(task.retry_strategy)


#: How jobs that call other systems are retried: `@app.task(retry=CALL_OUT)`.
CALL_OUT = RetryCallsOut()


def defer(task: "Task[Any, Any, Any]", *, in_s: int | None = None, lock: str | None = None, **kwargs: Any) -> None:
    """Queue a job in the caller's transaction: no commit, no job. `in_s` waits, `lock` runs one at a time.

    Give references (keys, numbers), never personal data: jobs are stored in clear.
    """
    gathering = writing.current()
    if gathering is not None and in_s is None:
        gathering.jobs.append(
            writing.Job(task.queue, task.name, task.priority, lock or task.lock, task.queueing_lock, json.dumps(kwargs))
        )
        return
    options: dict[str, Any] = {}
    if in_s is not None:
        options["schedule_in"] = {"seconds": in_s}
    if lock is not None:
        options["lock"] = lock
    task.configure(**options).defer(**kwargs)


@app.periodic(cron="* * * * * */5")
@app.task(name="base.relay_outbox", queueing_lock="base.relay_outbox")
def relay_outbox(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
    """Tell the consumers what happened, every five seconds."""
    for _ in range(_RELAY_ROUNDS_MAX):
        if outbox.relay() < 100:
            return


@app.periodic(cron="5 * * * *")
@app.task(name="base.seal_days", queueing_lock="base.seal_days")
def seal_days(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
    """Seal the day that is over (five past midnight in Shanghai) and, looking every hour, what was missed."""
    for seal in seals.seal_missed_days():
        logger.info("sealed %s: %s chains, %s changed", seal.day, seal.chains, seal.changed)


@app.periodic(cron="30 0 * * *")  # 08:30 in Shanghai
@app.task(name="base.warn_calendar", queueing_lock="base.warn_calendar")
def warn_calendar(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
    """Say in the log that the working-day calendar runs out (the desk and the doctor show it too)."""
    warning = calendar.coverage_warning()
    if warning:
        logger.warning(warning)


@app.periodic(cron="* * * * *")
@app.task(name="base.revive_jobs", queueing_lock="base.revive_jobs")
def revive_jobs(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
    """Queue again, every minute, what a worker was doing when it was killed."""
    revived = revive_stalled_jobs()
    if revived:
        logger.warning("queued %s jobs of killed workers again", revived)


@app.periodic(cron="40 19 * * *")  # 03:40 in Shanghai
@app.task(name="base.clean", queueing_lock="base.clean")
def clean(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
    """Remove what nobody needs any more: finished jobs, delivered messages, old rates and request keys."""
    logger.info("cleaned %s rows", clean_old_rows())


def revive_stalled_jobs() -> int:
    """Queue the jobs of workers that have died again; say how many.

    A job that was tried 20 times (it may be what kills the workers), or whose twin waits in the queue already, is set
    down as failed.
    """
    revived = 0
    for job in async_to_sync(app.job_manager.get_stalled_jobs)():
        try:
            if job.attempts >= _ATTEMPTS_MAX:
                raise FinalError(job.task_name)
            with transaction.atomic():
                async_to_sync(app.job_manager.retry_job)(job)
            revived += 1
        except (FinalError, ConnectorException):
            logger.exception("job %s of %s is given up", job.id, job.task_name)
            async_to_sync(app.job_manager.finish_job)(job, status=Status.FAILED, delete_job=False)
    return revived


def problems() -> list[str]:
    """Say in words which jobs failed for good (for the doctor); empty if none did."""
    failed = ProcrastinateJob.objects.filter(status="failed").values("task_name").annotate(times=Count("id"))
    return [
        f"后台任务 {row['task_name']} 有 {row['times']} 次失败：请查看日志后重新执行"
        for row in failed.order_by("task_name")[:50]
    ]


def clean_old_rows() -> int:
    """Delete finished jobs (7 days), deliveries (30), spent rates and request keys (7).

    At most 20,000 rows of each of our own tables a run; failed jobs stay until somebody has looked at them.
    """
    now = moment.now()
    old = (
        RateWindow.objects.filter(expires_at__lt=now),
        IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=7)),
        Delivery.objects.filter(state=Delivery.State.DONE, done_at__lt=now - timedelta(days=30)),
    )
    removed = 0
    for rows in old:
        bite = list(rows.order_by("pk").values_list("pk", flat=True)[:_ROWS_MAX])
        removed += rows.model._default_manager.filter(pk__in=bite).delete()[0]
    async_to_sync(app.job_manager.delete_old_jobs)(
        nb_hours=_JOBS_KEPT_HOURS, include_cancelled=True, include_aborted=True
    )
    return removed
