"""`helpdesk role`: what agents are in the desk, their rights in queues, and who has which role."""

import argparse

from helpdesk.config.cli import masters

RIGHTS = ("read", "create", "note", "answer", "move_into", "owner", "priority", "full")
CAPABILITIES = ("administer", "reports")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "role", help="roles of agents: list, set (make or change), off, on, grant, revoke, give, take"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="code, names, capabilities, rights, who has it").set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a role, or change what is given")
    change.add_argument("code", metavar="CODE", help="short name in commands, in Latin letters")
    masters.texts(change, "name_ru", "name_en")
    may = change.add_mutually_exclusive_group()
    may.add_argument(
        "--capability", dest="capabilities", action="append", choices=CAPABILITIES,
        help="what it may beyond queues; repeatable, all are given anew",
    )  # fmt: skip
    may.add_argument("--no-capabilities", dest="capabilities", action="store_const", const=[])
    change.set_defaults(run=run_set)
    for word, text in (("off", "it gives nobody anything any more"), ("on", "it gives its rights again")):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("code", metavar="CODE")
        switch.set_defaults(run=run_switch)
    for word, text in (("grant", "give it rights in a queue or in all"), ("revoke", "take rights from it")):
        rights(actions.add_parser(word, help=text), run_rights)
    for word, text in (("give", "give it to agents"), ("take", "take it from agents")):
        people = actions.add_parser(word, help=text)
        people.add_argument("code", metavar="CODE")
        people.add_argument("logins", metavar="LOGIN", nargs="+")
        people.set_defaults(run=run_people)


def rights(parser: argparse.ArgumentParser, run: object) -> None:
    """The options of a command that gives or takes rights."""
    parser.add_argument("role", metavar="ROLE", help="the role's code")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--queue", metavar="KEY", help="in this queue and those below it")
    where.add_argument("--all", action="store_true", help="in every queue")
    parser.add_argument("rights", nargs="+", metavar="RIGHT", choices=RIGHTS, help=", ".join(RIGHTS))
    parser.set_defaults(run=run)


def run_list(arguments: argparse.Namespace) -> int:
    """One line a role."""
    with masters.database(arguments.command):
        from helpdesk.accounts.models import Role  # noqa: PLC0415
        from helpdesk.tickets.models import Grant  # noqa: PLC0415

        held: dict[int, dict[str, list[str]]] = {}
        for one in Grant.objects.select_related("queue").order_by("queue__position", "id"):
            place = one.queue.key if one.queue else "all queues"
            held.setdefault(one.role_id, {}).setdefault(place, []).append(one.right)
        for role in Role.objects.prefetch_related("people").order_by("code"):
            granted = "; ".join(f"{place}: {' '.join(names)}" for place, names in held.get(role.pk, {}).items())
            people = " ".join(sorted(person.login or person.name for person in role.people.all()))
            may = [*role.capabilities, *(["off"] if role.inactive_at else [])]
            masters.row(role.code, role.name_ru, role.name_en, ", ".join(may), granted, people)
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a role, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.accounts.masters import put_role  # noqa: PLC0415

        columns = masters.given(arguments, ("name_ru", "name_en", "capabilities"))
        return masters.told(put_role(arguments.code, **columns), f"the role {arguments.code}")


def run_switch(arguments: argparse.Namespace) -> int:
    """Let it give nothing, or its rights again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.accounts.masters import switch_role  # noqa: PLC0415

        return masters.switched(switch_role(arguments.code, on=on), f"the role {arguments.code}", on=on)


def run_rights(arguments: argparse.Namespace) -> int:
    """Give or take rights."""
    with masters.database(arguments.command):
        from helpdesk.tickets.actions.masters import grant, revoke  # noqa: PLC0415

        queue_key = None if arguments.all else arguments.queue
        if arguments.action == "revoke":
            print(f"{revoke(arguments.role, arguments.rights, queue_key=queue_key)} rights fewer for {arguments.role}.")
        else:
            print(f"{grant(arguments.role, arguments.rights, queue_key=queue_key)} new rights for {arguments.role}.")
    return 0


def run_people(arguments: argparse.Namespace) -> int:
    """Give it to agents or take it from them; all of them or none."""
    with masters.database(arguments.command):
        from django.db import transaction  # noqa: PLC0415

        from helpdesk.accounts.masters import give_role, take_role  # noqa: PLC0415

        giving = arguments.action == "give"
        with transaction.atomic():
            people = [masters.person(login) for login in arguments.logins]
            changed = [(give_role if giving else take_role)(person, arguments.code) for person in people]
    for login, is_new in zip(arguments.logins, changed, strict=True):
        verb = "has" if giving else "has no longer"
        print(f"{login} {verb} the role {arguments.code}{'' if is_new else ', as before'}.")
    return 0
