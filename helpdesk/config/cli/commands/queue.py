"""`helpdesk queue`: the queues, for clients the recipients."""

import argparse
from typing import Any

from helpdesk.config.cli import masters

_TEXTS = ("name_ru", "name_en", "purpose_ru", "purpose_en", "address", "auto_reply_ru", "auto_reply_en",
          "example_ru", "example_en", "moved_text_ru", "moved_text_en")  # fmt: skip
_COLUMNS = (*_TEXTS, "guidance_ru", "guidance_en", "follow_up", "client_chooses", "parent", "position")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("queue", help="queues (recipients): list, set (make or change), create, off, on")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="key, names, for whom, rule for answers to closed ones").set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a queue, or change what is given")
    change.add_argument("key", metavar="KEY", help="short name in addresses and commands, in Latin letters")
    _columns(change)
    change.set_defaults(run=run_set)
    create = actions.add_parser("create", help="as set, but refuses a key that is taken")
    create.add_argument("--key", required=True, help="short name in addresses and commands, in Latin letters")
    _columns(create, required=("name_ru", "name_en"))
    create.set_defaults(run=run_create)
    for word, text in (("off", "take no new requests; those in it stay"), ("on", "take requests again")):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("key", metavar="KEY")
        switch.set_defaults(run=run_switch)


def _columns(parser: argparse.ArgumentParser, *, required: tuple[str, ...] = ()) -> None:
    for name in _TEXTS:
        parser.add_argument(f"--{name.replace('_', '-')}", required=name in required, metavar="TEXT")
    for name in ("guidance_ru", "guidance_en"):
        parser.add_argument(
            f"--{name.replace('_', '-')}", action="append", metavar="LINE", help="what to write; repeatable"
        )
    parser.add_argument("--follow-up", choices=("reopen", "new", "refuse"), help="an answer to a closed request")
    masters.pair(
        parser, "client_chooses", ("--for-clients", "clients choose it"), ("--not-for-clients", "for agents alone")
    )
    parser.add_argument("--parent", metavar="KEY", help="the queue above it; rights go down the tree; «» for none")
    parser.add_argument("--order", type=int, dest="position", metavar="N", help="place in lists")


def run_list(arguments: argparse.Namespace) -> int:
    """One line a queue."""
    with masters.database(arguments.command):
        from helpdesk.tickets.models import Queue  # noqa: PLC0415

        for queue in Queue.objects.select_related("parent"):
            marks = [
                "" if queue.client_chooses else "not for clients",
                str(queue.follow_up),
                queue.address,
                f"below {queue.parent.key}" if queue.parent else "",
                "off" if queue.inactive_at else "",
            ]
            masters.row(queue.key, queue.name_ru, queue.name_en, ", ".join(mark for mark in marks if mark))
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a queue, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import put_queue  # noqa: PLC0415

        written = put_queue(arguments.key, **masters.given(arguments, _COLUMNS))
        masters.told(written, f"the queue {arguments.key}")
        return _rights(arguments.key) if written.created else 0


def run_create(arguments: argparse.Namespace) -> int:
    """Make a queue that is not there yet."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import create_queue  # noqa: PLC0415

        columns: dict[str, Any] = masters.given(arguments, _COLUMNS)
        print(f"Created the queue {create_queue(arguments.key, **columns).key}.")
        return _rights(arguments.key)


def _rights(key: str) -> int:
    print(f"Give a role rights in it: helpdesk role grant ROLE --queue {key} full")
    return 0


def run_switch(arguments: argparse.Namespace) -> int:
    """Take no new requests, or again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import switch_off_queue, switch_on_queue  # noqa: PLC0415

        changed = (switch_on_queue if on else switch_off_queue)(arguments.key)
        return masters.switched(changed, f"the queue {arguments.key}", on=on)
