"""An invitation on its way: the link in its letter, who it finds, and what accepting it makes.

Nothing is made of an invitation before its link is opened: only then has whoever reads the mailbox agreed. Somebody
the desk knows already by this address keeps their one account and gets a further company.
"""

import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from helpdesk.accounts import actions, company_people, queries
from helpdesk.accounts.changes import Verb, record
from helpdesk.accounts.events import LetterWanted
from helpdesk.accounts.models import Address, Company, Invitation, Membership, Person
from helpdesk.accounts.names import canonical_address, sort_key
from helpdesk.core import bus, clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem

_SALT = "helpdesk.accounts.invitations"
_NOT_OF_A_LOGIN = re.compile(r"[^a-z0-9._-]+")


def send(asked: Invitation) -> None:
    """Ask for the letter, in the transaction of the act."""
    address = reverse("account_invitation", kwargs={"key": key_of(asked)})
    context: dict[str, object] = {
        "url": f"{settings.PUBLIC_URL}{address}", "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "by": asked.by.name, "company": asked.company.name,
    }  # fmt: skip
    to = {"name": asked.name, "language": asked.by.language, "time_zone": asked.by.time_zone}
    bus.publish(LetterWanted(None, asked.address, "invited", context, to))


def key_of(asked: Invitation) -> str:
    """What stands in the link: signed, dead with the next letter, with acceptance, withdrawal and after three days."""
    return signing.dumps([asked.pk, asked.sent_at.isoformat()], salt=_SALT)


def of_key(key: str, *, lock: bool = False) -> Invitation | None:
    """The invitation that a key opens now; None for every key that is wrong, old or used."""
    try:
        pk, sent = signing.loads(key, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = company_people.invited_by_chiefs().select_related("company", "by")
    found = found.filter(pk=pk, over_at=None, company__inactive_at=None)
    asked = (found.select_for_update(of=("self",)) if lock else found).first()
    return asked if asked is not None and asked.sent_at.isoformat() == sent and is_good(asked) else None


def is_good(asked: Invitation) -> bool:
    """Whether the link of the last letter works: of one that `company_people` has found."""
    return asked.by_chief and over_by(asked) > clock.now()  # type: ignore[attr-defined]


def over_by(asked: Invitation) -> datetime:
    """Until when the link is good."""
    return asked.sent_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def holders(asked: Invitation) -> list[Person]:
    """Who signs in already and has this address, contacts apart."""
    found = queries.find_by_address(asked.address)
    by_login = queries.may_sign_in_as(asked.address)
    people = [person for person in found if person.kind != Person.Kind.CONTACT]
    return [*people, by_login] if by_login and by_login not in people else people


def accept(asked: Invitation, person: Person, *, at: datetime | None = None) -> Membership:
    """A client who signs in already gets one company more. Raises Invalid: `person` not_a_client."""
    now = at or clock.now()
    if person.kind != Person.Kind.CLIENT:
        raise Invalid(Problem("person", "not_a_client"))
    with verb():
        Company.objects.select_for_update(no_key=True).get(pk=asked.company_id)
        member = Membership.objects.filter(person=person, company=asked.company, inactive_at=None).first()
        if member is None:  # who works there already keeps what they see and write
            standing: actions.Standing = {"sees": asked.sees, "writes": asked.writes, "is_chief": asked.is_chief}
            member = actions.join(person, asked.company, standing, at=now)
        asked.over_at = now
        asked.save(update_fields=["over_at"])
        by = Actor(person.pk, Cause.WEB)
        record(Verb.JOINED, by=by, person_id=person.pk, company_id=asked.company_id, at=now)
    return member


def accept_as_new(asked: Invitation, password: str, *, at: datetime | None = None) -> Person:
    """Make the person whose address this is, or give a sign-in to the contact who wrote from it before.

    Raises Invalid: `password` with the code of the rule it breaks; `login` taken (somebody was quicker).
    """
    now = at or clock.now()
    with verb():
        contacts = [one for one in queries.find_by_address(asked.address) if one.kind == Person.Kind.CONTACT]
        person = _given_sign_in(contacts[0], asked) if contacts else _made(asked, now)
        actions.set_password(person, password)
        Address.objects.filter(person=person, canonical=asked.canonical).update(verified_at=now)
        accept(asked, person, at=now)
    return person


def _made(asked: Invitation, now: datetime) -> Person:
    return actions.create_person(
        Person.Kind.CLIENT, asked.name, login=free_login(asked.address), address=asked.address, job=asked.job,
        phone=asked.phone, language=asked.by.language, time_zone=asked.by.time_zone, at=now,
    )  # fmt: skip


def _given_sign_in(contact: Person, asked: Invitation) -> Person:
    person = Person.objects.select_for_update().get(pk=contact.pk)
    person.kind, person.login = Person.Kind.CLIENT, free_login(asked.address)
    person.name, person.sort_key = asked.name, sort_key(asked.name)
    person.job, person.phone = asked.job or person.job, asked.phone or person.phone
    person.language, person.time_zone = asked.by.language, asked.by.time_zone
    person.save()
    return person


def free_login(address: str) -> str:
    """The address itself where nobody has it as login; else its beginning with a number."""
    own = canonical_address(address)
    if len(own) <= 150 and queries.find_by_login(own) is None:
        return own
    stem = _NOT_OF_A_LOGIN.sub("", own.partition("@")[0])[:40] or "client"
    tries = [stem, *(f"{stem}{number}" for number in range(2, 10))]
    return next((one for one in tries if queries.find_by_login(one) is None), f"{stem}-{secrets.token_hex(4)}")
