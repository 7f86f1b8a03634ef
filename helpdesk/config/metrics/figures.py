"""What lies in the database, counted when it is asked for: jobs, letters, the worker's sign of life, requests."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import Error, connection
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import helpdesk
from helpdesk.config.keeping import last
from helpdesk.core import jobs

_STILL_MOVING = 10_000  # ids below the newest by so many are surely committed: they are counted once
_JOB_STATES = {"todo": "waiting", "doing": "running", "failed": "failed"}


class Figures(Collector):
    """Asks the database anew with each collection; without a database says that it is down."""

    def __init__(self) -> None:
        self._counted_to = 0
        self._counted = 0

    def collect(self) -> Iterable[Metric]:
        """All figures, in some short statements."""
        build = GaugeMetricFamily("helpdesk_build", "The version that runs.", labels=["version"])
        build.add_metric([helpdesk.__version__], 1)
        yield build
        try:
            figures = [*self._queue(), *self._outbox(), *self._backup(), *self._rest()]
        except Error:
            figures = []
        yield GaugeMetricFamily("helpdesk_database_up", "Whether the database answers.", value=float(bool(figures)))
        yield from figures

    def _queue(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("helpdesk_jobs", "Jobs by task and state.", labels=["task", "state"])
        for task, state, count in _rows(
            "select task_name, status::text, count(*) from procrastinate_jobs"
            " where status in ('todo', 'doing', 'failed') group by 1, 2"
        ):
            family.add_metric([str(task), _JOB_STATES[str(state)]], float(str(count)))
        yield family
        if (age := jobs.last_seen()) is not None:
            yield GaugeMetricFamily(
                "helpdesk_worker_age_seconds", "Since the worker's last sign of life.", value=age.total_seconds()
            )

    def _backup(self) -> Iterator[Metric]:
        if (age := last.age()) is not None:
            yield GaugeMetricFamily(
                "helpdesk_backup_age_seconds", "Since the last backup was made.", value=age.total_seconds()
            )

    def _outbox(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("helpdesk_outbox_letters", "Letters not sent, by state.", labels=["state"])
        counts = {"due": 0.0, "sending": 0.0, "failed": 0.0}
        for state, count in _rows(
            "select state, count(*) from mail_outgoingletter where state in ('due', 'sending', 'failed') group by 1"
        ):
            counts[str(state)] = float(str(count))
        for state, value in counts.items():
            family.add_metric([state], value)
        yield family
        [[late]] = _rows(
            "select coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0)"
            " from mail_outgoingletter where state = 'due' and due_at < clock_timestamp()"
        )
        yield GaugeMetricFamily(
            "helpdesk_outbox_late_seconds", "How long the oldest letter that is due has waited.", value=float(str(late))
        )

    def _rest(self) -> Iterator[Metric]:
        yield CounterMetricFamily("helpdesk_tickets_created", "Requests ever created.", value=self._tickets())
        family = GaugeMetricFamily(
            "helpdesk_database_connections", "Connections to this database, by state.", labels=["state"]
        )
        for state, count in _rows(
            "select coalesce(state, 'other'), count(*) from pg_stat_activity where datname = current_database()"
            " and backend_type = 'client backend' group by 1"
        ):
            family.add_metric([str(state)], float(str(count)))
        yield family
        [[most]] = _rows("select current_setting('max_connections')::int")
        yield GaugeMetricFamily(
            "helpdesk_database_connections_max", "Connections that the database allows.", value=float(str(most))
        )

    def _tickets(self) -> float:
        """Requests are never deleted: what was counted stays counted."""
        [[newest]] = _rows("select coalesce(max(id), 0) from tickets_ticket")
        settled = max(int(str(newest)) - _STILL_MOVING, self._counted_to)
        [[before, after]] = _rows(
            "select count(*) filter (where id <= %s), count(*) filter (where id > %s)"
            " from tickets_ticket where id > %s",
            [settled, settled, self._counted_to],
        )
        self._counted += int(str(before))
        self._counted_to = settled
        return float(self._counted + int(str(after)))


def _rows(sql: str, values: Sequence[int] = ()) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
