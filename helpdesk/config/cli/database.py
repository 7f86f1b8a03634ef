"""The database for commands: DATABASE_URL, else the embedded one, joined or started for the command's own time."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from helpdesk.config import env
from helpdesk.config.keeping import marks
from helpdesk.core import postgres

BEGIN = {"migrate", "demo", "web", "worker", "check"}  # commands that may begin an installation (check asks before)


def home() -> Path:
    """The data folder. Read without Django's settings, which want the database's address."""
    return Path(env.text("HELPDESK_DATA", "./var")).resolve()


def say(text: str) -> None:
    """One step, told to whoever watches; standard output belongs to the command's result."""
    print(text, file=sys.stderr, flush=True)


def way(*, say: Callable[[str], None] = say) -> postgres.Way:
    """How the embedded database is run, by the environment."""
    return postgres.Way(named_binaries=env.text("HELPDESK_POSTGRES_BIN"), say=say)


def set_up() -> None:
    """Make Django ready. DATABASE_URL must be known by now."""
    import django  # noqa: PLC0415 (settings read the environment when Django is made ready)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.config.settings")
    django.setup()


def wait_until_back(*, own: bool, pause: float = 1.0) -> None:
    """Until a database that was lost answers again; it is DATABASE_URL's, else another program's of this data folder.

    Commands that have the database for a moment are let alone: they would wait for whoever joins them. `own`: this
    program ran it, so nobody else brings it back.
    """
    while not own and not _is_back():
        time.sleep(pause)
    time.sleep(pause / 2)  # also where it is lost again at once


def _is_back() -> bool:
    url = env.text("DATABASE_URL")
    try:
        if not url:
            if postgres.owner_of(home())[0] not in postgres.STAY:
                return False
            url = (home() / "postgres.url").read_text(encoding="utf-8")
        psycopg.connect(url, connect_timeout=5).close()
    except (OSError, psycopg.OperationalError):
        return False
    return True


@contextmanager
def address(*, role: str) -> Iterator[str]:
    """Within the block the database answers and DATABASE_URL names it. `role` is the subcommand, shown to others.

    Raises Unfinished where a restore into the data folder has not come to its end, PostgresError where nobody has
    begun an installation there: a command that only uses one makes none in a folder that was mistyped.
    """
    marks.refuse_unfinished(home())
    if url := env.text("DATABASE_URL"):
        yield url
        return
    if role not in BEGIN and not postgres.is_made(home()):
        raise postgres.PostgresError(
            f"There is no installation in {home()}: see that HELPDESK_DATA names its folder. "
            "helpdesk serve (or helpdesk migrate) begins a new one."
        )
    with postgres.running(home(), role=role, way=way()) as url:
        os.environ["DATABASE_URL"] = url
        yield url


@contextmanager
def joined(*, role: str = "command") -> Iterator[None]:
    """Within the block Django is ready and the database answers."""
    embedded = not env.text("DATABASE_URL")
    with address(role=role):
        set_up()
        try:
            yield
        finally:
            if embedded:  # it may be about to stop
                from django.db import connections  # noqa: PLC0415

                connections.close_all()
