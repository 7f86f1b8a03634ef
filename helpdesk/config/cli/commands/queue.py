"""`helpdesk queue`: the queues, for clients the recipients."""

import argparse

from helpdesk.config.cli.database import joined

_TEXTS = ("name_ru", "name_en", "purpose_ru", "purpose_en", "address", "auto_reply_ru", "auto_reply_en")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("queue", help="queues (recipients): list, create, set, off")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="every queue").set_defaults(run=run_list)
    create = actions.add_parser("create", help="create a queue")
    create.add_argument("--key", required=True, help="short name in addresses and commands, in Latin letters")
    _columns(create, required=("name_ru", "name_en"))
    create.set_defaults(run=run_create)
    change = actions.add_parser("set", help="change what is given")
    change.add_argument("key", metavar="KEY")
    _columns(change)
    change.set_defaults(run=run_set)
    off = actions.add_parser("off", help="take no new requests")
    off.add_argument("key", metavar="KEY")
    off.set_defaults(run=run_off)


def _columns(parser: argparse.ArgumentParser, *, required: tuple[str, ...] = ()) -> None:
    for name in _TEXTS:
        parser.add_argument(f"--{name.replace('_', '-')}", required=name in required, metavar="TEXT")
    parser.add_argument("--follow-up", choices=("reopen", "new", "refuse"), help="an answer to a closed request")
    clients = parser.add_mutually_exclusive_group()
    clients.add_argument("--not-for-clients", dest="client_chooses", action="store_false", default=None)
    clients.add_argument("--for-clients", dest="client_chooses", action="store_true", default=None)


def _given(arguments: argparse.Namespace) -> dict[str, object]:
    names = (*_TEXTS, "follow_up", "client_chooses")
    return {name: value for name in names if (value := getattr(arguments, name)) is not None}


def run_list(arguments: argparse.Namespace) -> int:
    """One line a queue."""
    del arguments
    with joined(role="queue"):
        from helpdesk.tickets.models import Queue  # noqa: PLC0415

        for queue in Queue.objects.all():
            marks = [] if queue.client_chooses else ["not for clients"]
            marks += [
                queue.follow_up,
                *([queue.address] if queue.address else []),
                *(["off"] if queue.inactive_at else []),
            ]
            print(f"{queue.key}\t{queue.name_ru}\t{queue.name_en}\t{', '.join(marks)}")
    return 0


def run_create(arguments: argparse.Namespace) -> int:
    """Create a queue."""
    with joined(role="queue"):
        from django.core.validators import validate_slug  # noqa: PLC0415

        from helpdesk.tickets.actions import masters  # noqa: PLC0415

        validate_slug(arguments.key)
        queue = masters.create_queue(arguments.key, **_given(arguments))  # type: ignore[arg-type]
        print(f"Created the queue {queue.key}. Give a role rights in it: helpdesk grant ROLE --queue {queue.key} full")
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Change what is given."""
    with joined(role="queue"):
        from helpdesk.tickets.actions import masters  # noqa: PLC0415

        print(f"Changed the queue {masters.change_queue(arguments.key, **_given(arguments)).key}.")
    return 0


def run_off(arguments: argparse.Namespace) -> int:
    """Take no new requests."""
    with joined(role="queue"):
        from helpdesk.tickets.actions import masters  # noqa: PLC0415

        changed = masters.switch_off_queue(arguments.key)
        print(f"The queue {arguments.key} {'takes no new requests' if changed else 'was off already'}.")
    return 0
