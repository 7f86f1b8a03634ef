from dataclasses import dataclass
from datetime import datetime

from helpdesk.accounts.models import Membership, Person
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Participant, Phase, Ticket, TicketEvent

_PERSONAL = {Participant.Role.OBSERVER, Participant.Role.COPY}


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who will no longer see a request whose client changes: its author (None: they see it still), observers."""

    author: str | None
    observers: tuple[str, ...]


def leaving(ticket: Ticket, *, person_id: int, company_id: int | None) -> Leaving:
    """What `change_client` would take from people; changes nothing."""
    author = ticket.author
    after = Ticket(company_id=company_id, author_id=person_id, phase=Phase.OPEN)
    sees = author.pk == person_id or policies.may_read(access_of(Actor(author.pk)), after)
    gone = _observers(ticket) if company_id != ticket.company_id else []
    return Leaving(None if sees else author.name, tuple(one.person.name for one in gone if one.person_id != person_id))


def change_client(
    ticket_id: int, *, by: Actor, person_id: int, company_id: int | None, seen: int | None = None,
    at: datetime | None = None,
) -> TicketEvent | None:  # fmt: skip
    """Make it the request of another client, of one of their companies (None for whoever belongs to none). What was
    written keeps its writers; observers of the former company leave. None if nothing changes.

    Raises NotFound, NotAllowed, Conflict; Invalid: `client` unknown_person, `company` not_a_member.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        ticket = act.ticket
        policies.require(policies.may_change_client(act.access, ticket), "change_client")
        old = {"author": ticket.author_id, "company": ticket.company_id}
        new = {"author": person_id, "company": company_id}
        if old == new:
            return None
        client = Person.objects.filter(pk=person_id, inactive_at=None).exclude(kind=Person.Kind.AGENT).first()
        if client is None:
            raise Invalid(Problem("client", "unknown_person"))
        if not _belongs(client, company_id):
            raise Invalid(Problem("company", "not_a_member"))
        base.refuse_stale(act, seen, fields=["client", "author"])
        _take_leave(act, person_id, company_id)
        act.set(author=client, company_id=company_id, language=client.language)
        return act.finish(act.event("client_set", field="client", old=old, new=new))


def _belongs(client: Person, company_id: int | None) -> bool:
    """Whether a request of this client may be of this company; of none, for whoever has none."""
    own = Membership.objects.filter(person=client, inactive_at=None, company__inactive_at=None)
    return own.filter(company_id=company_id).exists() if company_id is not None else not own.exists()


def _take_leave(act: base.Act, person_id: int, company_id: int | None) -> None:
    """The observers of another company leave, each with a line; the new author need not observe."""
    for one in _observers(act.ticket):
        if company_id != act.ticket.company_id or one.person_id == person_id:
            one.delete()
            if one.role == Participant.Role.OBSERVER:
                act.event("observer_removed", field="observer", old=one.person_id, new=None)


def _observers(ticket: Ticket) -> list[Participant]:
    return list(ticket.participants.filter(role__in=_PERSONAL).select_related("person").order_by("pk"))


def require_possible(by: Actor, ticket: Ticket) -> None:
    """Raise NotAllowed for whoever may not: before they look for the client."""
    if not policies.may_change_client(access_of(by), ticket):
        raise NotAllowed("change_client")
