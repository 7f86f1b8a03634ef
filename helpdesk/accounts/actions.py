"""How people and companies come to be, change and go. For screens, mail, commands, imports, demo."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import TypedDict

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from helpdesk.accounts import queries, sessions, tokens
from helpdesk.accounts.events import LetterWanted, PersonDeactivated
from helpdesk.accounts.models import Address, Company, Membership, Person, Role
from helpdesk.accounts.names import canonical_address, sort_key
from helpdesk.core import bus, clock
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.text.safe import one_line

LONGEST_PASSWORD = 1000  # characters; far over any phrase, far under what would keep a processor busy


class Standing(TypedDict):
    """A person's place in a company, as Membership stores it."""

    sees: str
    writes: bool
    is_chief: bool


def create_person(
    kind: str,
    name: str,
    *,
    login: str | None = None,
    address: str | None = None,
    company: Company | None = None,
    sees: str = Membership.Sees.OWN,
    writes: bool = True,
    is_chief: bool = False,
    roles: Iterable[Role | str] = (),
    language: str = "ru",
    time_zone: str = "Europe/Moscow",
    password: str | None = None,
    job: str = "",
    phone: str = "",
    at: datetime | None = None,
) -> Person:
    """A new person with address, membership and roles (rows or codes); without a password they cannot sign in yet.

    Raises Invalid with a problem for each field: `kind` unknown; `name` required; `login` at_sign (an «@» is only
    for one's own address), taken, contact (contacts have none); `address` format; `roles` unknown;
    `password` with the code of the rule it breaks.
    """
    line, login = one_line(name), (login or "").strip() or None
    address = (address or "").strip() or None
    person = Person(
        kind=kind,
        name=line,
        sort_key=sort_key(line),
        login=login,
        language=language,
        time_zone=time_zone,
        job=one_line(job),
        phone=one_line(phone, 100),
        created_at=at or clock.now(),
    )
    found = list(_roles(roles))
    problems = [*_problems(person, address), *(Problem("roles", "unknown") for role in found if role is None)]
    problems += password_problems(password, person) if password is not None else []
    if problems:
        raise Invalid(*problems)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    with verb():
        _save_new(person)
        if address:
            add_address(person, address)
        if company:
            join(person, company, {"sees": sees, "writes": writes, "is_chief": is_chief}, at=person.created_at)
        person.roles.add(*[role for role in found if role])
    return person


def _problems(person: Person, address: str | None) -> list[Problem]:
    problems = []
    if person.kind not in Person.Kind.values:
        problems.append(Problem("kind", "unknown", {"accepted": list(Person.Kind.values)}))
    if not person.name:
        problems.append(Problem("name", "required"))
    if address and not queries.is_address(address):
        problems.append(Problem("address", "format"))
    if person.login:
        problems += _login_problems(person, address)
    return problems


def _login_problems(person: Person, address: str | None) -> list[Problem]:
    login = person.login or ""
    if person.kind == Person.Kind.CONTACT:
        return [Problem("login", "contact")]
    if login != one_line(login, 150) or " " in login:
        return [Problem("login", "format")]
    if "@" in login and canonical_address(login) != canonical_address(address or ""):
        return [Problem("login", "at_sign")]
    return [Problem("login", "taken")] if queries.find_by_login(login) else []


def password_problems(password: str, person: Person) -> list[Problem]:
    """Each rule that a new password of this person breaks, as a problem of `password`."""
    if len(password) > LONGEST_PASSWORD:
        return [Problem("password", "password_too_long", {"most": LONGEST_PASSWORD})]
    try:
        validate_password(password, person)
    except ValidationError as refused:
        return [Problem("password", error.code or "invalid", dict(error.params or {})) for error in refused.error_list]
    return []


def _roles(roles: Iterable[Role | str]) -> Iterable[Role | None]:
    for role in roles:
        yield role if isinstance(role, Role) else Role.objects.filter(code=role).first()


def _save_new(person: Person) -> None:
    try:
        with transaction.atomic():  # a savepoint: another may have taken the login since it was looked for
            person.save(force_insert=True)
    except IntegrityError as clash:
        raise Invalid(Problem("login", "taken")) from clash


def create_role(code: str, name_ru: str, name_en: str, *, capabilities: Iterable[str] = ()) -> Role:
    """The role of this code, made or brought up to date. Rights in queues are the tickets' grants."""
    role, _ = Role.objects.update_or_create(
        code=code, defaults={"name_ru": name_ru, "name_en": name_en, "capabilities": sorted(capabilities)}
    )
    return role


def create_company(name: str, short_name: str = "", *, at: datetime | None = None) -> Company:
    """A new company; without a short name lists show the beginning of its name. Raises Invalid: `name` required."""
    line = one_line(name)
    if not line:
        raise Invalid(Problem("name", "required"))
    short = one_line(short_name, 100) or one_line(line, 100)
    return Company.objects.create(name=line, short_name=short, sort_key=sort_key(short), created_at=at or clock.now())


