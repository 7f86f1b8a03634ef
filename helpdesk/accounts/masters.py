"""Roles, companies and memberships as administrators keep them. Rights in queues are the tickets' grants."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Q

from helpdesk.accounts.actions import create_company
from helpdesk.accounts.models import Company, Membership, Person, Role
from helpdesk.accounts.names import sort_key
from helpdesk.core import clock, masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import Written

NAMES = frozenset({"name_ru", "name_en"})


def put_role(code: str, *, capabilities: Iterable[str] | None = None, **names: str) -> Written[Role]:
    """The role of this code, made or changed in what is given. `capabilities`: administer, reports.

    Raises Invalid: `code` key_format; `name_ru`, `name_en` required; `capabilities` unknown; `role`
    last_administrator (nobody would administer any more); and what the columns refuse.
    """
    if unknown := set(names) - NAMES:
        raise TypeError(f"{sorted(unknown)} is not set here")
    columns: dict[str, Any] = dict(names)
    if capabilities is not None:
        columns["capabilities"] = _capabilities(capabilities)
    with _administered():
        role = Role.objects.select_for_update().filter(code=code).first()
        created = role is None
        if role is None:
            masters.check_key("code", code)
            if problems := masters.missing(columns, *sorted(NAMES)):
                raise Invalid(*problems)
            role = Role(code=code)
        changed = masters.fill(role, columns, required=NAMES)
        return masters.save(role, changed, created=created, named=f"role {code}")


def switch_role(code: str, *, on: bool) -> bool:
    """A role that is off gives nobody anything; who has it keeps it. False if it stood so. Raises Invalid: `role`
    unknown, last_administrator."""
    with _administered():
        return masters.switch(_role(code), on=on, named=f"role {code}")


def give_role(person: Person, code: str) -> bool:
    """Give an agent a role. False if they have it. Raises Invalid: `role` unknown; `person` not_an_agent."""
    with transaction.atomic():
        role = _role(code)
        if not person.is_agent:
            raise Invalid(Problem("person", "not_an_agent", {"value": person.login or person.name}))
        if person.roles.filter(pk=role.pk).exists():
            return False
        person.roles.add(role)
    masters.record("role %s given to %s", code, person.login)
    return True


def take_role(person: Person, code: str) -> bool:
    """Take a role from somebody. False if they have not got it. Raises Invalid: `role` unknown, last_administrator."""
    with _administered():
        role = _role(code)
        if not person.roles.filter(pk=role.pk).exists():
            return False
        person.roles.remove(role)
    masters.record("role %s taken from %s", code, person.login)
    return True


def find_company(named: str) -> Company | None:
    """The company of a full or short name, else of an id. Raises Invalid: `company` ambiguous (two of one name)."""
    found = list(Company.objects.filter(Q(name=named) | Q(short_name=named)).order_by("pk")[:2])
    if not found and named.isascii() and named.isdigit() and len(named) < 19:
        found = list(Company.objects.filter(pk=int(named)))
    if len(found) > 1:
        ids = " ".join(str(company.pk) for company in found)
        raise Invalid(Problem("company", "ambiguous", {"value": named, "accepted": ids}))
    return found[0] if found else None


def put_company(named: str, *, name: str | None = None, short_name: str | None = None) -> Written[Company]:
    """The company found by `named`, made under that name or changed in what is given. Raises Invalid: `name`,
    `short_name` required, long; `company` ambiguous."""
    with transaction.atomic():
        company = find_company(named)
        if company is None:
            company = create_company(name or named, short_name or "")
            masters.record("company %s created: %r", company.pk, company.name)
            return Written(company, created=True, changed=("name", "short_name"))
        company = Company.objects.select_for_update().get(pk=company.pk)
        given = {"name": name, "short_name": short_name}
        columns = {column: value for column, value in given.items() if value is not None}
        changed = masters.fill(company, columns, required=frozenset(given))
        if "short_name" in changed:
            company.sort_key = sort_key(company.short_name)
            changed.append("sort_key")
        return masters.save(company, changed, created=False, named=f"company {company.pk}")


def switch_company(company: Company, *, on: bool) -> bool:
    """A company that is off: its people see and write nothing of it, its requests stay. False if it stood so."""
    with transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        return masters.switch(locked, on=on, named=f"company {company.pk}")


def put_membership(person: Person, company: Company, **columns: Any) -> Written[Membership]:
    """A client's place in a company, made, taken up again or changed: `sees` (own, company), `writes`, `is_chief`.

    A new one sees their own requests and writes. Raises Invalid: `person` not_a_client; `sees` unknown.
    """
    if unknown := set(columns) - {"sees", "writes", "is_chief"}:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        if person.kind != Person.Kind.CLIENT:
            raise Invalid(Problem("person", "not_a_client", {"value": person.login or person.name}))
        member = Membership.objects.select_for_update().filter(person=person, company=company).first()
        created = member is None
        if member is None:
            member = Membership(person=person, company=company, created_at=clock.now())
        changed = masters.fill(member, columns)
        if member.inactive_at is not None:
            member.inactive_at = None
            changed.append("inactive_at")
        named = f"membership of {person.login} in company {company.pk}"
        return masters.save(member, changed, created=created, named=named)


def switch_off_membership(person: Person, company: Company) -> bool:
    """They belong to it no longer; what they wrote stays. False if it was off. Raises Invalid: `member` unknown."""
    with transaction.atomic():
        member = Membership.objects.select_for_update().filter(person=person, company=company).first()
        if member is None:
            raise Invalid(Problem("member", "unknown", {"value": person.login or person.name}))
        named = f"membership of {person.login} in company {company.pk}"
        return masters.switch(member, on=False, named=named)


def _role(code: str) -> Role:
    role = Role.objects.select_for_update().filter(code=code).first()
    if role is None:
        raise Invalid(Problem("role", "unknown", {"value": code}))
    return role


def _capabilities(wanted: Iterable[str]) -> list[str]:
    found = sorted(set(wanted))
    if wrong := [name for name in found if name not in Role.Capability.values]:
        accepted = " ".join(Role.Capability.values)
        raise Invalid(Problem("capabilities", "unknown", {"value": wrong[0], "accepted": accepted}))
    return found


@contextmanager
def _administered() -> Iterator[None]:
    """A transaction at whose end somebody administers still, if anybody did at its beginning."""
    with transaction.atomic():
        before = _somebody_administers()
        yield
        if before and not _somebody_administers():
            raise Invalid(Problem("role", "last_administrator"))


def _somebody_administers() -> bool:
    may = Role.objects.filter(capabilities__contains=[Role.Capability.ADMINISTER], inactive_at=None)
    return Person.objects.filter(kind=Person.Kind.AGENT, inactive_at=None, roles__in=may).exists()
