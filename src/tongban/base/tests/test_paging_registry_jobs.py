from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from tongban.base import jobs, moment, registry
from tongban.base.models import CalendarDay, Counter, Delivery, IdempotencyKey, RateWindow
from tongban.base.paging import page
from tongban.kernel.problems import Invalid

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.mark.django_db
@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=25
)
@given(
    values=st.lists(st.integers(0, 4), max_size=25),
    order=st.sampled_from([("value", "id"), ("-value", "id"), ("value", "-id"), ("-value", "-id"), ("-pk",)]),
    size=st.integers(1, 7),
)
def test_pages_show_every_row_once_forwards_and_back(values, order, size):
    with transaction.atomic():
        Counter.objects.bulk_create(Counter(series=f"s{n}", value=value) for n, value in enumerate(values))
        whole = list(Counter.objects.order_by(*order))
        pages, cursor = [], None
        while True:
            here = page(Counter.objects.all(), order=order, cursor=cursor, size=size)
            pages.append(here)
            cursor = here.next
            if cursor is None:
                break
        assert [row for here in pages for row in here.items] == whole
        assert pages[0].previous is None
        back, cursor = [pages[-1].items], pages[-1].previous
        while cursor:
            here = page(Counter.objects.all(), order=order, cursor=cursor, size=size)
            back.insert(0, here.items)
            cursor = here.previous
        assert [row for items in back for row in items] == whole
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_pages_by_date_work_and_foreign_cursors_are_refused(django_assert_num_queries):
    with django_assert_num_queries(1):
        first = page(CalendarDay.objects.all(), order=("-date", "id"), size=3)
    second = page(CalendarDay.objects.all(), order=("-date", "id"), cursor=first.next, size=3)
    assert first.items[-1].date > second.items[0].date
    for cursor, order in (("abc", ("-date", "id")), (first.next, ("id",)), (first.next, ("is_workday", "date"))):
        with pytest.raises(Invalid):
            page(CalendarDay.objects.all(), order=order, cursor=cursor)


class Thing:
    pass


def test_a_registry_takes_only_its_kind_and_each_key_once(monkeypatch):
    monkeypatch.setattr(registry, "_all", {})
    monkeypatch.setattr(registry, "_frozen", [])
    things: registry.Registry[Thing] = registry.Registry("test.things", Thing, required=True)
    assert registry.check() == ["登记处 test.things 为空：没有任何功能模块登记"]
    one = things.register("one", Thing())
    things.register("one", one)
    things.register("a class", type("Sub", (Thing,), {}))  # type: ignore[arg-type]
    for key, thing, error in (("two", "text", TypeError), ("one", Thing(), ValueError), ("two", str, TypeError)):
        with pytest.raises(error):
            things.register(key, thing)  # type: ignore[arg-type]
    assert (list(things), things["one"], things.get("two"), "one" in things, len(things)) == (
        ["a class", "one"],
        one,
        None,
        True,
        2,
    )
    assert [key for key, _ in things.items()] == ["a class", "one"]
    assert len(things.values()) == 2
    assert registry.check() == []
    assert [item.name for item in registry.all_registries()] == ["test.things"]
    with pytest.raises(ValueError, match="exists"):
        registry.Registry("test.things", Thing)
    registry.freeze()
    with pytest.raises(RuntimeError, match="closed"):
        things.register("late", Thing())


def test_a_job_is_queued_with_its_transaction_only(live_database):
    def fail():
        with transaction.atomic():
            jobs.defer(jobs.seal_days, timestamp=1)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert not ProcrastinateJob.objects.exists()
    with transaction.atomic():
        jobs.defer(jobs.clean, in_s=60, lock="x", timestamp=1)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.lock, job.args) == ("base.clean", "x", {"timestamp": 1})
    assert job.scheduled_at > moment.now()


