"""`helpdesk category`: the tree of what requests are about."""

import argparse

from helpdesk.config.cli import masters


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("category", help="categories (a tree): list, set (make or change), off, on")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="the tree: key, names, above").set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a category, or change what is given")
    change.add_argument("key", metavar="KEY", help="short name in commands, in Latin letters")
    masters.texts(change, "name_ru", "name_en")
    change.add_argument("--parent", metavar="KEY", help="the one above it; «» for none")
    change.add_argument("--order", type=int, dest="position", metavar="N", help="place in lists")
    change.set_defaults(run=run_set)
    for word, text in (("off", "offer it no longer; requests keep it"), ("on", "offer it again")):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("key", metavar="KEY")
        switch.set_defaults(run=run_switch)


def run_list(arguments: argparse.Namespace) -> int:
    """One line each, below the one above it."""
    with masters.database(arguments.command):
        from helpdesk.tickets.models import Category  # noqa: PLC0415

        for category in Category.objects.select_related("parent").order_by("path"):
            marks = [f"below {category.parent.key}" if category.parent else "", "off" if category.inactive_at else ""]
            masters.row(category.key, category.name_ru, category.name_en, ", ".join(mark for mark in marks if mark))
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a category, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import put_category  # noqa: PLC0415

        columns = masters.given(arguments, ("name_ru", "name_en", "parent", "position"))
        return masters.told(put_category(arguments.key, **columns), f"the category {arguments.key}")


def run_switch(arguments: argparse.Namespace) -> int:
    """Offer it no longer, or again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import switch_category  # noqa: PLC0415

        return masters.switched(switch_category(arguments.key, on=on), f"the category {arguments.key}", on=on)
