"""`helpdesk migrate`: the database's schema."""

import argparse

from helpdesk.config.cli.database import joined


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("migrate", help="bring the database's schema up to date")
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if steps are missing")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Apply what is missing, or only tell."""
    with joined(role="migrate"):
        from helpdesk.config.server import migrations  # noqa: PLC0415

        missing = migrations.missing()
        if arguments.check:
            print("\n".join(missing) or "The schema is up to date.")
            return 1 if missing else 0
        migrations.apply()
        print(f"Applied {len(missing)} steps." if missing else "The schema is up to date.")
    return 0
