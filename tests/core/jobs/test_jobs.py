"""Queueing with the rows, once, later, many; running in the foreground; the worker as it takes and takes over."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from helpdesk.core import clock, jobs
from helpdesk.core.jobs import registry, worker

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ran: list[tuple] = []


@pytest.fixture(scope="module", autouse=True)
def _known():
    """Two jobs and a duty, known for this module only."""

    def record(number: int, text: str = "") -> None:
        ran.append((number, text))

    def later(number: int) -> None:
        ran.append((number,))
        raise jobs.RetryLater(timedelta(hours=1))

    before = set(app.tasks)
    for function in (record, later):
        function.__module__ = "helpdesk.trial.tasks"
        jobs.task(retries=3)(function)
    yield
    for name in set(app.tasks) - before:
        del app.tasks[name]


@pytest.fixture(autouse=True)
def _no_job_of_other_tests(db):
    """The queue's tables belong to no model of Django's, so that emptying the database leaves them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


@pytest.mark.django_db
def test_defer_waits_and_runs_in_order():
    assert jobs.defer("trial.record", number=1, text="«ё»")
    assert jobs.defer("trial.record", number=2)
    assert [(job.name, job.arguments, job.at) for job in jobs.waiting()] == [
        ("trial.record", {"number": 1, "text": "«ё»"}, None),
        ("trial.record", {"number": 2}, None),
    ]
    assert jobs.run_waiting() == 2
    assert ran == [(1, "«ё»"), (2, "")]
    assert jobs.waiting() == []


@pytest.mark.django_db
def test_defer_at_waits_until_then():
    jobs.defer("trial.record", number=1, at=NOON)
    assert jobs.run_waiting(at=NOON - timedelta(seconds=1)) == 0
    with clock.stopped(NOON):
        assert jobs.run_waiting() == 1


@pytest.mark.django_db
def test_defer_once_leaves_the_transaction_usable():
    assert jobs.defer("trial.record", number=1, once="record:1") is True
    assert jobs.defer("trial.record", number=1, once="record:1") is False
    assert jobs.defer("trial.record", number=2, once="record:2") is True
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    assert len(jobs.waiting("trial.record")) == 2


@pytest.mark.django_db
def test_defer_many_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert jobs.defer_many("trial.record", ({"number": number} for number in range(50))) == 50
    assert len(jobs.waiting()) == 50
    assert jobs.defer_many("trial.record", []) == 0


@pytest.mark.django_db
def test_retry_later_stays_queued():
    jobs.defer("trial.later", number=7)
    with clock.stopped(NOON):
        assert jobs.run_waiting() == 1
        [job] = jobs.waiting()
    assert job.at == NOON + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_no_job():
    with transaction.atomic():
        jobs.defer("trial.record", number=1)
        transaction.set_rollback(True)
    assert jobs.waiting() == []


def test_names_are_short_and_stable():
    assert registry.name_of(registry.defer) == "core.jobs.registry.defer"


def test_patience_grows_and_ends():
    class Attempted:
        attempts = 0

    patience = registry._Patience(3)
    waits = []
    for Attempted.attempts in range(3):
        decision = patience.get_retry_decision(exception=OSError(), job=Attempted)
        waits.append(round((decision.retry_at - datetime.now(UTC)).total_seconds()))
    assert waits == [10, 40, 160]
    Attempted.attempts = 3
    assert patience.get_retry_decision(exception=OSError(), job=Attempted) is None


def _work(seconds: float, until) -> None:
    """Run the worker here until the condition holds, at most so long."""

    async def bounded():
        task = asyncio.create_task(worker._run(worker._Pulse(60), concurrency=2, grace=5))
        await asyncio.to_thread(_wait, until, seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(bounded())


def _wait(condition, seconds):
    end = time.monotonic() + seconds
    try:
        while not condition() and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_worker_runs_jobs_shows_life_and_keeps_no_done_ones():
    jobs.defer("trial.record", number=1)
    ours = (
        "select 1 from procrastinate_jobs where task_name = 'trial.record'"  # a duty of the minute may come beside it
    )
    _work(15, lambda: ran and not _rows(ours))
    assert ran == [(1, "")]
    assert jobs.last_seen() < timedelta(seconds=20)
    assert not _rows(ours)


@pytest.mark.django_db(transaction=True)
def test_worker_takes_over_what_a_dead_one_had_begun():
    jobs.defer("trial.record", number=3)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
        )
        [dead] = cursor.fetchone()
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s, attempts = 1", [dead])
    _work(15, lambda: bool(ran))
    assert ran == [(3, "")]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_dead_worker_that_waits_already_holds_up_no_other(caplog):
    jobs.defer("trial.record", number=4, once="record:4")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
        )
        [dead] = cursor.fetchone()
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s, attempts = 1", [dead])
        later = clock.now() + timedelta(days=1)
        jobs.defer("trial.record", number=4, once="record:4", at=later)  # what it was about is to be done again
        jobs.defer("trial.record", number=5)
        cursor.execute(
            "update procrastinate_jobs set status = 'doing', worker_id = %s, attempts = 1 where args->>'number' = '5'",
            [dead],
        )
    ours = "select status::text from procrastinate_jobs where task_name = 'trial.record'"
    _work(15, lambda: bool(ran) and len(_rows(ours)) == 1)
    assert (ran, _rows(ours)) == ([(5, "")], [("todo",)])
    assert "could not be taken over" not in caplog.text


def _rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
