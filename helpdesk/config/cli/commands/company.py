"""`helpdesk company` and `helpdesk member`: the client companies and who belongs to them with which rights."""

import argparse

from helpdesk.config.cli import masters


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both subcommands."""
    parser = subparsers.add_parser("company", help="client companies: list, set (make or change), off, on")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="id, short name, name").set_defaults(run=run_list)
    change = actions.add_parser("set", help="make a company of this name, or change what is given")
    change.add_argument("company", metavar="COMPANY", help="its name, short name or id")
    change.add_argument("--name", metavar="TEXT", help="its full name from now on")
    change.add_argument("--short-name", metavar="TEXT", help="its name in lists")
    change.set_defaults(run=run_set)
    for word, text in (
        ("off", "its people see and write nothing of it; its requests stay"),
        ("on", "take it up again"),
    ):
        switch = actions.add_parser(word, help=text)
        switch.add_argument("company", metavar="COMPANY")
        switch.set_defaults(run=run_switch)
    member = subparsers.add_parser("member", help="who belongs to a company: list, set (make or change), off")
    actions = member.add_subparsers(dest="action", metavar="ACTION", required=True)
    shown = actions.add_parser("list", help="login, company, what they see and may")
    shown.add_argument("--company", metavar="COMPANY")
    shown.add_argument("--login", metavar="LOGIN")
    shown.set_defaults(run=run_members)
    _register_member_set(actions)
    off = actions.add_parser("off", help="they belong to it no longer; what they wrote stays")
    off.add_argument("login", metavar="LOGIN")
    off.add_argument("company", metavar="COMPANY")
    off.set_defaults(run=run_member_off)


def _register_member_set(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    change = actions.add_parser("set", help="make a client a member, or change what is given")
    change.add_argument("login", metavar="LOGIN")
    change.add_argument("company", metavar="COMPANY", help="its name, short name or id")
    change.add_argument("--sees", choices=("own", "company"), help="own requests, or all of the company")
    masters.pair(change, "writes", ("--writes", "sends requests and answers"), ("--reads", "only reads"))
    masters.pair(change, "is_chief", ("--chief", "the company's head"), ("--not-chief", "an employee"))
    change.set_defaults(run=run_member_set)


def run_list(arguments: argparse.Namespace) -> int:
    """One line a company."""
    with masters.database(arguments.command):
        from helpdesk.accounts.models import Company  # noqa: PLC0415

        for company in Company.objects.order_by("sort_key", "id"):
            masters.row(company.pk, company.short_name, company.name, "off" if company.inactive_at else "")
    return 0


def run_set(arguments: argparse.Namespace) -> int:
    """Make a company, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.accounts.masters import put_company  # noqa: PLC0415

        written = put_company(arguments.company, **masters.given(arguments, ("name", "short_name")))
        return masters.told(written, f"the company {written.row.short_name}")


def run_switch(arguments: argparse.Namespace) -> int:
    """Put a company out of use, or take it up again."""
    on = arguments.action == "on"
    with masters.database(arguments.command):
        from helpdesk.accounts.masters import switch_company  # noqa: PLC0415

        company = masters.company(arguments.company)
        return masters.switched(switch_company(company, on=on), f"the company {company.short_name}", on=on)


def run_members(arguments: argparse.Namespace) -> int:
    """One line a membership."""
    with masters.database(arguments.command):
        from helpdesk.accounts.models import Membership  # noqa: PLC0415

        found = Membership.objects.select_related("person", "company").order_by("company__sort_key", "person__sort_key")
        if arguments.company:
            found = found.filter(company=masters.company(arguments.company))
        if arguments.login:
            found = found.filter(person=masters.person(arguments.login))
        for one in found:
            marks = [
                "sees all of the company" if one.sees == "company" else "sees own",
                "writes" if one.writes else "reads",
                *(["chief"] if one.is_chief else []),
                *(["off"] if one.inactive_at else []),
            ]
            masters.row(one.person.login or "", one.person.name, one.company.short_name, ", ".join(marks))
    return 0


def run_member_set(arguments: argparse.Namespace) -> int:
    """Make a client a member, or change what is given."""
    with masters.database(arguments.command):
        from helpdesk.accounts.masters import put_membership  # noqa: PLC0415

        person, company = masters.person(arguments.login), masters.company(arguments.company)
        written = put_membership(person, company, **masters.given(arguments, ("sees", "writes", "is_chief")))
        return masters.told(written, f"the membership of {arguments.login} in {company.short_name}")


def run_member_off(arguments: argparse.Namespace) -> int:
    """End a membership."""
    with masters.database(arguments.command):
        from helpdesk.accounts.masters import switch_off_membership  # noqa: PLC0415

        person, company = masters.person(arguments.login), masters.company(arguments.company)
        changed = switch_off_membership(person, company)
        return masters.switched(changed, f"the membership of {arguments.login} in {company.short_name}", on=False)
