"""`helpdesk worker`: jobs and scheduled duties."""

import argparse
import os
import signal
import sys
from typing import NoReturn

from helpdesk.config import env
from helpdesk.config.cli.database import home, joined, say, wait_until_back
from helpdesk.config.server import parent
from helpdesk.core import postgres


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("worker", help="the worker alone: letters, jobs, scheduled duties")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until asked to stop. A database that goes is waited for."""
    del arguments
    parent.follow(grace=4)
    given = bool(env.text("DATABASE_URL"))
    with joined(role="worker"):
        from helpdesk.config.server import migrations  # noqa: PLC0415
        from helpdesk.core.jobs import worker  # noqa: PLC0415

        migrations.refuse_missing()
        own = not given and postgres.owner_of(home()) == ("worker", os.getpid())
        if worker.run(concurrency=env.whole("HELPDESK_WORKER_THREADS", 3, high=32), grace=6.0):
            return 0
        say("The database has gone. The worker waits until it is back.")
    return _wait_and_begin_anew(own=own, given=given)


def _wait_and_begin_anew(*, own: bool, given: bool) -> NoReturn:
    """As a new program: nothing of the lost connections, and the address as it is then."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if not given:
        del os.environ["DATABASE_URL"]
    wait_until_back(own=own)
    say("The database is back, the worker goes on.")
    command = [sys.executable, "-m", "helpdesk.config.cli", "worker"]
    os.execve(command[0], command, {**os.environ, **parent.handed_on()})  # noqa: S606 (no shell)
