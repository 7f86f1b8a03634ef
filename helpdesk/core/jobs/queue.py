"""Looking into the queue, and running it in the foreground (commands, tests). The worker proper is elsewhere."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from helpdesk.core import clock
from helpdesk.core.jobs.registry import RetryLater

WORKER = "worker"  # the name of its heartbeat


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that has not begun. `at` is the earliest time, None for at once."""

    id: int
    name: str
    arguments: dict[str, Any]
    at: datetime | None


def waiting(name: str = "") -> list[Waiting]:
    """The jobs that wait, of one name or all, in the order in which they would run. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, task_name, args::text::jsonb, scheduled_at from procrastinate_jobs"
            " where status = 'todo' and (%s = '' or task_name = %s) order by priority desc, id",
            [name, name],
        )
        return [Waiting(row[0], row[1], _decoded(row[2]), row[3]) for row in cursor.fetchall()]


def run_waiting(*, at: datetime | None = None, most: int = 1000) -> int:
    """Run here and now, one after another, what waits until `at` (default: now), also what these jobs queue.

    A job that wants to run later stays queued; an error of a job is raised. Returns how many ran.
    """
    ran = 0
    postponed: set[int] = set()
    while ran < most:
        moment = at or clock.now()
        due = [job for job in waiting() if job.id not in postponed and (job.at is None or job.at <= moment)]
        if not due:
            break
        job = due[0]
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where id = %s and status = 'todo'", [job.id])
            if not cursor.rowcount:
                continue
        try:
            app.tasks[job.name](**job.arguments)
        except RetryLater as wish:
            app.configure_task(name=job.name, schedule_at=moment + wish.wait).defer(**job.arguments)
            postponed.update(again.id for again in waiting(job.name) if again.arguments == job.arguments)
        ran += 1
    return ran


def last_seen() -> timedelta | None:
    """How long ago a worker was alive, by the database's clock; None if never."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp() - at from core_heartbeat where name = %s", [WORKER])
        row = cursor.fetchone()
    return row[0] if row else None


def _decoded(value: Any) -> dict[str, Any]:
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)
