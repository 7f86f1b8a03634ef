"""Finding people. Everything that asks «whose address, whose login is this» asks here."""

from collections.abc import Iterable
from typing import NamedTuple

from django.core import validators
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from helpdesk.accounts.called import is_called
from helpdesk.accounts.models import Address, Company, Person, SignInAttempt
from helpdesk.accounts.names import canonical_address, canonical_login
from helpdesk.core import db
from helpdesk.core.plain import Columns

_PERSON = Columns(Person, "p")
_WITH_SIGN_IN = Q(inactive_at__isnull=True) & ~Q(kind=Person.Kind.CONTACT)


def active() -> QuerySet[Person]:
    """People who are not switched off, of every kind."""
    return Person.objects.filter(inactive_at__isnull=True)


def agents() -> QuerySet[Person]:
    """Active agents by name."""
    return active().filter(kind=Person.Kind.AGENT).order_by("sort_key", "id")


def agents_called(typed: str) -> list[int]:
    """The ids of agents, of those who have left too, whose name is what was typed (see accounts.called). One statement,
    none for an empty text."""
    if not typed.strip():
        return []
    people = db.fetch("SELECT id, name FROM accounts_person WHERE kind = 'agent'")
    return [key for key, name in people if is_called(name, typed)]


def find_by_address(address: str) -> list[Person]:
    """Active people of every kind who have this address, the oldest first."""
    rows = db.fetch(
        f"""SELECT {_PERSON.sql} FROM accounts_person p WHERE p.inactive_at IS NULL
               AND p.id IN (SELECT person_id FROM accounts_address WHERE canonical = %s) ORDER BY p.id""",  # noqa: S608
        [canonical_address(address)],
    )
    return _PERSON.all(rows)


def find_by_login(login: str) -> Person | None:
    """Whoever has this login in any case, active or not."""
    return Person.objects.annotate(folded=Lower("login")).filter(folded=canonical_login(login)).first()


def may_sign_in_as(typed: str) -> Person | None:
    """The one active person, contacts apart, whom a typed login or address names; None where it names two or none.

    A login goes before an address; an address counts only where one person alone has it. One statement.
    """
    person = named_by(typed)
    return person if person is not None and person.is_active else None


def named_by(typed: str) -> Person | None:
    """As `may_sign_in_as`; where no active person is named, the one who is switched off. One statement."""
    name = canonical_login(typed)
    owners = Address.objects.filter(canonical=canonical_address(typed)).values("person_id")
    found = list(
        Person.objects.annotate(folded=Lower("login"))
        .filter(~Q(kind=Person.Kind.CONTACT))
        .filter(Q(folded=name) | Q(pk__in=owners))
        .order_by(F("inactive_at").asc(nulls_first=True), "pk")[:50]
    )
    people = [person for person in found if person.is_active] or found
    by_login = [person for person in people if person.login and person.login.lower() == name]
    if by_login:
        return by_login[0]
    return people[0] if len(people) == 1 else None


def may_reset(typed: str) -> list[tuple[Person, str]]:
    """Who gets a letter for a forgotten password, and to which of their own addresses.

    A login gives its person and the primary address; an address gives everyone who signs in and has it.
    """
    canonical = canonical_address(typed)
    person = Person.objects.annotate(folded=Lower("login")).filter(_WITH_SIGN_IN, folded=canonical_login(typed)).first()
    if person is not None:
        address = primary_address(person)
        return [(person, address)] if address else []
    rows = Address.objects.filter(canonical=canonical, person__in=Person.objects.filter(_WITH_SIGN_IN))
    return [(row.person, row.address) for row in rows.select_related("person").order_by("person_id")]


def primary_address(person: Person) -> str:
    """The address that letters to this person go to; empty where there is none."""
    row = Address.objects.filter(person=person).order_by("-is_primary", "pk").values_list("address", flat=True).first()
    return row or ""


def primary_addresses(person_ids: Iterable[int]) -> dict[int, str]:
    """Person id → the address of their letters, in one statement; those without an address are absent."""
    rows = db.fetch(
        """SELECT DISTINCT ON (person_id) person_id, address FROM accounts_address WHERE person_id = ANY(%s)
            ORDER BY person_id, is_primary DESC, id""",
        [list(person_ids)],
    )
    return dict(rows)


def chief_of(person_id: int) -> list[Company]:
    """The companies whose people this client looks after, in order."""
    return list(
        Company.objects.filter(
            inactive_at=None, memberships__person_id=person_id, memberships__person__inactive_at=None,
            memberships__inactive_at=None, memberships__is_chief=True,
        ).order_by("sort_key", "pk")
    )  # fmt: skip


class Place(NamedTuple):
    """An active client's active place in a company."""

    person_id: int
    is_chief: bool
    writes: bool


def hold_places(company_id: int, person_ids: Iterable[int]) -> dict[int, Place]:
    """The active places of these people in a company, which nobody takes away before the commit. One statement."""
    rows = db.fetch(
        """SELECT m.person_id, m.is_chief, m.writes FROM accounts_membership m
             JOIN accounts_person p ON p.id = m.person_id JOIN accounts_company c ON c.id = m.company_id
            WHERE m.company_id = %s AND m.person_id = ANY(%s) AND m.inactive_at IS NULL AND p.inactive_at IS NULL
              AND c.inactive_at IS NULL AND p.kind = 'client' ORDER BY m.id FOR SHARE OF m""",
        [company_id, sorted(set(person_ids))],
    )
    return {row[0]: Place(*row) for row in rows}


def is_address(text: str) -> bool:
    """Whether a text has the form of a mail address (RFC 5321, without comments and quoted parts)."""
    try:
        validators.EmailValidator()(text)
    except ValidationError:
        return False
    return len(text) <= 254


def recent_sign_ins(person: Person, most: int = 20) -> list[SignInAttempt]:
    """What the log says of this person, the newest first."""
    return list(SignInAttempt.objects.filter(person=person).order_by("-at", "-pk")[:most])
