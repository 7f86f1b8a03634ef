"""`helpdesk state` and `helpdesk priority`: their names, and when a state closes by itself."""

import argparse

from helpdesk.config.cli.database import joined

_NAMES = ("name_ru", "name_en", "client_name_ru", "client_name_en")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both subcommands."""
    for command, what, names in (("state", "CODE", _NAMES), ("priority", "RANK", _NAMES[:2])):
        parser = subparsers.add_parser(
            command, help=f"names of {'states' if what == 'CODE' else 'priorities'}: list, set"
        )
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        actions.add_parser("list", help="all of them").set_defaults(run=run_list)
        change = actions.add_parser("set", help="change what is given")
        change.add_argument("subject", metavar=what, type=str if what == "CODE" else int)
        for name in names:
            change.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT")
        if what == "CODE":
            change.add_argument("--closes-after", type=int, metavar="HOURS", help="until it closes by itself")
        change.set_defaults(run=run_set)


def run_list(arguments: argparse.Namespace) -> int:
    """One line each."""
    with joined(role=arguments.command):
        from helpdesk.tickets.models import Priority, State  # noqa: PLC0415

        if arguments.command == "priority":
            for priority in Priority.objects.order_by("rank"):
                print(f"{priority.rank}\t{priority.name_ru}\t{priority.name_en}")
            return 0
        for state in State.objects.order_by("position", "code"):
            closes = f"closes after {state.closes_after / 3600:g} h" if state.closes_after else ""
            names = (state.name_ru, state.name_en, state.client_name_ru, state.client_name_en)
            print("\t".join((state.code, state.type, *names, closes)).rstrip())
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Change what is given."""
    names = {name: value for name in _NAMES if (value := getattr(arguments, name, None)) is not None}
    with joined(role=arguments.command):
        from helpdesk.tickets.actions import masters  # noqa: PLC0415

        if arguments.command == "priority":
            masters.change_priority(arguments.subject, **names)
        else:
            hours = arguments.closes_after
            masters.change_state(
                arguments.subject, **names, **({} if hours is None else {"closes_after": hours * 3600})
            )
        print(f"Changed the {arguments.command} {arguments.subject}.")
    return 0
