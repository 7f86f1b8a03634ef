"""`helpdesk check`: the doctor."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from helpdesk.config import env
from helpdesk.config.cli.database import address, home, set_up
from helpdesk.config.keeping import marks

_LEADING = {"DATABASE_URL", "HELPDESK_DATA", "HELPDESK_POSTGRES_BIN"}  # to the embedded database


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("check", help="the doctor: names each wrong setting and how to mend it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Examine everything; exit code 1 if anything is wrong."""
    del arguments
    with env.collecting() as wrongly_set, _database(wrongly_set) as trouble:
        set_up()
        from django.db import connections  # noqa: PLC0415
        from django.utils import translation  # noqa: PLC0415

        with translation.override("en"):  # as all commands speak
            wrong = _examine(wrongly_set, trouble)
        connections.close_all()  # an embedded database is about to stop
    print(f"{wrong} wrong." if wrong else "All is well.")
    return 1 if wrong else 0


def _examine(wrongly_set: list[env.SettingError], trouble: list[tuple[str, str]]) -> int:
    """Tell all that is wrong; returns how much. Django is ready."""
    from helpdesk.config.health import doctor  # noqa: PLC0415

    hidden = _hidden(wrongly_set)
    if "database" in hidden:
        trouble = []  # it speaks of the same
    examined = list(doctor.examine(without=hidden | (doctor.OF_DATABASE if trouble else set())))
    for error in wrongly_set:
        setting, _, cure = str(error).partition(": ")
        _tell("settings", f"{setting} cannot be used", cure)
    for hindrance, cure in trouble:
        _tell("database", hindrance, cure)
    for name, findings in examined:
        if not findings and not (name == "settings" and wrongly_set):
            remark = doctor.remark(name)
            print(f"ok     {name}{f' ({remark})' if remark else ''}")
        for finding in findings:
            _tell(name, finding.wrong, f"{finding.cure}.")
    told = {name for name, _ in examined} | ({"database"} if trouble else set())
    if unseen := [name for name in doctor.EXAMINATIONS if name not in told]:
        print(f"Not looked at before that is mended: {', '.join(unseen)}.")
    return len(wrongly_set) + len(trouble) + sum(len(findings) for _, findings in examined)


def _names(wrongly_set: list[env.SettingError]) -> set[str]:
    return {str(error).partition("=")[0].removesuffix("_FILE") for error in wrongly_set}


def _hidden(wrongly_set: list[env.SettingError]) -> set[str]:
    """The examinations that would look at a default instead of what was meant."""
    from helpdesk.config.health.doctor import OF_DATABASE  # noqa: PLC0415

    names, hidden = _names(wrongly_set), set[str]()
    if names & ({"DATABASE_URL"} if env.text("DATABASE_URL") else _LEADING):
        hidden |= OF_DATABASE
    if names & {"HELPDESK_DATA", "HELPDESK_FILES_URL"}:
        hidden.add("folders")
    if "HELPDESK_EMAIL_URL" in names:
        hidden.add("mail server")
    return hidden


def _tell(name: str, wrong: str, cure: str) -> None:
    print(f"WRONG  {name}: {wrong}\n       To mend it: {cure}")


@contextmanager
def _database(wrongly_set: list[env.SettingError]) -> Iterator[list[tuple[str, str]]]:
    """The database where there is one: none is made. What hinders it is (wrong, cure), and the rest is examined."""
    with ExitStack() as stack:
        yield _entered(stack, wrongly_set)


def _entered(stack: ExitStack, wrongly_set: list[env.SettingError]) -> list[tuple[str, str]]:
    from helpdesk.core import postgres  # noqa: PLC0415

    named = env.text("HELPDESK_POSTGRES_BIN")
    try:
        if not env.text("DATABASE_URL") and not wrongly_set and not postgres.is_made(home()):
            marks.refuse_unfinished(home())
            postgres.look(named=named)
            return [("there is no database yet", "run helpdesk migrate, which makes it (helpdesk serve does so too).")]
        if not wrongly_set:  # else it would be another than was meant
            stack.enter_context(address(role="check"))
    except (postgres.PostgresError, OSError) as error:
        return [(str(error).rstrip("."), "mend what is said, or name another in DATABASE_URL.")]
    return []
