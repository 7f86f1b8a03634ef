"""`helpdesk jobs run-due`: scheduled duties in the foreground."""

import argparse
from datetime import datetime

from helpdesk.config.cli.database import joined


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("jobs", help="scheduled duties")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    due = actions.add_parser("run-due", help="run every scheduled duty that is due, and say what was done")
    due.add_argument(
        "--at", type=moment, help="as of this ISO time instead of now (without a zone: the installation's)"
    )
    due.set_defaults(run=run)


def moment(text: str) -> datetime:
    """An ISO time, with or without a zone. Raises what argparse turns into wrong usage."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: accepted is 2026-11-25T14:05+03:00") from None


def run(arguments: argparse.Namespace) -> int:
    """Run what is due; one line for each thing done."""
    with joined(role="jobs"):
        from django.utils import timezone  # noqa: PLC0415

        from helpdesk.automation.duties import run_due  # noqa: PLC0415
        from helpdesk.core import clock  # noqa: PLC0415

        at = arguments.at or clock.now()
        done = list(run_due(timezone.make_aware(at) if at.tzinfo is None else at))
        for line in done:
            print(line)
        if not done:
            print("Nothing was due.")
    return 0
