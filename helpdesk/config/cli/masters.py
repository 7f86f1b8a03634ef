"""What the commands for masters share: the database, refusals as sentences, and what a `set` or `off` says it did."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from helpdesk.config.cli import refusals
from helpdesk.config.cli.database import joined

if TYPE_CHECKING:
    from helpdesk.accounts.models import Company, Person


class MasterRefused(Exception):
    """What was asked for cannot be done; the text says why, one clause for each field."""


@contextmanager
def database(role: str) -> Iterator[None]:
    """Within the block Django is ready, and refusals of the domain become sentences."""
    with joined(role=role):
        from helpdesk.core.errors import Invalid  # noqa: PLC0415
        from helpdesk.core.masters import logger  # noqa: PLC0415

        logger.setLevel("WARNING")  # who types the command reads what it did on standard output
        try:
            yield
        except Invalid as refusal:
            raise MasterRefused(refusals.told(refusal.problems)) from refusal


def told(written: Any, what: str) -> int:
    """Say in one line what a `set` did; the exit code of success."""
    if written.created:
        print(f"Created {what}.")
    elif written.changed:
        print(f"Changed {what}: {', '.join(written.changed)}.")
    else:
        print(f"Nothing to change: {what} is so already.")
    return 0


def switched(changed: bool, what: str, *, on: bool) -> int:  # noqa: FBT001 (what an action returned)
    """Say in one line what an `on` or `off` did; the exit code of success."""
    word = "on" if on else "off"
    print(f"{what[0].upper()}{what[1:]} {'is' if changed else 'was'} {word}{'' if changed else ' already'}.")
    return 0


def given(arguments: argparse.Namespace, names: Sequence[str]) -> dict[str, Any]:
    """The options that were given, by their names."""
    return {name: value for name in names if (value := getattr(arguments, name, None)) is not None}


def texts(parser: argparse.ArgumentParser, *names: str, shown: str = "TEXT") -> None:
    """An option that takes a text for each column."""
    for name in names:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar=shown)


def pair(parser: argparse.ArgumentParser, name: str, yes: tuple[str, str], no: tuple[str, str]) -> None:
    """Two options of which one at most is given, with their help: `name` becomes true or false."""
    either = parser.add_mutually_exclusive_group()
    for value, (option, text) in ((True, yes), (False, no)):
        either.add_argument(option, dest=name, action="store_const", const=value, default=None, help=text)


def row(*cells: object) -> None:
    """One line of a list: cells between tabs, as other programs read them."""
    print("\t".join(str(cell) for cell in cells).rstrip())


def person(login: str) -> "Person":
    """Whoever has this login. Raises MasterRefused."""
    from helpdesk.accounts import queries  # noqa: PLC0415

    if (found := queries.find_by_login(login)) is None:
        raise MasterRefused(f"nobody has the login {login!r}")
    return found


def company(named: str) -> "Company":
    """The company of this name, short name or id. Raises MasterRefused."""
    from helpdesk.accounts import masters  # noqa: PLC0415

    if (found := masters.find_company(named)) is None:
        raise MasterRefused(f"there is no company {named!r}: see helpdesk company list")
    return found
