"""`helpdesk user`: people from the command line, above all the first administrator."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.config.cli import masters as cli_masters
from helpdesk.config.cli.database import joined

if TYPE_CHECKING:
    from helpdesk.accounts.models import Company, Person


class NoSuchPerson(Exception):
    """Nobody has this login."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("user", help="people: create, set a password, deactivate")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="create a person; prints a link with which they set their password")
    create.add_argument("--kind", required=True, choices=("client", "agent", "admin"))
    create.add_argument("--login", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--address", help="mail address")
    create.add_argument("--company", metavar="NAME", help="the client's company; made if there is none of this name")
    create.add_argument("--role", action="append", default=[], metavar="CODE", help="an agent's role; repeatable")
    create.add_argument("--language", choices=("ru", "en"), default="ru", help="of pages and letters")
    create.add_argument("--invite", action="store_true", help="send the link by mail as well")
    create.set_defaults(run=run_create)
    password = actions.add_parser("password", help="set a password: from standard input, a file, or by a link")
    password.add_argument("login", metavar="LOGIN")
    source = password.add_mutually_exclusive_group()
    source.add_argument("--password-file", type=Path, metavar="FILE", help="a file that holds the password")
    source.add_argument("--link", action="store_true", help="set none, print a link with which the person sets one")
    password.set_defaults(run=run_password)
    off = actions.add_parser("deactivate", help="switch a person off: no sign-in, open sessions end")
    off.add_argument("login", metavar="LOGIN")
    off.set_defaults(run=run_deactivate)


def run_create(arguments: argparse.Namespace) -> int:
    """Create a person; an administrator is an agent with a role that may administer."""
    with cli_masters.database("user"):
        from django.db import transaction  # noqa: PLC0415

        from helpdesk.accounts import actions, tokens  # noqa: PLC0415

        with transaction.atomic():
            person = actions.create_person(
                "client" if arguments.kind == "client" else "agent",
                arguments.name,
                login=arguments.login,
                address=arguments.address,
                language=arguments.language,
                company=_company(arguments.company) if arguments.company else None,
                roles=[*arguments.role, *([_administrators()] if arguments.kind == "admin" else [])],
            )
            if arguments.invite:
                actions.invite(person)
        print(f"Created {person.name}, login {person.login}.")
        if arguments.invite:
            print("The invitation goes out by mail.")
        print(f"To set the password: {tokens.link(person)}")
    return 0


def run_password(arguments: argparse.Namespace) -> int:
    """Set a password, or print the link."""
    given = "" if arguments.link else _given(arguments.password_file)
    with joined(role="user"):
        from helpdesk.accounts import actions, tokens  # noqa: PLC0415

        person = _person(arguments.login)
        if arguments.link:
            print(tokens.link(person))
        else:
            actions.set_password(person, given)
            print(f"The password of {person.login} is set.")
    return 0


def run_deactivate(arguments: argparse.Namespace) -> int:
    """Switch a person off; never the last administrator."""
    with cli_masters.database("user"):
        from django.db import transaction  # noqa: PLC0415

        from helpdesk.accounts import actions  # noqa: PLC0415

        person = _person(arguments.login)
        with transaction.atomic():
            done = actions.deactivate(person)
        print(f"{person.login} {'is switched off' if done else 'was off already'}.")
    return 0


def _given(path: Path | None) -> str:
    """The password, without the line's end."""
    if path:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    if sys.stdin.isatty():
        return getpass.getpass("New password: ")
    return sys.stdin.readline().rstrip("\r\n")


def _person(login: str) -> "Person":
    from helpdesk.accounts import queries  # noqa: PLC0415

    if person := queries.find_by_login(login):
        return person
    raise NoSuchPerson(f"nobody has the login {login!r}")


def _company(name: str) -> "Company":
    from django.db.models import Q  # noqa: PLC0415

    from helpdesk.accounts import actions  # noqa: PLC0415
    from helpdesk.accounts.models import Company  # noqa: PLC0415

    return Company.objects.filter(Q(name=name) | Q(short_name=name)).first() or actions.create_company(name)


def _administrators() -> str:
    """The code of a role that may administer and has every right; the first administrator brings it with them."""
    from helpdesk.accounts import actions  # noqa: PLC0415
    from helpdesk.accounts.models import Role  # noqa: PLC0415
    from helpdesk.tickets.actions import masters  # noqa: PLC0415

    may = Role.objects.filter(capabilities__contains=[Role.Capability.ADMINISTER], inactive_at__isnull=True)
    role = may.order_by("id").first() or actions.create_role(
        "admin", "Администратор", "Administrator", capabilities=[Role.Capability.ADMINISTER]
    )
    masters.grant(role.code, ["full"], queue_key=None)
    return role.code
