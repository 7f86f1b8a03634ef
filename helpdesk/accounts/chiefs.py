"""What a company's chief does with its people: invite, say what they see and write, switch off and on.

Every verb locks the company first, so that what two chiefs do at once happens one after the other, and asks for the
chief's right under that lock. Each leaves a line in the record (`changes`). What another company, another person or
an address is to the desk is never told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from helpdesk.accounts import invitations, queries, sessions
from helpdesk.accounts.actions import deactivate, reactivate
from helpdesk.accounts.changes import Verb, record
from helpdesk.accounts.events import LetterKind, LetterWanted
from helpdesk.accounts.models import AccountEvent, Company, Invitation, Membership, Person
from helpdesk.accounts.names import canonical_address, problems_of
from helpdesk.core import bus, clock
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.text.safe import one_line

LETTERS_A_DAY = 50  # invitations of one company
_WIDTHS = {"name": 200, "job": 200, "phone": 100, "address": 254}


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to see and do in a company."""

    sees: str = Membership.Sees.OWN
    writes: bool = True
    is_chief: bool = False


def invite(
    company_id: int, standing: Standing, *, by: Actor, typed: Mapping[str, str], at: datetime | None = None
) -> Invitation:
    """Ask somebody in by a letter. `typed`: name, address, job, phone.

    Whether the address is known elsewhere is not told: nobody becomes a member before they accept. Raises NotAllowed;
    Invalid: `address` required, format, member (details: name), member_off, invited, too_many_today; `sees` unknown;
    the others as `names.problems_of`.
    """
    now = at or clock.now()
    with verb():
        company, _ = as_chief(company_id, by)
        lines = {name: one_line(typed.get(name, ""), 10_000) for name in _WIDTHS}
        problems = [*_wrong(lines), *_sees(standing)]
        problems += [] if any(problem.field == "address" for problem in problems) else _taken(company, lines["address"])
        if not problems and _letters_today(company, now) >= LETTERS_A_DAY:
            problems.append(Problem("address", "too_many_today", {"limit": LETTERS_A_DAY}))
        if problems:
            raise Invalid(*problems)
        asked = Invitation.objects.create(
            company=company, by_id=by.person, **lines, canonical=canonical_address(lines["address"]),
            sees=standing.sees, writes=standing.writes, is_chief=standing.is_chief, created_at=now, sent_at=now,
        )  # fmt: skip
        record(Verb.INVITED, by=by, company_id=company.pk, named=f"{asked.name}, {asked.address}", at=now)
        invitations.send(asked)
    return asked


def invite_again(invitation_id: int, *, by: Actor, at: datetime | None = None) -> Invitation:
    """Send a new letter; the earlier link is dead. Raises NotFound, NotAllowed, Invalid: `address` too_many_today."""
    now = at or clock.now()
    with verb():
        asked = _open_invitation(invitation_id, by)
        if _letters_today(asked.company, now) >= LETTERS_A_DAY:
            raise Invalid(Problem("address", "too_many_today", {"limit": LETTERS_A_DAY}))
        asked.by_id, asked.sent_at = by.person, now
        asked.save(update_fields=["by", "sent_at"])
        named = f"{asked.name}, {asked.address}"
        record(Verb.INVITED_AGAIN, by=by, company_id=asked.company_id, named=named, at=now)
        invitations.send(asked)
    return asked


def withdraw(invitation_id: int, *, by: Actor, at: datetime | None = None) -> Invitation:
    """Take an invitation back; its link is dead. Raises NotFound, NotAllowed."""
    now = at or clock.now()
    with verb():
        asked = _open_invitation(invitation_id, by)
        asked.over_at = now
        asked.save(update_fields=["over_at"])
        named = f"{asked.name}, {asked.address}"
        record(Verb.INVITATION_WITHDRAWN, by=by, company_id=asked.company_id, named=named, at=now)
    return asked


def change_rights(member_id: int, standing: Standing, *, by: Actor, at: datetime | None = None) -> AccountEvent | None:
    """Say what one of the company's people sees and writes, and whether they are a chief. None where it stood so.

    Raises NotFound, NotAllowed; Invalid: `sees` unknown; `is_chief` own (one's own right is not one's to give up).
    """
    with verb():
        member, _ = _of_mine(member_id, by)
        problems = _sees(standing)
        if member.person_id == by.person_id and not standing.is_chief:
            problems.append(Problem("is_chief", "own"))
        if problems:
            raise Invalid(*problems)
        wanted = {"sees": standing.sees, "writes": standing.writes, "is_chief": standing.is_chief}
        changed = {name: [getattr(member, name), to] for name, to in wanted.items() if getattr(member, name) != to}
        if not changed:
            return None
        for name, to in wanted.items():
            setattr(member, name, to)
        member.save(update_fields=sorted(changed))
        return record(
            Verb.RIGHTS_CHANGED, by=by, person_id=member.person_id, company_id=member.company_id, details=changed, at=at
        )


def switch_off(member_id: int, *, by: Actor, at: datetime | None = None) -> bool:
    """They work for the company no longer: their sessions end, what they wrote stays. Whoever belongs to no other
    company may not sign in any more. False if it stood so. Raises NotFound, NotAllowed; Invalid: `person` own."""
    now = at or clock.now()
    with verb():
        member, person = _of_mine(member_id, by)
        if member.person_id == by.person_id:
            raise Invalid(Problem("person", "own"))
        if member.inactive_at is not None:
            return False
        member.inactive_at = now
        member.save(update_fields=["inactive_at"])
        sessions.end_all(person)
        elsewhere = Membership.objects.filter(person=person, inactive_at=None, company__inactive_at=None)
        if person.is_active and not elsewhere.exists():
            deactivate(person, at=now)
        record(Verb.SWITCHED_OFF, by=by, person_id=person.pk, company_id=member.company_id, at=now)
    return True


