"""What people change about themselves: name and job, language, zone and look, letters, addresses."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.core import signing
from django.urls import reverse

from helpdesk.accounts import queries
from helpdesk.accounts.changes import Verb, record
from helpdesk.accounts.events import LetterWanted
from helpdesk.accounts.models import Address, AddressClaim, Person
from helpdesk.accounts.names import canonical_address, problems_of, sort_key
from helpdesk.core import bus, clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotFound, Problem
from helpdesk.core.text.safe import one_line

MOST_ADDRESSES = 10  # of one person, those that wait for proof among them
THEMES = ("system", "light", "dark")
LETTERS = ("all", "none")
_WIDTHS = {"name": 200, "job": 200, "phone": 100}
_SALT = "helpdesk.accounts.own"


def set_profile(person: Person, typed: Mapping[str, str]) -> bool:
    """Name, job and phone. False if they stood so. Raises Invalid as `names.problems_of`, of what stood so already
    not: nobody is kept from the rest by what was accepted once."""
    lines = {name: one_line(typed.get(name, ""), 10_000) for name in _WIDTHS}
    if problems := [one for one in problems_of(lines, _WIDTHS) if lines[one.field] != getattr(person, one.field)]:
        raise Invalid(*problems)
    return _set(person, {**lines, "sort_key": sort_key(lines["name"])})


def set_look(person: Person, typed: Mapping[str, str]) -> bool:
    """Language, time zone, theme and letters. False if they stood so. Raises Invalid: each of them unknown."""
    accepted = {
        "language": dict(settings.LANGUAGES), "time_zone": available_timezones(), "theme": THEMES, "letters": LETTERS,
    }  # fmt: skip
    chosen = {name: typed.get(name, "") for name in accepted}
    if wrong := [Problem(name, "unknown") for name, values in accepted.items() if chosen[name] not in values]:
        raise Invalid(*wrong)
    return _set(person, chosen)


def set_language(person: Person, code: str) -> bool:
    """The language alone, one of the installation's. False if it stood so."""
    return _set(person, {"language": code})


def choose_columns(person: Person, columns: str) -> bool:
    """The columns that lists of the desk show, as the desk names them. False if they stood so."""
    return _set(person, {"desk_columns": columns})


def _set(person: Person, columns: Mapping[str, str]) -> bool:
    changed = [name for name, value in columns.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, columns[name])
    if changed:
        person.save(update_fields=changed)
    return bool(changed)


def claim_address(person: Person, address: str) -> AddressClaim:
    """Say that an address is one's own: a letter with a link goes there, and until it is opened nothing changes.

    A second claim of the same address sends a new letter; the earlier link is dead. Whether somebody else has it is
    not told. Raises Invalid: `address` required, format, own, too_many.
    """
    address = address.strip()
    if not address:
        raise Invalid(Problem("address", "required"))
    if not queries.is_address(address):
        raise Invalid(Problem("address", "format"))
    canonical = canonical_address(address)
    with verb():
        _locked(person)
        if Address.objects.filter(person=person, canonical=canonical).exists():
            raise Invalid(Problem("address", "own"))
        claims = AddressClaim.objects.filter(person=person)
        others = claims.exclude(canonical=canonical).count() + Address.objects.filter(person=person).count()
        if others >= MOST_ADDRESSES:
            raise Invalid(Problem("address", "too_many", {"limit": MOST_ADDRESSES}))
        sent = {"address": address, "sent_at": clock.now()}
        claim, _ = AddressClaim.objects.update_or_create(person=person, canonical=canonical, defaults=sent)
        path = reverse("account_address", kwargs={"key": key_of(claim)})
        context: dict[str, object] = {
            "url": f"{settings.PUBLIC_URL}{path}", "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
            "login": person.login or "",
        }  # fmt: skip
        bus.publish(LetterWanted(person.pk, address, "address_check", context))
    return claim


def key_of(claim: AddressClaim) -> str:
    """What stands in the link: signed, dead with the next letter and after three days."""
    return signing.dumps([claim.pk, claim.sent_at.isoformat()], salt=_SALT)


def claim_of_key(person: Person, key: str) -> AddressClaim | None:
    """This person's claim that a key proves now; None for every key that is wrong, old, used or another's."""
    try:
        pk, sent = signing.loads(key, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    claim = AddressClaim.objects.filter(pk=pk, person=person).first()
    if claim is None or claim.sent_at.isoformat() != sent:
        return None
    good_for = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return claim if claim.sent_at + good_for > clock.now() else None


def prove_address(person: Person, key: str) -> Address | None:
    """The address of a good key counts from now on; None for any other key."""
    with verb():
        _locked(person)
        claim = claim_of_key(person, key)
        if claim is None:
            return None
        first = not Address.objects.filter(person=person, is_primary=True).exists()
        row, _ = Address.objects.get_or_create(
            person=person, canonical=claim.canonical, defaults={"address": claim.address, "is_primary": first}
        )
        row.verified_at = clock.now()
        row.save(update_fields=["verified_at"])
        claim.delete()
        record(Verb.ADDRESS_ADDED, by=_self(person), person_id=person.pk, named=row.address)
    return row


def drop_claim(person: Person, claim_id: int) -> None:
    """An address that waits for proof is wanted no more. Raises NotFound."""
    if not AddressClaim.objects.filter(pk=claim_id, person=person).delete()[0]:
        raise NotFound


def remove_address(person: Person, address_id: int) -> None:
    """Raises NotFound; Invalid: `address` primary (another has to be it first), login (one signs in by it)."""
    with verb():
        row = _address(person, address_id)
        if row.is_primary:
            raise Invalid(Problem("address", "primary"))
        if row.canonical == canonical_address(person.login or ""):
            raise Invalid(Problem("address", "login"))
        row.delete()
        record(Verb.ADDRESS_REMOVED, by=_self(person), person_id=person.pk, named=row.address)


def set_primary(person: Person, address_id: int) -> bool:
    """Letters go here from now on; the address that they went to is told. False if it stood so. Raises NotFound."""
    with verb():
        row = _address(person, address_id)
        if row.is_primary:
            return False
        before = queries.primary_address(person)
        Address.objects.filter(person=person, is_primary=True).update(is_primary=False)
        row.is_primary = True
        row.save(update_fields=["is_primary"])
        record(Verb.ADDRESS_PRIMARY, by=_self(person), person_id=person.pk, named=row.address)
        if before:
            bus.publish(LetterWanted(person.pk, before, "primary_changed", {"address": row.address}))
    return True


def _address(person: Person, address_id: int) -> Address:
    _locked(person)
    row = Address.objects.filter(pk=address_id, person=person).first()
    if row is None:
        raise NotFound
    return row


def _locked(person: Person) -> None:
    """Two changes of one person's addresses happen one after the other."""
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)


def _self(person: Person) -> Actor:
    return Actor(person.pk, Cause.WEB)
