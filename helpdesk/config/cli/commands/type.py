"""`helpdesk type`: what kinds of work requests are."""

import argparse

from helpdesk.config.cli import masters


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("type", help="types of requests: list, set (make or change), off, on")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="key, names, in order").set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a type, or change what is given")
    change.add_argument("key", metavar="KEY", help="short name in commands, in Latin letters")
    masters.texts(change, "name_ru", "name_en")
    change.add_argument("--order", type=int, dest="position", metavar="N", help="place in lists")
    change.set_defaults(run=run_set)
    for word, text in (("off", "offer it no longer; requests keep it"), ("on", "offer it again")):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("key", metavar="KEY")
        switch.set_defaults(run=run_switch)


def run_list(arguments: argparse.Namespace) -> int:
    """One line each, in order."""
    with masters.database(arguments.command):
        from helpdesk.tickets.models import TicketType  # noqa: PLC0415

        for kind in TicketType.objects.all():
            masters.row(kind.key, kind.name_ru, kind.name_en, "off" if kind.inactive_at else "")
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a type, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import put_type  # noqa: PLC0415

        columns = masters.given(arguments, ("name_ru", "name_en", "position"))
        return masters.told(put_type(arguments.key, **columns), f"the type {arguments.key}")


def run_switch(arguments: argparse.Namespace) -> int:
    """Offer it no longer, or again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import switch_type  # noqa: PLC0415

        return masters.switched(switch_type(arguments.key, on=on), f"the type {arguments.key}", on=on)
