"""`helpdesk check`: the doctor."""

import argparse

from helpdesk.config import env
from helpdesk.config.cli.database import joined


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("check", help="the doctor: names each wrong setting and how to mend it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Examine everything; exit code 1 if anything is wrong."""
    del arguments
    wrong = 0
    with env.collecting() as wrongly_set, joined(role="check"):
        from helpdesk.config.health.doctor import examine  # noqa: PLC0415

        for error in wrongly_set:
            setting, _, cure = str(error).partition(": ")
            print(f"WRONG  settings: {setting} cannot be used\n       To mend it: {cure}")
        wrong += len(wrongly_set)
        for name, findings in examine():
            if not findings:
                print(f"ok     {name}")
            for finding in findings:
                print(f"WRONG  {name}: {finding.wrong}\n       To mend it: {finding.cure}.")
            wrong += len(findings)
    print(f"{wrong} wrong." if wrong else "All is well.")
    return 1 if wrong else 0
