"""How a function becomes a job, and how a job is queued."""

import functools
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

import procrastinate
from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

P = ParamSpec("P")
R = TypeVar("R")
Function = TypeVar("Function", bound=Callable[..., object])

_LONGEST_WAIT = timedelta(hours=2)
_PRIORITY_OF_PERIODIC = 10


class RetryLater(Exception):
    """Raised by a job that could not do its work now: it runs again after `wait`, whatever its retries."""

    def __init__(self, wait: timedelta, reason: str = "") -> None:
        super().__init__(reason or f"again in {wait}")
        self.wait = wait


class _Patience(procrastinate.BaseRetryStrategy):
    """Again after 10 s, 40 s, 2 min 40 s … two hours at most, `retries` times."""

    def __init__(self, retries: int) -> None:
        self.retries = retries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        if isinstance(exception, RetryLater):
            wait = exception.wait
        elif job.attempts >= self.retries:
            return None
        else:
            wait = min(timedelta(seconds=10 * 4**job.attempts), _LONGEST_WAIT)
        return procrastinate.RetryDecision(retry_at=datetime.now(UTC) + wait)


def name_of(function: Callable[..., object]) -> str:
    """The stable name of a job: `helpdesk.mail.tasks.send` is "mail.send"."""
    module = function.__module__.removeprefix("helpdesk.").removesuffix(".tasks").replace(".tasks.", ".")
    return f"{module}.{function.__name__}"


def task(*, retries: int = 0, priority: int = 0, lock: str | None = None) -> Callable[[Function], Function]:
    """Make a function a job that the worker can run. It must take JSON values only and bear being run twice.

    Higher `priority` first; jobs with the same `lock` run one after another. The function itself stays callable.
    """

    def register(function: Function) -> Function:
        app.task(name=name_of(function), retry=_Patience(retries), priority=priority, lock=lock)(function)
        return function

    return register


def periodic(cron: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Make a function a duty that the worker runs by the clock (five cron fields, UTC; a sixth for seconds).

    A run that would begin while the one before waits is left out, and two never run at once.
    """

    def register(function: Callable[[], object]) -> Callable[[], object]:
        name = name_of(function)

        @functools.wraps(function)
        def at_time(timestamp: int) -> None:
            del timestamp
            function()

        made = app.task(name=name, queueing_lock=name, lock=name, priority=_PRIORITY_OF_PERIODIC)(at_time)
        app.periodic(cron=cron)(cast("Any", made))
        return function

    return register


def defer(job: str | Callable[..., object], /, *, at: datetime | None = None, once: str = "", **arguments: Any) -> bool:
    """Queue a job within the present transaction: it exists if that commits. `at` is the earliest time (aware).

    `once` is a key of which one job waits at a time: False, and nothing changed, if one is waiting already.
    """
    options: dict[str, Any] = {"queueing_lock": once or None}
    if at is not None:
        options["schedule_at"] = at
    configured = app.configure_task(name=job if isinstance(job, str) else name_of(job), **options)
    if not once:
        configured.defer(**arguments)
        return True
    try:
        with transaction.atomic():  # a savepoint: a key that is taken must not abort the whole
            configured.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def defer_many(job: str | Callable[..., object], arguments: Iterable[Mapping[str, Any]], /) -> int:
    """Queue one job for each set of arguments, in one statement; returns how many."""
    rows = [dict(row) for row in arguments]
    if rows:
        app.configure_task(name=job if isinstance(job, str) else name_of(job)).batch_defer(*rows)
    return len(rows)
