"""The embedded PostgreSQL for small installations and tests. Knows nothing of Django or of tickets.

One program owns a data folder's database and runs it; others join it. See `running` for the usual way in.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from helpdesk.core.postgres.binaries import look, tool
from helpdesk.core.postgres.cluster import Cluster, Way
from helpdesk.core.postgres.errors import AlreadyRunning, PostgresError
from helpdesk.core.postgres.lock import STAY, Ownership, Usage, owner_of
from helpdesk.core.postgres.places import is_made, make_home

__all__ = [
    "STAY",
    "AlreadyRunning",
    "Cluster",
    "Ownership",
    "PostgresError",
    "Way",
    "alone",
    "is_made",
    "look",
    "make_home",
    "owner_of",
    "publish_url",
    "running",
    "tool",
    "withdraw_url",
]


@contextmanager
def running(home: Path, *, role: str, way: Way | None = None, patience: float = 120.0) -> Iterator[str]:
    """Within the block the database runs; gives its DATABASE_URL.

    Joins the one that runs already, else starts it for the time of the block and stops it when the last who joined
    has left. Raises PostgresError if a running one does not answer within `patience` seconds.
    """
    make_home(home)
    end = time.monotonic() + patience
    while True:
        try:
            ownership = Ownership.take(home, role=role)
        except AlreadyRunning:
            if usage := _joined(home):
                try:
                    yield (home / "postgres.url").read_text(encoding="utf-8")
                finally:
                    usage.end()
                return
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
            continue
        with _owned(home, ownership, way) as url:
            yield url
        return


@contextmanager
def alone(home: Path, *, role: str, way: Way | None = None) -> Iterator[Cluster]:
    """Within the block the database runs for this program alone; nobody can join. Raises AlreadyRunning."""
    make_home(home)
    ownership = Ownership.take(home, role=role)
    try:
        cluster = Cluster(home, way)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        ownership.release()


@contextmanager
def _owned(home: Path, ownership: Ownership, way: Way | None) -> Iterator[str]:
    try:
        cluster = Cluster(home, way)
        try:
            url = cluster.start()
            publish_url(home, url)
            yield url
        finally:
            ownership.wait_for_users(patience=3600)
            withdraw_url(home)
            cluster.stop()
    finally:
        ownership.release()


def publish_url(home: Path, url: str) -> None:
    """Tell other programs of this data folder where the database is."""
    temporary = home / "postgres.url.new"
    temporary.touch(mode=0o600)
    temporary.write_text(url, encoding="utf-8")
    temporary.replace(home / "postgres.url")


def withdraw_url(home: Path) -> None:
    """The database is about to stop."""
    (home / "postgres.url").unlink(missing_ok=True)


def _joined(home: Path) -> Usage | None:
    """The use of a database that answers; None if it does not (yet)."""
    usage = Usage.begin(home)
    if usage is None:
        return None
    try:
        psycopg.connect((home / "postgres.url").read_text(encoding="utf-8"), connect_timeout=5).close()
    except (OSError, psycopg.OperationalError):
        usage.end()
        return None
    return usage
