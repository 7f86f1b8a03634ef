"""`helpdesk worker`: jobs and scheduled duties."""

import argparse

from helpdesk.config import env
from helpdesk.config.cli.database import joined
from helpdesk.config.server import parent


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("worker", help="the worker alone: letters, jobs, scheduled duties")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until asked to stop."""
    del arguments
    parent.follow(grace=4)
    with joined(role="worker"):
        from helpdesk.config.server import migrations  # noqa: PLC0415
        from helpdesk.core.jobs import worker  # noqa: PLC0415

        migrations.refuse_missing()
        worker.run(concurrency=env.whole("HELPDESK_WORKER_THREADS", 3, high=32), grace=6.0)
    return 0