def test_only_passing_failures_are_tried_again_and_not_for_ever():
    job: Any = SimpleNamespace(attempts=0)
    assert jobs.CALL_OUT.get_retry_decision(exception=jobs.FinalError(), job=job) is None
    assert jobs.CALL_OUT.get_retry_decision(exception=ValueError(), job=job) is None
    waits = []
    for job.attempts in range(12):
        decision = jobs.CALL_OUT.get_retry_decision(exception=jobs.RetryableError(), job=job)
        at = decision and decision.retry_at
        waits.append(at and round((at - datetime.now(UTC)).total_seconds()))
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, None, None, None]


@pytest.mark.django_db
def test_jobs_of_a_killed_worker_are_queued_again_unless_hopeless_or_doubled():
    for task, attempts in ((jobs.clean, 0), (jobs.warn_calendar, 20), (jobs.seal_days, 0)):
        jobs.defer(task, timestamp=1)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE task_name = %s",
                [attempts, task.name],
            )
    jobs.defer(jobs.seal_days, timestamp=2)
    assert jobs.revive_stalled_jobs() == 1
    found = sorted(ProcrastinateJob.objects.values_list("task_name", "status"))
    assert found == [
        ("base.clean", "todo"),
        ("base.seal_days", "failed"),
        ("base.seal_days", "todo"),
        ("base.warn_calendar", "failed"),
    ]
    assert [text.split()[1] for text in jobs.problems()] == ["base.seal_days", "base.warn_calendar"]
    assert jobs.revive_stalled_jobs() == 0


@pytest.mark.django_db
def test_periodic_jobs_run_and_cleaning_leaves_what_is_needed(freeze):
    for name, age in (("old", 8), ("new", 6)):
        IdempotencyKey.objects.create(owner="o", key=name, request_hash=b"x", created_at=AT - timedelta(days=age))
        RateWindow.objects.create(
            bucket="b",
            key_index=name.encode(),
            window_start=AT,
            expires_at=AT + timedelta(days=7 - age, hours=1),
            count=1,
        )
    with freeze(AT):
        for task in (jobs.relay_outbox, jobs.seal_days, jobs.warn_calendar, jobs.revive_jobs, jobs.clean):
            task(timestamp=1)
    assert IdempotencyKey.objects.get().key == "new"
    assert bytes(RateWindow.objects.get().key_index) == b"new"
    assert not Delivery.objects.exists()


def test_the_clock_stops_for_everybody_and_goes_on_again():
    with moment.freeze(AT):
        assert moment.now() == AT
        with moment.freeze(AT.replace(hour=17)):
            assert moment.today().day == 25
        assert moment.now() == AT
    assert moment.now() != AT
    assert moment.start_of(moment.today()) <= moment.now() < moment.end_of(moment.today())
    with pytest.raises(ValueError, match="aware"), moment.freeze(AT.replace(tzinfo=None)):
        pass


def test_no_job_is_to_blame_for_a_database_that_restarts():
    patient = jobs.Patient(jobs.CALL_OUT)
    job: Any = SimpleNamespace(attempts=0)
    waits = []
    for job.attempts in (0, 1, 9, 18, 19):
        decision = patient.get_retry_decision(exception=OperationalError(), job=job)
        waits.append(decision and decision.retry_at and round((decision.retry_at - datetime.now(UTC)).total_seconds()))
    assert waits == [1, 2, 300, 300, None]
    job.attempts = 0
    assert patient.get_retry_decision(exception=jobs.RetryableError(), job=job) is not None
    assert patient.get_retry_decision(exception=ValueError(), job=job) is None
    assert jobs.Patient(None).get_retry_decision(exception=ValueError(), job=job) is None


def test_the_worker_makes_every_job_patient_that_does_not_come_again_by_itself(monkeypatch):
    for task in jobs.app.tasks.values():
        monkeypatch.setattr(task, "retry_strategy", task.retry_strategy)
    jobs.be_patient()
    jobs.be_patient()
    patient = {name for name, task in jobs.app.tasks.items() if isinstance(task.retry_strategy, jobs.Patient)}
    assert patient == {name for name, task in jobs.app.tasks.items() if task.queueing_lock is None}
    assert {"documents.render", "notices.carry_out"} <= patient
    own = jobs.app.tasks["notices.carry_out"].retry_strategy
    assert isinstance(own, jobs.Patient)
    assert own.own is jobs.CALL_OUT
