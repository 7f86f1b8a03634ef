"""`helpdesk demo load`: the demo world."""

import argparse

from helpdesk.config.cli.database import joined, say


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("demo", help="the demo world")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    load = actions.add_parser("load", help="load it; a second call changes nothing")
    load.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load the demo world into a database whose schema is brought up to date first."""
    del arguments
    with joined(role="demo"):
        from helpdesk.config.server import migrations  # noqa: PLC0415
        from helpdesk.demo.load import load  # noqa: PLC0415

        migrations.apply()
        load()
        say("The demo world is there.")
    return 0
