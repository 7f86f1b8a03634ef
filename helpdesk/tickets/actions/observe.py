from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Participant, TicketEvent


def add_observer(ticket_id: int, *, by: Actor, person_id: int, at: datetime | None = None) -> TicketEvent | None:
    """Let a colleague of the request's company see it and get its answers. None where they see to it already: as an
    observer or as its author.

    Raises NotFound, NotAllowed; Invalid: `observer` unknown_person, for whoever has no place in this company (another
    company's people look like nobody).
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        ticket = act.ticket
        policies.require(policies.may_set_observers(act.access, ticket), "set_observers")
        if not policies.may_be_observer(access_of(Actor(person_id)), ticket):
            raise Invalid(Problem("observer", "unknown_person"))
        if person_id == ticket.author_id or ticket.participants.filter(person_id=person_id).exists():
            return None
        Participant.objects.create(ticket=ticket, person_id=person_id, role=Participant.Role.OBSERVER)
        return act.finish(act.event("observer_added", field="observer", old=None, new=person_id))


def remove_observer(ticket_id: int, *, by: Actor, person_id: int, at: datetime | None = None) -> TicketEvent | None:
    """Somebody observes no longer; everybody may take themselves out. None where they did not. Raises NotFound,
    NotAllowed."""
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        if person_id != by.person_id:
            policies.require(policies.may_set_observers(act.access, act.ticket), "set_observers")
        if not act.ticket.participants.filter(person_id=person_id, role=Participant.Role.OBSERVER).delete()[0]:
            return None
        return act.finish(act.event("observer_removed", field="observer", old=person_id, new=None))
