"""`helpdesk check`: the doctor."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk.config import env
from helpdesk.config.cli.database import address, set_up


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("check", help="the doctor: names each wrong setting and how to mend it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Examine everything; exit code 1 if anything is wrong."""
    del arguments
    wrong = 0
    with env.collecting() as wrongly_set, _database() as trouble:
        set_up()
        from django.utils import translation  # noqa: PLC0415

        from helpdesk.config.health import doctor  # noqa: PLC0415

        with translation.override("en"):  # as all commands speak
            examined = list(doctor.examine(without_database=bool(trouble) or doctor.unusable(wrongly_set)))
            remarks = {name: f" ({remark})" for name, _ in examined if (remark := doctor.remark(name))}
        for error in wrongly_set:
            setting, _, cure = str(error).partition(": ")
            _tell("settings", f"{setting} cannot be used", cure)
        for hindrance in trouble:
            _tell("database", str(hindrance).rstrip("."), "mend what is said, or name another in DATABASE_URL.")
        wrong += len(wrongly_set) + len(trouble)
        for name, findings in examined:
            if not findings:
                print(f"ok     {name}{remarks.get(name, '')}")
            for finding in findings:
                _tell(name, finding.wrong, f"{finding.cure}.")
            wrong += len(findings)
        from django.db import connections  # noqa: PLC0415

        connections.close_all()  # an embedded database is about to stop
    print(f"{wrong} wrong." if wrong else "All is well.")
    return 1 if wrong else 0


def _tell(name: str, wrong: str, cure: str) -> None:
    print(f"WRONG  {name}: {wrong}\n       To mend it: {cure}")


@contextmanager
def _database() -> Iterator[list[BaseException]]:
    """The database where there is one; what hinders it is a finding like any other, and the rest is examined."""
    from helpdesk.core.postgres import PostgresError  # noqa: PLC0415

    wanted = address(role="check")
    try:
        wanted.__enter__()
    except (PostgresError, OSError) as error:
        yield [error]
        return
    try:
        yield []
    finally:
        wanted.__exit__(None, None, None)
