"""Where a letter belongs: which queue it came for, which request it answers, and whose it is. Writes nothing.

A From can be forged by anybody, so it never proves anything alone; what each proof is good for stands in ADR 0003.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.accounts.models import Person
from helpdesk.accounts.names import sort_key
from helpdesk.core.actor import Actor
from helpdesk.mail import addresses, threads
from helpdesk.mail.addresses import Tag
from helpdesk.mail.parse import Letter
from helpdesk.tickets import policies, rows
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Ticket

UNKNOWN = "unknown@unknown.invalid"  # RFC 2606: who wrote a letter without a readable sender
_NUMBER = re.compile(
    r"\[#(?P<own>[0-9]{4,50})\]|№[\s]{0,3}(?P<sign>[0-9][0-9\s]{2,60}[0-9])|Ticket\s?#\s?(?P<otrs>[0-9]{4,50})",
    re.IGNORECASE,
)
_NUMBERS = 5
_OWN_TAG = re.compile(r"\[#[0-9]{4,50}\]\s*")


@dataclass(frozen=True, slots=True)
class Match:
    """The request that a letter answers, and who may have written it. `proved`: by a token of this very person."""

    ticket: Ticket
    person: Person
    proved: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """No request; `reason` tells if the letter named one that its sender has no part in."""

    reason: str = ""


def sender_of(letter: Letter) -> tuple[str, str]:
    """Name and address of who wrote; UNKNOWN where no field has a usable address."""
    boxes = [letter.from_, letter.sender, *letter.reply_to]
    usable = next((box for box in boxes if box is not None and "@" in box.address), None)
    name = letter.from_.name if letter.from_ else ""
    if usable is None:
        return name or (letter.from_.address if letter.from_ else ""), UNKNOWN
    return usable.name or name, usable.address[:320]


def recipients(letter: Letter, mailbox: str) -> Iterator[str]:
    """All addresses that may say where the letter was meant to go, the envelope's first."""
    yield from (one for one in (mailbox, *letter.delivered_to) if one)
    yield from (box.address for box in [*letter.to[:100], *letter.cc[:100]])


def answered(letter: Letter, mailbox: str, people: Sequence[Person]) -> Match | Miss:
    """Which request a letter of one of these people answers: by token, by an id of ours, by an id of the thread, by
    number.

    Whatever names the request, the sender must have a part in it: to see the company's requests is one only with a
    token or an id that we gave out, since a number and an address can be guessed. An agent needs the token of their
    own letter.
    """
    tags = [tag for one in recipients(letter, mailbox) if (tag := addresses.tag_of(one))]
    for tag in tags:
        owner = addresses.owner_of(tag, [person.pk for person in people])
        ticket = rows.living(tag.number) if owner is not None else None
        if ticket is not None:
            return Match(ticket, next(person for person in people if person.pk == owner), proved=True)
    named = ""
    for ticket, ours in _named(letter, tags):
        for person in people:
            if takes_part(person, ticket, holds_our_letter=ours):
                return Match(ticket, person, proved=False)
        named = named or ticket.number
    return Miss(f"not_a_participant: the letter names request {named}" if named else "")


def _named(letter: Letter, tags: Sequence[Tag]) -> Iterator[tuple[Ticket, bool]]:
    """The requests that a letter names, the strongest sign first, each once; and whether the sign was given out by us,
    so that the sender holds a letter of ours."""
    seen: set[int] = set()
    for ticket, ours in _signs(letter, tags):
        if ticket is not None and ticket.pk not in seen:
            seen.add(ticket.pk)
            yield ticket, ours


def _signs(letter: Letter, tags: Sequence[Tag]) -> Iterator[tuple[Ticket | None, bool]]:
    for tag in tags:
        ticket = rows.living(tag.number)
        if ticket is not None and addresses.owner_of(tag, threads.written_to(ticket)) is not None:
            yield ticket, True
    ids = threads.mentioned(letter.in_reply_to, letter.references)
    for given_out in (True, False):
        for known in threads.known(ids, given_out=given_out) if ids else []:
            yield rows.living_by_id(known.ticket_id) if known.ticket_id else None, given_out
    for number in dict.fromkeys([*(tag.number for tag in tags), *numbers_in(letter.subject)]):
        yield rows.living(number), False


def numbers_in(subject: str) -> list[str]:
    """The request numbers in a subject: «[#100001]», «№ 100 001», «Ticket#2026…»."""
    found = ("".join((m["own"] or m["sign"] or m["otrs"]).split()) for m in _NUMBER.finditer(subject[:1000]))
    return list(dict.fromkeys(found))[:_NUMBERS]


def without_number(subject: str) -> str:
    """A subject without our own tag, for a letter that did not belong where the tag says."""
    return _OWN_TAG.sub("", subject)


def takes_part(person: Person, ticket: Ticket, *, holds_our_letter: bool) -> bool:
    """Whether a request is of this person's side, so that their letter may answer it."""
    return policies.is_of_its_side(
        access_of(Actor(person.pk)), ticket, takes_part=rows.observes(ticket, person.pk),
        has_written=rows.has_written(ticket, person.pk), holds_our_letter=holds_our_letter,
    )  # fmt: skip


def known_sender(name: str, people: Sequence[Person]) -> Person | None:
    """The one person of an address; where several share it, the client named as the letter is signed.

    Nobody, rather than a guess: a request must not come under another company's eyes.
    """
    if len(people) == 1:
        return people[0]
    same = [one for one in people if one.kind == Person.Kind.CLIENT and name and sort_key(name) == one.sort_key]
    return same[0] if len(same) == 1 else None
