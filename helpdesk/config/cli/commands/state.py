"""`helpdesk state` and `helpdesk priority`: what they are called; of states also type, turn, and closing by itself."""

import argparse

from helpdesk.config.cli import masters

_NAMES = ("name_ru", "name_en", "client_name_ru", "client_name_en")
_TYPES = ("open", "pending", "pending_auto", "closed")
_TURNS = ("client", "desk", "nobody")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both subcommands."""
    parser = subparsers.add_parser("state", help="states: list, set (make or change), off, on")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="code, type, names, for clients, turn, closing").set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a state, or change what is given")
    change.add_argument("code", metavar="CODE", help="short name in commands and files, in Latin letters")
    masters.texts(change, *_NAMES)
    change.add_argument("--type", choices=_TYPES, help="what it means; needed for a new one")
    change.add_argument("--waits-for", choices=_TURNS, help="whose turn it is when a specialist sets it")
    change.add_argument("--closes-after", type=int, metavar="HOURS", help="until it closes by itself; 0: never")
    change.add_argument("--closes-to", metavar="CODE", help="the closed state that follows by itself")
    change.add_argument("--order", type=int, dest="position", metavar="N", help="place in lists")
    change.set_defaults(run=run_set)
    for word, text in (("off", "offer it no longer; requests in it stay"), ("on", "offer it again")):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("code", metavar="CODE")
        switch.set_defaults(run=run_switch)
    priority = subparsers.add_parser("priority", help="priorities: list, set (names), off, on")
    actions = priority.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="all of them").set_defaults(run=run_priorities)
    rename = actions.add_parser("set", help="change what is given")
    rename.add_argument("rank", metavar="RANK", type=int, help="1 to 5")
    masters.texts(rename, *_NAMES[:2])
    rename.set_defaults(run=run_rename)
    for word, text in (("off", "offer it no longer; requests that have it keep it"), ("on", "offer it again")):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("rank", metavar="RANK", type=int)
        switch.set_defaults(run=run_switch_priority)


def run_list(arguments: argparse.Namespace) -> int:
    """One line each."""
    with masters.database(arguments.command):
        from helpdesk.tickets.models import State  # noqa: PLC0415

        for state in State.objects.order_by("position", "code"):
            closes = f"closes after {state.closes_after / 3600:g} h" if state.closes_after else ""
            notes = [f"waits for {state.waits_for}", closes, "off" if state.inactive_at else ""]
            names = (state.name_ru, state.name_en, state.client_name_ru, state.client_name_en)
            masters.row(state.code, state.type, *names, ", ".join(note for note in notes if note))
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a state, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import put_state  # noqa: PLC0415

        columns = masters.given(arguments, (*_NAMES, "type", "waits_for", "closes_to", "position"))
        if arguments.closes_after is not None:
            columns["closes_after"] = arguments.closes_after * 3600
        return masters.told(put_state(arguments.code, **columns), f"the state {arguments.code}")


def run_switch(arguments: argparse.Namespace) -> int:
    """Offer it no longer, or again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import switch_state  # noqa: PLC0415

        return masters.switched(switch_state(arguments.code, on=on), f"the state {arguments.code}", on=on)


def run_priorities(arguments: argparse.Namespace) -> int:
    """One line each."""
    with masters.database(arguments.command):
        from helpdesk.tickets.models import Priority  # noqa: PLC0415

        for priority in Priority.objects.order_by("rank"):
            masters.row(priority.rank, priority.name_ru, priority.name_en, "off" if priority.inactive_at else "")
    return 0


def run_rename(arguments: argparse.Namespace) -> int:
    """Change the names that are given."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import put_priority  # noqa: PLC0415

        written = put_priority(arguments.rank, **masters.given(arguments, _NAMES[:2]))
        return masters.told(written, f"the priority {arguments.rank}")


def run_switch_priority(arguments: argparse.Namespace) -> int:
    """Offer it no longer, or again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import switch_priority  # noqa: PLC0415

        return masters.switched(switch_priority(arguments.rank, on=on), f"the priority {arguments.rank}", on=on)
