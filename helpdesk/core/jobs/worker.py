"""The worker: runs jobs and duties until told to stop, shows that it lives, takes over jobs of dead workers."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time

from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as registered
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from helpdesk.core.away import is_away
from helpdesk.core.jobs.queue import WORKER

logger = logging.getLogger("helpdesk.worker")

HEARTBEAT = 3.0  # seconds between signs of life
DEAD_AFTER = 15.0  # seconds without one
ATTEMPTS_OF_A_KILLER = 5  # so often may a job be running while its worker dies
KEPT_HOURS = 30 * 24
SILENCE = 60.0  # seconds without a sign of life, after which a worker is taken for hung
SILENT = 70  # exit code of such a one


def run(*, concurrency: int = 3, grace: float = 20.0, silence: float = SILENCE) -> bool:
    """Work until SIGTERM or SIGINT, then True. Running jobs get `grace` seconds to end.

    False when the database was lost: whoever runs the worker waits for it and runs the worker anew. Ends the process
    (exit code SILENT) where nothing was heard of the worker for `silence` seconds.
    """
    pulse = _Pulse(silence)
    pulse.watch()
    try:
        return asyncio.run(_until_ordered(pulse, concurrency=concurrency, grace=grace))
    except Exception as error:
        if not is_away(error):
            raise
        return False
    finally:
        pulse.stop()  # whoever waits for the database from here on is no worker that hangs
        connections.close_all()


async def _until_ordered(pulse: _Pulse, *, concurrency: int, grace: float) -> bool:
    """Whether it ended because it was asked to: a worker that has lost the database may end without an error."""
    work = asyncio.create_task(_run(pulse, concurrency=concurrency, grace=grace))
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return True
    return False


async def _run(pulse: _Pulse, *, concurrency: int, grace: float) -> None:
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=10)
    # jobs that queue jobs do so through Django's connection, hence an app of its own for the worker's traffic
    app = App(connector=connector, worker_defaults=registered.worker_defaults)
    app.tasks = registered.tasks
    app.periodic_registry = registered.periodic_registry
    async with app.open_async():
        helpers = [asyncio.create_task(_show_life(app, pulse)), asyncio.create_task(_take_over(app))]
        try:
            await app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs="successful",
                fetch_job_polling_interval=5.0,
                shutdown_graceful_timeout=grace,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
            )
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            await sync_to_async(connections.close_all)()  # that of the thread in which duties are queued


async def _show_life(app: App, pulse: _Pulse) -> None:
    """Write the row that readiness and the doctor read."""
    while True:
        try:
            await app.connector.execute_query_async(
                "insert into core_heartbeat (name, at) values (%(name)s, clock_timestamp())"
                " on conflict (name) do update set at = excluded.at",
                name=WORKER,
            )
            pulse.beat()
        except Exception as error:
            if not is_away(error):  # which ends the worker, and is told once
                logger.warning("No sign of life could be written: %s", error)
        await asyncio.sleep(HEARTBEAT)


async def _take_over(app: App) -> None:
    """Queue again what a dead worker had begun; forget old failures once an hour."""
    rounds = 0
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
                await _again(app, job)
            if rounds % 360 == 0:
                await app.job_manager.delete_old_jobs(
                    nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
                )
        except Exception as error:
            if not is_away(error):
                logger.warning("Jobs of dead workers could not be taken over: %s", error)
        rounds += 1
        await asyncio.sleep(10)


async def _again(app: App, job: Job) -> None:
    """Queue a dead worker's job again; whatever hinders one hinders none of the others."""
    if job.attempts >= ATTEMPTS_OF_A_KILLER:
        logger.error("Job %s %s: its worker died %d times, given up", job.id, job.task_name, job.attempts)
        await app.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
        return
    try:
        await app.job_manager.retry_job(job=job)
    except UniqueViolation:  # the same work waits already (`once`): that will do it
        logger.warning("Job %s %s: its worker died, another one like it waits", job.id, job.task_name)
        await app.job_manager.finish_job(job=job, status=Status.ABORTED, delete_job=True)
    else:
        logger.warning("Job %s %s: its worker died, queued again", job.id, job.task_name)


class _Pulse:
    """When the worker last showed that it lives. One that does not any more, and does not end either, is ended:
    whoever runs it begins a new one, and no letter waits for somebody to notice."""

    def __init__(self, most: float) -> None:
        self._most, self._last = most, time.monotonic()
        self._over = threading.Event()

    def beat(self) -> None:
        """It lives."""
        self._last = time.monotonic()

    def watch(self) -> None:
        """Look on from a thread of its own until `stop`. Twice in a row, so that a process that was held
        for a while may beat first."""
        threading.Thread(target=self._watch, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """The work has come to its end."""
        self._over.set()

    def _watch(self) -> None:
        silent = 0
        while silent < 2:
            if self._over.wait(self._most / 10):
                return
            silent = silent + 1 if time.monotonic() - self._last > self._most else 0
        logger.error("The worker has shown no sign of life for %d seconds: it is ended", self._most)
        os._exit(SILENT)