def switch_on(member_id: int, *, by: Actor, at: datetime | None = None) -> bool:
    """They work for the company again, with their old password. False if it stood so.

    Raises NotFound, NotAllowed; Invalid: `person` closed_by_desk (the desk itself switched this person off).
    """
    with verb():
        member, person = _of_mine(member_id, by)
        if member.inactive_at is None:
            return False
        if not person.is_active:
            # a chief's switching off leaves the same moment on both
            if not Membership.objects.filter(person=person, inactive_at=person.inactive_at).exists():
                raise Invalid(Problem("person", "closed_by_desk"))
            reactivate(person)
        member.inactive_at = None
        member.save(update_fields=["inactive_at"])
        record(Verb.SWITCHED_ON, by=by, person_id=person.pk, company_id=member.company_id, at=at)
    return True


def record_handover(company_id: int, *, by: Actor, from_id: int, to_id: int, batch: UUID) -> AccountEvent:
    """Write down that a colleague's requests go to another; which ones the events of `batch` tell."""
    return record(
        Verb.HANDED_OVER, by=by, person_id=from_id, to_id=to_id, company_id=company_id, details={"batch": str(batch)}
    )


def tell_of_handover(company_id: int, *, by: Actor, from_id: int, to_id: int, count: int) -> None:
    """One letter about all requests that went over in one press to the successor, and one to whom they were taken from
    and who still works there; none to who wants no letters, none to the chief who did it."""
    people = Person.objects.in_bulk([by.person, from_id, to_id])
    works_there = Membership.objects.filter(company_id=company_id, person_id=from_id, inactive_at=None)
    context: dict[str, object] = {
        "by": people[by.person].name, "leaver": people[from_id].name, "to": people[to_id].name, "count": count,
        "url": f"{settings.PUBLIC_URL}/portal/mine/",
    }  # fmt: skip
    _write_to(people[to_id], "handed_over", context)
    if from_id != by.person_id and people[from_id].is_active and works_there.exists():
        _write_to(people[from_id], "handed_away", context)


def _write_to(person: Person, kind: LetterKind, context: dict[str, object]) -> None:
    address = queries.primary_address(person)
    if address and person.letters != "none":
        bus.publish(LetterWanted(person.pk, address, kind, context))


def as_chief(company_id: int, by: Actor) -> tuple[Company, Membership]:
    """The company and the chief's own place in it, both locked. Raises NotAllowed (also where there is none such)."""
    company = Company.objects.select_for_update(no_key=True).filter(pk=company_id, inactive_at=None).first()
    own = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .filter(company_id=company_id, person_id=by.person_id or 0, inactive_at=None, is_chief=True)
        .filter(person__inactive_at=None, person__kind=Person.Kind.CLIENT)
        .first()
    )
    if company is None or own is None:
        raise NotAllowed("manage_people")
    return company, own


def _of_mine(member_id: int, by: Actor) -> tuple[Membership, Person]:
    """One of the people of a company whose chief this is. Raises NotFound, also where it is another company's."""
    company_id = Membership.objects.filter(pk=member_id).values_list("company_id", flat=True).first()
    company, _ = _mine(company_id, by)
    member = Membership.objects.select_for_update().filter(pk=member_id, company=company).first()
    if member is None:
        raise NotFound
    person = Person.objects.filter(pk=member.person_id, kind=Person.Kind.CLIENT).first()
    if person is None:  # a contact, who has no sign-in, or an agent
        raise NotFound
    return member, person


def _open_invitation(invitation_id: int, by: Actor) -> Invitation:
    company_id = Invitation.objects.filter(pk=invitation_id).values_list("company_id", flat=True).first()
    company, _ = _mine(company_id, by)
    rows = Invitation.objects.select_for_update().filter(pk=invitation_id, company=company, over_at=None)
    asked = rows.first()
    if asked is None:
        raise NotFound
    asked.company = company
    return asked


def _mine(company_id: int | None, by: Actor) -> tuple[Company, Membership]:
    """As `as_chief`, but what belongs to another company looks absent to a chief; who is none is refused."""
    try:
        return as_chief(company_id or 0, by)
    except NotAllowed:
        if queries.chief_of(by.person_id or 0):
            raise NotFound from None
        raise


def _wrong(lines: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the details of somebody invited."""
    problems = problems_of(lines, {name: most for name, most in _WIDTHS.items() if name != "address"})
    if not lines["address"]:
        problems.append(Problem("address", "required"))
    elif not queries.is_address(lines["address"]):
        problems.append(Problem("address", "format"))
    return problems


def _sees(standing: Standing) -> list[Problem]:
    return [] if standing.sees in Membership.Sees.values else [Problem("sees", "unknown")]


def _taken(company: Company, address: str) -> list[Problem]:
    """Whether the address is one of the company's people's, or invited already: the chief knows both."""
    canonical = canonical_address(address)
    people = Membership.objects.filter(company=company, person__kind=Person.Kind.CLIENT).select_related("person")
    member = people.filter(person__addresses__canonical=canonical).first()
    if member is not None:
        code = "member" if member.inactive_at is None else "member_off"
        return [Problem("address", code, {"name": member.person.name})]
    if Invitation.objects.filter(company=company, canonical=canonical, over_at=None).exists():
        return [Problem("address", "invited")]
    return []


def _letters_today(company: Company, now: datetime) -> int:
    rows = AccountEvent.objects.filter(company=company, at__gt=now - timedelta(days=1))
    return rows.filter(verb__in=[Verb.INVITED, Verb.INVITED_AGAIN]).count()