def join(person: Person, company: Company, standing: Standing, *, at: datetime | None = None) -> Membership:
    """Make a person a member, or change the standing of one who is."""
    membership, _ = Membership.objects.update_or_create(
        person=person,
        company=company,
        defaults={**standing, "inactive_at": None},
        create_defaults={**standing, "created_at": at or clock.now()},
    )
    return membership


def add_address(person: Person, address: str) -> Address:
    """One more address; the first is the primary one. Raises Invalid: `address` format."""
    address = address.strip()
    if not queries.is_address(address):
        raise Invalid(Problem("address", "format"))
    first = not Address.objects.filter(person=person, is_primary=True).exists()
    row, _ = Address.objects.get_or_create(
        person=person, canonical=canonical_address(address), defaults={"address": address, "is_primary": first}
    )
    return row


def contact_for(address: str, name: str, *, language: str = "ru", at: datetime | None = None) -> Person:
    """Whose letter this is: the one active person with the address, else its contact, else a contact made now.

    Two letters at once make one contact. Does not look at the form of the address: mail accepts more than forms do.
    """
    with verb():
        with connection.cursor() as cursor:
            key = int.from_bytes(sha256(b"contact:" + canonical_address(address).encode()).digest()[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        found = queries.find_by_address(address)
        if len(found) == 1:
            return found[0]
        contacts = [person for person in found if person.kind == Person.Kind.CONTACT]
        if contacts:
            return contacts[0]
        line = one_line(name) or one_line(address)
        moment = at or clock.now()
        person = Person(
            kind=Person.Kind.CONTACT, name=line, sort_key=sort_key(line), language=language, created_at=moment
        )
        person.set_unusable_password()
        person.save(force_insert=True)
        Address.objects.create(
            person=person, address=address.strip()[:320], canonical=canonical_address(address), is_primary=True
        )
        return person


def set_password(person: Person, password: str) -> None:
    """Store a password; all sessions and links of the person are over. Raises Invalid: `password`, the broken rule."""
    if problems := password_problems(password, person):
        raise Invalid(*problems)
    with verb():
        person.set_password(password)
        person.save(update_fields=["password"])
        sessions.end_all(person)


def change_password(person: Person, password: str, *, ip: str = "", device: str = "") -> None:
    """As set_password, and a letter tells the person, so that a stranger's change does not stay unseen."""
    with verb():
        set_password(person, password)
        if address := queries.primary_address(person):
            told: dict[str, object] = {"at": clock.now().isoformat(), "ip": ip, "device": device}
            bus.publish(LetterWanted(person.pk, address, "password_changed", told))


def invite(person: Person, by: Person | None = None) -> None:
    """Send a link for the first password. Raises Invalid: `address` required, `person` inactive or contact."""
    if not person.is_active:
        raise Invalid(Problem("person", "inactive"))
    if person.kind == Person.Kind.CONTACT:
        raise Invalid(Problem("person", "contact"))
    address = queries.primary_address(person)
    if not address:
        raise Invalid(Problem("address", "required"))
    context = {**tokens.link_context(person), "by": by.name if by else ""}
    bus.publish(LetterWanted(person.pk, address, "invitation", context))


def _administrators() -> QuerySet[Person]:
    """The active agents who may administer; locked, so that two are not switched off at once."""
    may = Role.objects.filter(capabilities__contains=[Role.Capability.ADMINISTER], inactive_at=None)
    held = Person.roles.through.objects.filter(role__in=may).values("person_id")
    return Person.objects.select_for_update().filter(kind=Person.Kind.AGENT, inactive_at=None, pk__in=held)


def deactivate(person: Person, *, at: datetime | None = None) -> bool:
    """Switch a person off: sessions and links are dead with the next request. False if they were off already.

    Raises Invalid: `person` last_administrator (nobody would administer any more).
    """
    with verb():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if not locked.is_active:
            return False
        if locked.is_administrator and not [one for one in _administrators() if one.pk != locked.pk]:
            raise Invalid(Problem("person", "last_administrator"))
        person.inactive_at = locked.inactive_at = at or clock.now()
        locked.save(update_fields=["inactive_at"])
        sessions.end_all(locked)
        bus.publish(PersonDeactivated(locked.pk))
    return True


def reactivate(person: Person) -> bool:
    """Switch a person on again; the old password holds, old sessions and links do not. False if they were on."""
    with verb():
        locked = Person.objects.select_for_update().get(pk=person.pk)
        if locked.is_active:
            return False
        person.inactive_at = locked.inactive_at = None
        locked.links_from = person.links_from = clock.now()
        locked.save(update_fields=["inactive_at", "links_from"])
    return True
