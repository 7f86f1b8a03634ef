"""`helpdesk grant`: rights of a role in queues."""

import argparse

from helpdesk.config.cli.database import joined

RIGHTS = ("read", "create", "note", "answer", "move_into", "owner", "priority", "full")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("grant", help="give a role rights in a queue or in all")
    parser.add_argument("role", metavar="ROLE", help="the role's code")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--queue", metavar="KEY", help="in this queue and those below it")
    where.add_argument("--all", action="store_true", help="in every queue")
    parser.add_argument("rights", nargs="+", metavar="RIGHT", choices=RIGHTS, help=", ".join(RIGHTS))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Give the rights."""
    with joined(role="grant"):
        from helpdesk.tickets.actions import masters  # noqa: PLC0415

        new = masters.grant(arguments.role, arguments.rights, queue_key=None if arguments.all else arguments.queue)
        print(f"{new} new rights for {arguments.role}.")
    return 0
