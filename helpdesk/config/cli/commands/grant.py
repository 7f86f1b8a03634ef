"""`helpdesk grant`: rights of a role in queues; the short form of `helpdesk role grant`."""

import argparse

from helpdesk.config.cli import masters
from helpdesk.config.cli.commands import role


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    role.rights(subparsers.add_parser("grant", help="give a role rights in a queue or in all (as role grant)"), run)


def run(arguments: argparse.Namespace) -> int:
    """Give the rights."""
    with masters.database("grant"):
        from helpdesk.tickets.actions.masters import grant  # noqa: PLC0415

        new = grant(arguments.role, arguments.rights, queue_key=None if arguments.all else arguments.queue)
        print(f"{new} new rights for {arguments.role}.")
    return 0
